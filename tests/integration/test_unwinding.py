"""Unwinding: what a case did is taken back in reverse order, each once, as the book says; the rest is a person's."""

from __future__ import annotations

import asyncio

import pytest

from api.demo.stories import small_amendment
from api.unwinding import Begun, Defect, open_unwinding, preview
from checkpoints.outbox import RESENDS
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import BadInput, Conflict, Forbidden
from graphs.services import Services
from graphs.time_machine import fork
from graphs.time_machine.record import read_record
from graphs.time_machine.replaying import replay
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, bodies, decide, open_story, pending
from tests.fakes.people import (
    ADVISOR,
    CHIEF,
    CLERK,
    COMPLIANCE,
    SECOND_COMPLIANCE,
    SECOND_UNDERWRITER,
    SENIOR,
    UNDERWRITER,
)
from tests.fakes.unwound import (
    DEFECT,
    REVERSE,
    REVOKED,
    booked,
    effects,
    order_of_receipts,
    referral,
    refunded,
    sign,
    three_refunds,
    unwinding,
    unwound,
)


async def test_booked_loan_is_cancelled_once_and_what_stays_is_a_persons_with_the_facts(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await booked(services, clock)
    case_id = await unwound(services, of)
    assert bank.counts()["calls"]["POST /loans/{id}/cancel"] == bank.counts()["loans_cancelled"] == 1
    assert await effects(services, case_id) == {"cancel_offer": "confirmed", "decision_notice": "confirmed"}
    assert await effects(services, of) == {
        "book_offer": "compensated", "decision_notice": "confirmed", "register_entry": "confirmed"
    }  # fmt: skip
    handed = await referral(services, case_id)
    assert (handed["kind"], handed["owners"]) == ("cannot_be_undone", ["servicing", "chief_credit"])
    assert [line.split(":")[0].split(" ")[0] for line in handed["missing"]] == ["register", "decision"]
    assert (await services.ledger.verify(of)).verified
    replays = [await replay(await read_record(services, each)) for each in (of, case_id)]
    assert [each.divergence for each in replays] == [None, None]


async def test_plan_names_effects_in_reverse_order_and_is_bound_to_receipts_and_amounts(
    services: Services, clock: SetClock
) -> None:
    of = await booked(services, clock)
    shown = await preview(services, CLERK, of)
    assert [(each.effect, each.fate) for each in shown.steps] == [
        ("register_entry", "stays"), ("decision_notice", "stays"), ("book_offer", "undo")
    ]  # fmt: skip
    case_id = await unwinding(services, of)
    await sign(services, case_id, SECOND_UNDERWRITER, SENIOR)
    (action,) = (await pending(services, case_id)).actions
    assert action.args == {
        "undoes": shown.steps[2].key,
        "receipt": "LN-000001",
        "attempt": 1,
        "principal_cents": 328_000_00,
    }


async def test_refund_is_reversed_and_the_customer_told_and_nothing_is_left_but_the_letter(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    case_id = await unwinding(services, of, REVOKED)
    await sign(services, case_id, CHIEF)
    assert (
        bank.counts()["amendments_reversed"] == bank.counts()["calls"]["POST /amendments/{id}/reverse"] == 1
    )
    (notice,) = await services.database.rows("select * from countersign.notices where case_id = %s", case_id)
    assert (notice["notice"], notice["due_on"].isoformat()) == ("reversal", "2026-04-01")
    (line,) = (await referral(services, case_id))["missing"]
    assert line.startswith("decision notice")
    replays = [await replay(await read_record(services, each)) for each in (of, case_id)]
    assert [each.divergence for each in replays] == [None, None]


async def test_terminated_loan_is_told_as_adverse_action_with_the_books_reason(
    services: Services, clock: SetClock
) -> None:
    case_id = await unwound(services, await booked(services, clock))
    (notice,) = await services.database.rows("select * from countersign.notices where case_id = %s", case_id)
    assert notice["notice"] == "adverse_action"
    assert "Unable to verify the information in a document" in notice["body"]["principal_reasons"][0]


async def test_money_that_is_out_stays_and_goes_to_a_person_without_a_call(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await booked(services, clock)
    bank.disburse("LN-000001")
    case_id = await unwinding(services, of)
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert "shows as disbursed: money may be out" in (await referral(services, case_id))["missing"][-1]
    assert "POST /loans/{id}/cancel" not in bank.counts()["calls"]


async def test_money_that_went_out_while_people_decided_is_refused_and_handed_over(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await booked(services, clock)
    case_id = await unwinding(services, of)
    await sign(services, case_id, SECOND_UNDERWRITER, SENIOR)
    bank.disburse("LN-000001")
    await sign(services, case_id, SECOND_UNDERWRITER, CHIEF)
    handed = await referral(services, case_id)
    assert handed["kind"] == "effect_not_confirmed"
    assert "cancel_offer is refused" in handed["missing"][0]
    assert any(line.startswith("book offer LN-000001, USD 328,000.00") for line in handed["missing"])
    assert await services.database.rows("select 1 from countersign.notices where case_id = %s", case_id) == []


async def test_nobody_who_made_or_decided_the_case_or_reported_the_defect_countersigns(
    services: Services, clock: SetClock
) -> None:
    of = await booked(services, clock)
    case_id = await unwinding(services, of, who=SECOND_UNDERWRITER)
    for person in (UNDERWRITER, SECOND_UNDERWRITER):
        with pytest.raises(Forbidden):
            await decide(services, person, await pending(services, case_id))


async def test_rejected_plan_keeps_everything(services: Services, bank: RunningBank, clock: SetClock) -> None:
    of = await booked(services, clock)
    case_id = await unwinding(services, of)
    await decide(services, SENIOR, await pending(services, case_id), Verb.REJECT)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "kept"
    assert (await effects(services, of))["book_offer"] == "confirmed"
    assert bank.counts()["loans_cancelled"] == 0


async def test_loan_whose_cancelling_is_rejected_by_itself_goes_to_a_person(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await unwinding(services, await booked(services, clock))
    await sign(services, case_id, SECOND_UNDERWRITER, SENIOR)
    await decide(services, SENIOR, await pending(services, case_id), Verb.REJECT)
    await advance(services, case_id)
    assert (await referral(services, case_id))["missing"][
        0
    ] == "book offer LN-000001: taking it back was not countersigned: rejected"
    assert bank.counts()["loans_cancelled"] == 0


async def test_sanctions_hit_is_for_compliance_to_report_and_to_countersign_and_tells_nobody(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of, hit = await booked(services, clock), Defect("sanctions_hit", "List of 2 March, entry 99001.")
    with pytest.raises(Forbidden, match="compliance"):
        await open_unwinding(services, CLERK, of, hit, "key")
    case_id = await unwinding(services, of, hit, who=COMPLIANCE)
    request = await pending(services, case_id)
    assert (request.candidate_groups, request.quorum) == (("compliance", "chief_compliance"), 2)
    with pytest.raises(Forbidden, match="maker"):
        await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    assert not [each for each in request.actions if each.name == "decision_notice"]


async def test_defect_reported_again_while_it_is_unwound_adds_to_the_same_case(
    services: Services, clock: SetClock
) -> None:
    of = await booked(services, clock)
    case_id = await unwinding(services, of)
    again = await open_unwinding(services, COMPLIANCE, of, REVOKED, "other")
    assert (again.case.id, len(await bodies(services, case_id, "defect_reported"))) == (case_id, 1)


async def test_what_was_unwound_is_not_unwound_again_and_the_same_key_is_the_same_case(
    services: Services, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    case_id = await unwinding(services, of)
    await sign(services, case_id, CHIEF)
    assert (await open_unwinding(services, CLERK, of, DEFECT, "found")).case.id == case_id
    second = await unwinding(services, of, key="second")
    assert (await services.cases.get(second)).status is CaseStatus.REFERRED
    assert await services.outbox.of_case(second) == []


async def test_what_nobody_knows_to_have_happened_is_not_taken_back_but_found_out_by_a_person(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    case_id = await unwinding(services, of)
    step = next(each for each in await services.unwound.steps(of) if each.by)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.effects set status = 'unknown' where key = %s", (step.key,)
        )
    await sign(services, case_id, CHIEF)
    assert "what it takes back is unknown" in (await referral(services, case_id))["missing"][0]
    second = await unwinding(services, of, key="second")
    told = (await pending(services, second)).packet.exceptions
    assert any("nobody knows whether it happened" in line for line in told)
    assert bank.counts()["amendments_reversed"] == 0


async def test_three_refunds_are_taken_back_the_last_one_first_and_the_customer_told_after_it(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await unwinding(services, await three_refunds(services, clock))
    await sign(services, case_id, CHIEF)
    taken = [f"AM-00000{n} reversed" for n in (3, 2, 1)]
    assert await order_of_receipts(services, case_id) == [*taken, f"{case_id}/adverse_action"]
    assert bank.counts()["amendments_reversed"] == 3


async def test_compensation_that_the_bank_refuses_stops_the_rest_and_a_person_has_all_of_it(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await unwinding(services, await three_refunds(services, clock))
    await decide(services, CHIEF, await pending(services, case_id))
    bank.break_next(REVERSE, "commit_then_timeout", seconds=5.5)  # done, and found when it is read back
    bank.break_next(REVERSE, "refuse")
    await advance(services, case_id)
    assert await order_of_receipts(services, case_id) == ["AM-000003 reversed"]
    handed = await referral(services, case_id)
    assert handed["kind"] == "effect_not_confirmed"
    named = [
        receipt for receipt in ("AM-000003", "AM-000002", "AM-000001") if receipt in str(handed["missing"])
    ]
    assert (named, bank.counts()["calls"][REVERSE]) == (["AM-000002", "AM-000001"], 2)


async def test_what_if_copy_of_an_unwinding_asks_nobody_and_tells_the_unwound_case_nothing(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    case_id = await unwinding(services, of)
    copy = await fork(services, CLERK, case_id, 2, {"effects_unknown": 1})
    await advance(services, copy.id)
    (asked,) = await services.desk.of_case(copy.id)
    assert (asked.status, await services.cases.unwound_by(of)) == ("simulated", (case_id,))
    assert len(await bodies(services, of, "unwinding_started")) == 1


async def test_compensation_that_nobody_can_tell_of_is_not_sent_for_ever_and_goes_to_a_person(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await unwinding(services, await three_refunds(services, clock))
    await decide(services, CHIEF, await pending(services, case_id))
    bank.break_next(REVERSE, "error_500", times=9)
    await advance(services, case_id)
    assert bank.counts()["calls"][REVERSE] == 1 + RESENDS
    assert "reverse_amendment is unknown" in (await referral(services, case_id))["missing"][0]


async def test_two_who_find_a_defect_at_once_open_one_unwinding(services: Services, clock: SetClock) -> None:
    of = await three_refunds(services, clock)
    both = (open_unwinding(services, who, of, DEFECT, "k") for who in (CLERK, COMPLIANCE))
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert len(await services.cases.unwound_by(of)) == 1
    assert {type(each) for each in ends} <= {Begun, Conflict}


async def test_case_that_did_nothing_and_a_key_of_another_case_unwind_nothing(
    services: Services, clock: SetClock
) -> None:
    idle = await open_story(services, small_amendment(clock.now().date()), "idle")
    with pytest.raises(Conflict, match="did nothing outside itself"):
        await open_unwinding(services, CLERK, idle, DEFECT, "k")
    await unwinding(services, await three_refunds(services, clock), key="k")
    with pytest.raises(Conflict, match="was used for case"):
        await open_unwinding(services, CLERK, idle, DEFECT, "k")
    assert (await services.cases.get(idle)).status is CaseStatus.OPEN


async def test_names_of_the_customer_stay_out_of_what_the_reporter_wrote(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    name = small_amendment(clock.now().date()).application["borrowers"][0]["name"]
    case_id = await unwinding(services, of, Defect("wrong_document", f"{name} says the form is not theirs."))
    assert name.split()[-1] not in (await pending(services, case_id)).packet.account


async def test_only_known_defects_are_reported_by_those_whom_the_book_names_with_what_shows_them(
    services: Services, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    with pytest.raises(BadInput, match="knows no defect"):
        await open_unwinding(services, CLERK, of, Defect("bad_mood", "none"), "k")
    with pytest.raises(Forbidden):
        await open_unwinding(services, ADVISOR, of, DEFECT, "k")
    with pytest.raises(BadInput, match="shows"):
        await open_unwinding(services, CLERK, of, Defect("wrong_document", "  "), "k")
    case_id = await unwinding(services, of)
    with pytest.raises(Conflict, match="unwinding itself"):
        await open_unwinding(services, CLERK, case_id, DEFECT, "k")
