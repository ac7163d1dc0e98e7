"""Governed home loans, from application to closed case, by playbook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.demo.stories import over_committed, routine, self_employed
from domain.approval import ApprovalStatus
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Forbidden, NotFound
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import (
    advance,
    asking,
    bodies,
    confirmed,
    decide,
    deliver,
    kinds,
    only,
    opened,
    pending,
    without,
)
from tests.fakes.people import (
    ADVISOR,
    COMPLIANCE,
    SECOND_COMPLIANCE,
    SECOND_UNDERWRITER,
    SENIOR,
    UNDERWRITER,
)
from tools.repayment_factors import PARAGRAPHS


async def notice(services: Services, case_id: str) -> dict[str, Any]:
    done = await services.outbox.of_case(case_id)
    return next(each for each in done if each["effect"] == "decision_notice")


async def test_routine_loan_is_countersigned_and_booked_once(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    await advance(services, case_id)
    case = await services.cases.get(case_id)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "approved")
    assert bank.counts()["loans_booked"] == 1
    assert (await services.ledger.verify(case_id)).verified


async def test_packet_shows_the_eight_factors_of_repayment_with_their_evidence(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    lines = {each.label: each for each in (await pending(services, case_id)).packet.figures}
    factors = [lines[f"atr {name.replace('_', ' ')}"] for name in PARAGRAPHS]
    assert {each.value.partition(":")[0] for each in factors} == {"verified", "computed"}
    assert all("12 CFR 1026.43(c)(2)" in each.value and each.source for each in factors)
    assert lines["atr documented"].value == "yes"


async def test_existing_customer_with_fresh_kyc_gets_no_kyc_work_but_a_look_at_activity(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    opening = await bodies(services, case_id, "assignment_opened")
    assert {each["worker"] for each in opening} == {"kyc", "credit", "mortgage"}
    kyc = [each["specialists"] for each in opening if each["worker"] == "kyc"]
    assert kyc == [["filing_preparer"]]


async def test_self_employed_loan_needs_two_different_approvers(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, self_employed(clock.now().date()))
    request = await pending(services, case_id)
    assert request.quorum == 2
    assert any("letter" in line.lower() for line in request.packet.missing)
    assert (await decide(services, UNDERWRITER, request)).status is ApprovalStatus.PENDING
    with pytest.raises(Forbidden):
        await decide(services, UNDERWRITER, request)
    await decide(services, SECOND_UNDERWRITER, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_decline_is_countersigned_and_tells_the_reason_really_used(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    effect = await notice(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "declined"
    assert effect["read_back"]["body"]["principal_reasons"] == ["Excessive obligations in relation to income"]
    assert bank.counts()["loans_booked"] == 0


async def test_decline_is_overridden_at_higher_authority_only(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    request = await pending(services, case_id)
    with pytest.raises(Forbidden):
        await decide(services, UNDERWRITER, request, Verb.OVERRIDE, "compensating_assets")
    await decide(services, SENIOR, request, Verb.OVERRIDE, "compensating_assets")
    await deliver(services, case_id, confirmed(clock, "mortgage_insurance"), "insurer-1")
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_rejected_offer_is_declined_for_the_approvers_reason(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id), Verb.REJECT, "collateral")
    await advance(services, case_id)
    effect = await notice(services, case_id)
    assert effect["read_back"]["body"]["principal_reasons"] == ["Value or type of collateral not sufficient"]


async def test_maker_cannot_check_own_case(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    two_hats = type(ADVISOR)(ADVISOR.id, groups=frozenset({"underwriters"}))
    with pytest.raises(Forbidden, match="maker"):
        await decide(services, two_hats, request)
    assert "attempt_refused" in await kinds(services, case_id)


async def test_missing_appraisal_is_awaited_for_weeks_and_the_case_goes_on_when_it_comes(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, without(story, "valuation"))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    clock.forward(timedelta(weeks=3))
    assert await deliver(services, case_id, only(story, "valuation"), "appraisal-7")
    assert not await deliver(services, case_id, only(story, "valuation"), "appraisal-7")
    await advance(services, case_id)
    assert (await pending(services, case_id)).boundary == "offer"


async def test_appraisal_that_never_comes_refers_the_loan_to_a_person(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "valuation"))
    clock.forward(timedelta(days=31))
    async with services.database.transaction() as connection:
        assert await services.timers.fire(connection, clock.now()) == [case_id]
    await advance(services, case_id)
    request = await pending(services, case_id)
    assert "not known: cltv_bps" in request.packet.missing


async def test_potential_sanctions_match_stops_credit_and_pricing_until_compliance_clears_it(
    services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    borrower = {**story.application["borrowers"][0], "name": "Anatoly VARENIKOV DEMO"}
    case_id = await opened(services, asking(story, borrowers=[borrower]))
    request = await pending(services, case_id)
    opened_workers = [
        e.body["worker"] for e in await services.ledger.entries(case_id) if e.kind == "assignment_opened"
    ]
    assert (request.boundary, opened_workers) == ("compliance", ["kyc"])
    with pytest.raises(NotFound):
        await decide(services, UNDERWRITER, request)
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, case_id)
    assert (await pending(services, case_id)).boundary == "offer"


async def test_confirmed_sanctions_match_ends_in_a_countersigned_exit(
    services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    borrower = {**story.application["borrowers"][0], "name": "Anatoly VARENIKOV DEMO"}
    case_id = await opened(services, asking(story, borrowers=[borrower]))
    await decide(services, COMPLIANCE, await pending(services, case_id), Verb.REJECT)
    await advance(services, case_id)
    request = await pending(services, case_id)
    assert "unable to enter this relationship" in request.packet.asked


async def test_same_file_under_two_application_dates_has_two_outcomes(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    records = tuple({**r, "score": 610} if r["kind"] == "bureau_file" else r for r in story.records)
    low_score = type(story)(story.name, story.told, story.application, records)
    before = await opened(services, asking(low_score, application_date="2025-11-15"), "before")
    after = await opened(services, asking(low_score, application_date="2025-11-16"), "after")
    outcomes = [
        next(e.body["outcome"] for e in await services.ledger.entries(case) if e.kind == "decision_reached")
        for case in (before, after)
    ]
    assert outcomes == ["decline", "refer"]
