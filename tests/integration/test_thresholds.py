"""Sums and counts across cases and time: per customer, employee and counterparty, never passed together."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb

from api.demo.stories import small_amendment
from checkpoints.halts import halt
from checkpoints.lease import take
from checkpoints.outbox import RESENDS
from domain.approval import ApprovalRequest
from domain.bounds import EffectMandate
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Forbidden, Refused
from domain.person import Person
from graphs.mandates import for_effects
from graphs.services import Services
from graphs.worker import book_of
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import counted, of_customer, perform, refund, threshold
from tests.fakes.casework import advance, asking, bodies, decide, kinds, opened, pending
from tests.fakes.people import ADVISOR, CHIEF, CLERK

AMENDMENTS = "POST /amendments"
SECOND_CHIEF = Person("chief-2", groups=frozenset({"chief_credit", "senior"}))


@pytest.mark.parametrize("seed", range(5))
async def test_sixteen_cases_at_once_never_pass_one_limit_together(
    services: Services, clock: SetClock, seed: int
) -> None:
    drawn = random.Random(seed)
    row = threshold(at_most=drawn.randrange(50_00, 300_00), breach=drawn.choice(["hold", "refuse"]))
    amounts = [drawn.randrange(1_00, 90_00) for _ in range(16)]
    asked = [await refund(services, clock, f"case-{n}", cents) for n, cents in enumerate(amounts)]
    ended = await asyncio.gather(*(perform(services, clock, each, row) for each in asked))
    done = sum(cents for cents, each in zip(amounts, ended, strict=True) if each.status == "confirmed")
    smallest_left_out = min(
        (cents for cents, each in zip(amounts, ended, strict=True) if each.status != "confirmed"), default=0
    )
    assert 0 < done <= row.at_most
    assert await counted(services) == done
    assert smallest_left_out == 0 or done + smallest_left_out > row.at_most


@pytest.mark.parametrize(
    ("scope", "customer", "stopped"),
    [
        ("customer", None, True),
        ("customer", 2, False),
        ("counterparty", 2, True),
        ("employee", 2, True),
    ],
)
async def test_each_subject_has_a_sum_of_its_own(
    services: Services, clock: SetClock, scope: str, customer: int | None, stopped: bool
) -> None:
    row = threshold(scope=scope)
    assert (
        await perform(services, clock, await refund(services, clock, "a", 80_00), row)
    ).status == "confirmed"
    second = await perform(services, clock, await refund(services, clock, "b", 40_00, customer), row)
    assert second.status == ("held" if stopped else "confirmed")


async def test_what_lies_before_the_window_counts_no_more(services: Services, clock: SetClock) -> None:
    row = threshold(within_days=30)
    await perform(services, clock, await refund(services, clock, "a", 80_00), row)
    clock.forward(timedelta(days=30))
    assert (
        await perform(services, clock, await refund(services, clock, "b", 80_00), row)
    ).status == "confirmed"


async def test_one_action_by_itself_is_refused_beyond_its_own_limit(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    row = threshold(id="T9", within_days=None, at_most=50_00, breach="refuse")
    refused = await perform(services, clock, await refund(services, clock, "a", 50_01), row)
    assert (refused.status, bank.counts()["amendments_applied"]) == ("refused", 0)
    assert "T9: customer" in refused.reason
    assert "USD 50.01 at once, and USD 50.00 are allowed" in refused.reason


async def test_actions_are_counted_where_the_row_counts_actions(services: Services, clock: SetClock) -> None:
    row = threshold(measure="actions", at_most=2)
    ended = [await perform(services, clock, await refund(services, clock, key, 1), row) for key in "abc"]
    assert [each.status for each in ended] == ["confirmed", "confirmed", "held"]
    assert ended[2].measures == {"T1": 3}


async def test_effect_that_the_other_system_refuses_is_counted_no_more(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    bank.break_next(AMENDMENTS, "refuse")
    ended = await perform(services, clock, await refund(services, clock, "a", 80_00), threshold())
    assert (ended.status, await counted(services)) == ("refused", 0)


async def test_effect_that_may_have_happened_stays_counted(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    bank.break_next(AMENDMENTS, "error_500", times=1 + RESENDS)
    ended = await perform(services, clock, await refund(services, clock, "a", 80_00), threshold())
    assert (ended.status, await counted(services)) == ("unknown", 80_00)


async def test_effect_that_was_written_down_and_then_halted_is_counted_no_more(
    services: Services, clock: SetClock
) -> None:
    asked = await refund(services, clock, "a", 80_00)
    await perform(services, clock, asked, threshold())
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.effects set status = 'intended'")
        await halt(connection, "effect:amend_loan", "sre-1", "drill", clock)
    with pytest.raises(Refused, match="halted"):
        await perform(services, clock, asked, threshold())
    assert await counted(services) == 0


async def test_row_that_can_be_counted_for_nobody_refuses(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 1_00)
    async with services.database.transaction() as connection:
        await connection.execute("delete from countersign.blind_index")
    ended = await perform(services, clock, asked, threshold())
    assert (ended.status, "nobody is known" in ended.reason) == ("refused", True)


async def test_effect_that_does_not_say_what_it_moves_is_refused(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 1_00, amount_cents="a little")
    ended = await perform(services, clock, asked, threshold())
    assert (ended.status, "amount_cents" in ended.reason) == ("refused", True)


async def test_effect_that_does_not_say_what_it_moves_is_refused_though_nobody_looks_at_its_shape(
    services: Services, clock: SetClock
) -> None:
    asked = await refund(services, clock, "a", 1_00, amount_cents="a little")
    with pytest.raises(Refused, match="does not say in amount_cents"):
        await perform(services, clock, asked, threshold(), output=("tone",))


async def test_guardrail_that_is_not_there_refuses(services: Services, clock: SetClock) -> None:
    case_id, claim = await refund(services, clock, "a", 1_00)
    lease = await take(services.database, case_id, "test", clock)
    mandate = EffectMandate(claim.policy_version, ("beyond_reason",), output=("order_schema",))
    with pytest.raises(Refused, match="beyond_reason"):
        await services.outbox.perform(lease, "s", claim.actions[0], claim, mandate)


async def held_case(services: Services, clock: SetClock) -> tuple[Services, str, ApprovalRequest]:
    """A whole case whose refund a clerk approved and a row holds, and the request to release it."""
    strict = under_book(services, "loan_amendment", thresholds=(threshold(at_most=150_00),))
    story = asking(small_amendment(clock.now().date()), amount_cents=120_00)
    first = await opened(strict, story, "first")
    await decide(strict, CLERK, await pending(strict, first))
    await advance(strict, first)
    second = await opened(strict, story, "second")
    await decide(strict, CLERK, await pending(strict, second))
    await advance(strict, second)
    return strict, second, await pending(strict, second)


async def test_held_effect_waits_for_a_person_with_its_sums_and_happens_when_released(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict, case_id, request = await held_case(services, clock)
    assert (await strict.cases.get(case_id)).status is CaseStatus.WAITING_PERSON
    assert "would come to USD 240.00 in 30 days, and USD 150.00 are allowed" in request.packet.exceptions[0]
    assert (request.candidate_groups, bank.counts()["amendments_applied"]) == (("chief_credit",), 1)
    await decide(strict, CHIEF, request)
    await advance(strict, case_id)
    assert (await strict.cases.get(case_id)).status is CaseStatus.CLOSED
    assert bank.counts()["amendments_applied"] == 2
    authorities = [each["authority"] for each in await bodies(strict, case_id, "effect_intended")]
    assert authorities[0].endswith(f" released:{request.id}")


async def test_who_decided_what_is_held_does_not_release_it(services: Services, clock: SetClock) -> None:
    strict, _, request = await held_case(services, clock)
    both = Person(CLERK.id, groups=frozenset({"chief_credit"}))
    with pytest.raises(Forbidden):
        await decide(strict, both, request)
    assert {CLERK.id, ADVISOR.id} <= set(request.involved)


async def test_case_whose_release_was_put_in_another_name_stands_still_and_nothing_is_released(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict, case_id, request = await held_case(services, clock)
    await decide(strict, CHIEF, request)
    async with strict.database.transaction() as connection:
        await connection.execute(
            "update countersign.approval_decisions set decision = jsonb_set(decision, '{person}', %s)"
            " where approval_id = %s",
            (Jsonb(CLERK.id), request.id),
        )
    (offer,) = [each for each in await strict.desk.of_case(case_id) if each.boundary == "offer"]
    (held,) = await strict.outbox.of_case(case_id)
    lease, book = await take(strict.database, case_id, "test", clock), await book_of(case_id)
    mandate = for_effects(book, book.rules, (request.id,))
    with pytest.raises(Refused, match="does not release it"):
        await strict.outbox.perform(lease, held["step"], offer.actions[0], offer.id, mandate)
    await advance(strict, case_id)
    assert f"case:{case_id}" in {each["target"] for each in await strict.halts.all()}
    assert bank.counts()["amendments_applied"] == 1


async def test_release_of_one_order_releases_no_other(services: Services, clock: SetClock) -> None:
    strict, case_id, request = await held_case(services, clock)
    await decide(strict, CHIEF, request)
    (offer,) = [each for each in await strict.desk.of_case(case_id) if each.boundary == "offer"]
    lease = await take(strict.database, case_id, "test", clock)
    book = await book_of(case_id)
    mandate = for_effects(book, book.rules, (request.id,))
    with pytest.raises(Refused, match="exactly this effect"):
        await strict.outbox.perform(lease, "another step", offer.actions[0], offer.id, mandate)


async def test_release_covers_no_more_than_the_person_saw(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict, case_id, request = await held_case(services, clock)
    await decide(strict, CHIEF, request)
    other = await refund(strict, clock, "other", 10_00)
    assert (await perform(strict, clock, other, threshold(at_most=10**9))).status == "confirmed"
    await advance(strict, case_id)
    again = await pending(strict, case_id)
    assert (again.id != request.id, again.actions[0].args["T1"]) == (True, 250_00)
    assert bank.counts()["amendments_applied"] == 2
    await decide(strict, SECOND_CHIEF, again)
    await advance(strict, case_id)
    assert bank.counts()["amendments_applied"] == 3


async def test_held_effect_that_nobody_releases_refers_the_case(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict, case_id, request = await held_case(services, clock)
    await decide(strict, CHIEF, request, Verb.REJECT)
    await advance(strict, case_id)
    (referred,) = await bodies(strict, case_id, "case_referred")
    assert "USD 240.00" in referred["missing"][0]
    assert (referred["referral"], bank.counts()["amendments_applied"]) == ("effect_not_confirmed", 1)


async def test_every_verdict_over_an_effect_stands_in_the_ledger(services: Services, clock: SetClock) -> None:
    strict, case_id, request = await held_case(services, clock)
    await decide(strict, CHIEF, request)
    await advance(strict, case_id)
    ruled = [
        each for each in await bodies(strict, case_id, "guardrail_ruled") if each["stage"] == "execution"
    ]
    over = [(each["ruling"], each["rule"]) for each in ruled if each["guardrail"] == "beyond_threshold"]
    assert over == [("hold", "T1"), ("pass", "BT0"), ("pass", "BT0")]
    assert "effect_held" in await kinds(strict, case_id)


async def test_shipped_book_holds_refunds_of_one_customer_beyond_its_year(
    services: Services, clock: SetClock
) -> None:
    story = asking(small_amendment(clock.now().date()), amount_cents=300_00)
    for key in ("first", "second"):
        case_id = await opened(services, of_customer(story, 7), key)
        await decide(services, CLERK, await pending(services, case_id))
        await advance(services, case_id)
    request = await pending(services, case_id)
    assert set(request.packet.policy_rows) == {"T-refund-customer", "T-refund-account"}
