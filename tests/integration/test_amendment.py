"""Small amendments on standing authority, and what happens when the other system misbehaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.stories import routine, small_amendment
from checkpoints.standing import Grant, Use
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Forbidden, NotFound
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, asking, decide, kinds, opened, pending
from tests.fakes.people import CLERK, UNDERWRITER

AMENDMENTS = "POST /amendments"
LOANS = "POST /loans"


async def test_small_refund_runs_on_standing_authority(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, small_amendment(clock.now().date()))
    (use,) = await services.standing.of_case(case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (use["amount_cents"], bank.counts()["amendments_applied"]) == (3500, 1)
    assert "approval_opened" not in await kinds(services, case_id)


async def test_refund_above_the_standing_amount_goes_to_a_person(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, asking(small_amendment(clock.now().date()), amount_cents=10_001))
    request = await pending(services, case_id)
    assert request.candidate_groups == ("servicing",)
    await decide(services, CLERK, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_standing_authority_ends_at_its_daily_cap(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    today = clock.now().date()
    async with services.database.transaction() as connection:
        await connection.execute(
            "insert into countersign.standing_uses values ('x', %s, %s, 'x', 'x', 499000, false)",
            ("loan_amendment/offer/fee_refund", today),
        )
    first = await opened(services, asking(small_amendment(today), amount_cents=1_000), "first")
    second = await opened(services, asking(small_amendment(today), amount_cents=1_000), "second")
    assert (await services.cases.get(first)).outcome == "approved"
    assert (await services.cases.get(second)).status is CaseStatus.WAITING_PERSON
    assert bank.counts()["amendments_applied"] == 1


async def test_amendment_that_commits_and_times_out_is_found_by_reading_back_and_not_sent_twice(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    bank.break_next(AMENDMENTS, "commit_then_timeout")
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert bank.counts()["amendments_applied"] == 1


async def test_amendment_whose_outcome_stays_unknown_goes_to_a_person(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    bank.break_next(AMENDMENTS, "error_500")
    case_id = await opened(services, small_amendment(clock.now().date()))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert "effect_left_unknown" in await kinds(services, case_id)
    assert bank.counts()["amendments_applied"] == 0


async def test_refused_amendment_refers_the_case_with_the_reason(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    bank.break_next(AMENDMENTS, "refuse")
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert "effect_refused" in await kinds(services, case_id)


@pytest.mark.parametrize("mode", ["commit_then_timeout", "error_500"])
async def test_booking_is_sent_again_under_its_key_and_stands_once(
    services: Services, clock: SetClock, bank: RunningBank, mode: str
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    bank.break_next(LOANS, mode)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert bank.counts()["loans_booked"] == 1


async def test_late_payer_is_referred_and_only_servicing_decides(services: Services, clock: SetClock) -> None:
    story = small_amendment(clock.now().date())
    late = type(story)(
        story.name, story.told, story.application, ({**story.records[0], "delinquencies_24m": 2},)
    )
    case_id = await opened(services, late)
    request = await pending(services, case_id)
    with pytest.raises((Forbidden, NotFound)):
        await decide(services, type(CLERK)("other", groups=frozenset({"auditors"})), request)
    await decide(services, CLERK, request, Verb.RETURN)
    await advance(services, case_id)
    assert (await pending(services, case_id)).id != request.id


async def test_a_sample_of_what_ran_on_standing_authority_waits_for_review(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    all_of_them = Grant("offer", daily_uses=9, daily_cents=0, sample_bps=10_000)
    async with services.database.transaction() as connection:
        for name, grant in {"seen": all_of_them, "unseen": replace(all_of_them, sample_bps=0)}.items():
            await services.standing.use(connection, grant, Use(name, name, "digest", 0), today)
    assert [use["case_id"] for use in await services.standing.to_review()] == ["seen"]
