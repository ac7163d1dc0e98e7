"""What an unwinding leaves on record: cases that were stopped, refused or unwound twice verify and reconcile."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from api.demo.stories import Story, routine
from api.unwinding import Defect, open_unwinding
from checkpoints.lease import take
from checkpoints.outbox import Outbox
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Forbidden, StaleWriter
from domain.person import Person
from graphs.reconciling import reconcile_all
from graphs.services import Services, using
from graphs.time_machine.record import read_record
from graphs.time_machine.replaying import replay
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import threshold
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.people import CHIEF, CLERK, COMPLIANCE, SECOND_COMPLIANCE, SECOND_UNDERWRITER, SENIOR
from tests.fakes.unwound import (
    REVERSE,
    REVOKED,
    Meanwhile,
    booked,
    effects,
    order_of_receipts,
    referral,
    refunded,
    sign,
    taken_back_at_the_second_attempt,
    three_refunds,
    unwinding,
)
from tests.integration.test_conditions import approved, in_flood_zone
from tests.integration.test_proofs import SRE
from tests.integration.test_thresholds import SECOND_CHIEF
from tests.integration.test_unwinding_orders import rows

__all__ = ["in_flood_zone"]  # a fixture

HIT = Defect("sanctions_hit", "List of 2 March, entry 99001.")
CHIEF_COMPLIANCE = Person("chief-compliance-1", groups=frozenset({"chief_compliance"}))


async def test_open_case_is_stopped_and_its_runner_does_nothing_more(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await three_refunds(services, clock, ended=False)
    lease = await take(services.database, of, "runner", clock)
    case_id = await unwinding(services, of)
    case = await services.cases.get(of)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "stopped")
    with pytest.raises(StaleWriter):
        async with services.database.transaction(lease):
            pass
    await sign(services, case_id, CHIEF)
    assert bank.counts()["amendments_reversed"] == 3


async def test_what_waits_at_the_desk_of_a_stopped_case_is_withdrawn(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock, ended=False)
    asked = await pending(services, await opened(services, routine(clock.now().date())))
    moved = asked.model_copy(update={"id": "theirs.offer.1", "case_id": of})
    async with services.database.transaction() as connection:
        await services.desk.open(connection, moved)
    await unwinding(services, of)
    assert (await services.desk.get(moved.id)).status == "expired"


async def test_refund_that_was_taken_back_at_the_second_attempt_leaves_every_store_explained(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    first, second = await taken_back_at_the_second_attempt(services, bank, of)
    assert [(await effects(services, each))["reverse_amendment"] for each in (first, second)] == [
        "refused", "confirmed"
    ]  # fmt: skip
    assert (await reconcile_all(services)).found == ()
    replays = [await replay(await read_record(services, each)) for each in (of, first, second)]
    assert [each.divergence for each in replays] == [None, None, None]


async def test_case_that_waited_for_a_condition_is_stopped_and_every_store_says_so(
    services: Services, bank: RunningBank, clock: SetClock, in_flood_zone: Story
) -> None:
    of = await approved(services, in_flood_zone)
    case_id = await unwinding(services, of)
    await advance(services, of)
    assert (await services.cases.get(of)).outcome == "stopped"
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert bank.counts()["loans_booked"] == 0
    assert (await reconcile_all(services)).found == ()
    assert (await replay(await read_record(services, of))).divergence is None


async def test_what_was_under_way_when_a_case_was_stopped_is_unknown_and_what_was_not_sent_is_not_sent(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock, ended=False)
    for cents, status in ((3000, "sending"), (2000, "intended")):
        await rows(services, "update countersign.effects set status = %s"
                   " where action -> 'args' ->> 'amount_cents' = %s", status, str(cents))  # fmt: skip
    case_id = await unwinding(services, of)
    (plan,) = await bodies(services, case_id, "unwinding_planned")
    told = [(each["fate"], each["receipt"]) for each in plan["steps"]]
    assert told == [
        ("stays", f"{of}/amendment_confirmation"),
        ("unknown", "AM-000003"),
        ("undo", "AM-000001"),
    ]
    kept = {row["receipt"]: row["status"] for row in await services.outbox.of_case(of)}
    assert (kept["AM-000003"], kept["AM-000002"]) == ("unknown", "refused")
    assert len(await bodies(services, of, "effect_left_unknown")) == 1


async def test_report_that_was_cut_off_before_it_stopped_the_case_is_made_good_by_the_plan(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock, ended=False)
    case_id = await unwinding(services, of, advanced=False)
    await rows(services, "update countersign.cases set status = 'open', outcome = null, closed_at = null"
               " where id = %s", of)  # fmt: skip
    await advance(services, case_id)
    assert (await services.cases.get(of)).outcome == "stopped"


async def test_nothing_is_taken_back_on_the_word_of_a_record_that_was_changed(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    await rows(services, "update countersign.effects set action = jsonb_set(action, '{args,amount_cents}', '1')"
               " where case_id = %s and effect = 'amend_loan'", of)  # fmt: skip
    case_id = await unwinding(services, of)
    handed = await referral(services, case_id)
    assert len(handed["missing"]) == 2
    assert all("the record of the case was changed (effect/" in line for line in handed["missing"])
    assert bank.counts()["amendments_reversed"] == 0


@pytest.mark.parametrize("target", ["everything", "kind:unwinding", "case:{}"])
async def test_halted_unwinding_stands_still_and_takes_each_back_once_when_another_person_resumes_it(
    services: Services, bank: RunningBank, clock: SetClock, target: str
) -> None:
    case_id = await unwinding(services, await three_refunds(services, clock))
    await services.halts.halt(SRE, target.format(case_id), "the list is checked again")
    await sign(services, case_id, CHIEF)
    assert bank.counts()["amendments_reversed"] == 0
    with pytest.raises(Forbidden):
        await services.halts.resume(SRE, target.format(case_id), "go on")
    await services.halts.resume(CHIEF, target.format(case_id), "it stands")
    await advance(services, case_id)
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 3


async def test_halted_compensation_takes_nothing_back_and_is_the_first_attempt_again_when_it_is_resumed(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    first = await unwinding(services, of)
    await services.halts.halt(SRE, "effect:reverse_amendment", "the bank asked for it")
    await sign(services, first, CHIEF)
    assert "reverse_amendment is halted" in (await referral(services, first))["missing"][0]
    await services.halts.resume(CHIEF, "effect:reverse_amendment", "the bank is ready")
    second = await unwinding(services, of, key="second")
    assert (await pending(services, second)).actions[0].args["attempt"] == 1
    await sign(services, second, CHIEF)
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 1


async def test_sanctions_hit_that_is_reported_meanwhile_voids_what_was_signed_for_a_lesser_defect(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    first = await unwinding(services, of, REVOKED)
    await open_unwinding(services, COMPLIANCE, of, HIT, "hit")
    await sign(services, first, CHIEF)
    assert "on a sanctions list" in (await referral(services, first))["missing"][0]
    assert bank.counts()["amendments_reversed"] == 0
    assert (await replay(await read_record(services, first))).divergence is None
    anew = await unwinding(services, of, HIT, who=COMPLIANCE, key="anew")
    assert (await pending(services, anew)).candidate_groups == ("compliance", "chief_compliance")
    await open_unwinding(services, CLERK, of, REVOKED, "lesser")
    await sign(services, anew, SECOND_COMPLIANCE, CHIEF_COMPLIANCE)
    assert bank.counts()["amendments_reversed"] == 1
    assert (await reconcile_all(services)).found == ()


async def test_loan_whose_own_signature_was_overtaken_is_not_cancelled(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await booked(services, clock)
    case_id = await unwinding(services, of)
    await sign(services, case_id, SECOND_UNDERWRITER, SENIOR)
    await open_unwinding(services, COMPLIANCE, of, HIT, "hit")
    await sign(services, case_id, SECOND_UNDERWRITER, CHIEF)
    assert "on a sanctions list" in (await referral(services, case_id))["missing"][0]
    assert bank.counts()["loans_cancelled"] == 0


@pytest.mark.parametrize(("after", "killed"), [(1, True), (3, False), (4, False)])
async def test_sanctions_hit_that_is_reported_after_the_last_signature_stops_what_is_not_done_yet(
    services: Services, bank: RunningBank, clock: SetClock, after: int, killed: bool
) -> None:
    async def reported() -> None:
        await open_unwinding(services, COMPLIANCE, of, HIT, "hit")
        if killed:
            await take(services.database, first, "another runner", clock)

    of = await three_refunds(services, clock)
    first = await unwinding(services, of)
    with using(replace(services, outbox=cast("Outbox", Meanwhile(services.outbox, after, reported)))):
        await sign(services, first, CHIEF)
    await advance(services, first)
    receipts = [*(f"AM-00000{n} reversed" for n in (3, 2, 1)), f"{first}/adverse_action"]
    assert await order_of_receipts(services, first) == receipts[:after]
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == min(after, 3)
    missing = (await referral(services, first))["missing"]
    assert missing[0].startswith("it was reported meanwhile that a party of the case is on a sanctions list")
    assert [n for n in (3, 2, 1) if f"AM-00000{n}" in str(missing[1:])] == [3, 2, 1][after:]
    assert (await replay(await read_record(services, first))).divergence is None
    if after == 1:
        anew = await unwinding(services, of, HIT, who=COMPLIANCE, key="anew")
        await sign(services, anew, SECOND_COMPLIANCE, CHIEF_COMPLIANCE)
        assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 3
    assert {each.case for each in (await reconcile_all(services)).found} <= {of}  # which no graph ended


async def test_sanctions_hit_that_was_reported_before_a_lesser_plan_was_rejected_goes_to_a_person(
    services: Services, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    first = await unwinding(services, of, REVOKED)
    await open_unwinding(services, COMPLIANCE, of, HIT, "hit")
    await decide(services, CHIEF, await pending(services, first), Verb.REJECT)
    await advance(services, first)
    assert "on a sanctions list" in (await referral(services, first))["missing"][0]
    assert (await replay(await read_record(services, first))).divergence is None


def wave_of_two(services: Services) -> Services:
    """A book under which a third thing that one person has taken back in a day is looked at by another."""
    row = threshold(
        scope="employee", effects=("reverse_amendment",), measure="actions", within_days=1, at_most=2
    )
    return under_book(services, "unwinding", thresholds=(row,))


async def test_wave_of_compensations_is_held_and_goes_on_when_somebody_else_released_it(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    here = wave_of_two(services)
    case_id = await unwinding(here, await three_refunds(here, clock), REVOKED)
    await sign(here, case_id, CHIEF)
    assert bank.counts()["amendments_reversed"] == 2
    with pytest.raises(Forbidden):
        await decide(here, CHIEF, await pending(here, case_id))
    await sign(here, case_id, SECOND_CHIEF)
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 3


async def test_compensation_that_nobody_released_is_asked_for_anew_and_stays_held_on_record(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    here = wave_of_two(services)
    of = await three_refunds(here, clock)
    first = await unwinding(here, of, REVOKED)
    await sign(here, first, CHIEF)
    await decide(here, SECOND_CHIEF, await pending(here, first), Verb.REJECT)
    await advance(here, first)
    second = await unwinding(here, of, REVOKED, key="second")
    assert (await pending(here, second)).actions[0].args["attempt"] == 2
    await sign(here, second, CHIEF)
    await sign(here, second, SECOND_CHIEF)
    assert bank.counts()["calls"][REVERSE] == bank.counts()["amendments_reversed"] == 3
    assert (await here.proofs.of_case(first)).flaws == ()
