"""Screening or the review of activity is down: people of compliance do it by hand, and no other loan waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.stories import routine, self_employed
from domain.approval import ApprovalRequest
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services, install
from tests.fakes.bank import RunningBank
from tests.fakes.breakage import out_of_service, stranger, with_broken_tool
from tests.fakes.casework import advance, bodies, decide, kinds, opened, pending
from tests.fakes.people import (
    CLERK,
    COMPLIANCE,
    SECOND_COMPLIANCE,
    SECOND_UNDERWRITER,
    UNDERWRITER,
)

NEW = "home_loan, new customer"


async def both(services: Services, case_id: str, *people: object, verb: Verb = Verb.APPROVE) -> None:
    """Each of these people decides what waits, and the case goes on."""
    for person in people:
        await decide(services, person, await pending(services, case_id), verb)  # type: ignore[arg-type]
    await advance(services, case_id)


async def asked_of_compliance(services: Services, case_id: str) -> ApprovalRequest:
    request = await pending(services, case_id)
    assert (request.boundary, request.candidate_groups, request.quorum) == ("compliance", ("compliance",), 2)
    return request


@pytest.mark.parametrize("way", ["error", "garbage"])
async def test_loan_goes_through_manual_review_to_its_booking_while_screening_is_down(
    services: Services, clock: SetClock, bank: RunningBank, way: str
) -> None:
    broken = with_broken_tool(services, NEW, "screen_party", way)
    case_id = await opened(broken, self_employed(clock.now().date()))
    packet = (await asked_of_compliance(broken, case_id)).packet
    assert packet.asked.startswith("Screening failed: approve when you yourselves compared every party")
    assert any(
        "sanctions screener failed: nobody knows sanctions status" in each for each in packet.exceptions
    )
    assert "decision_reached" not in await kinds(broken, case_id)
    await both(broken, case_id, COMPLIANCE, SECOND_COMPLIANCE)
    offer = await pending(broken, case_id)
    assert (offer.boundary, offer.packet.degraded) == ("offer", True)
    assert "Enhanced review of the degraded finding" in offer.packet.asked
    (screened,) = [each for each in offer.packet.figures if each.label == "sanctions status"]
    assert (screened.value, screened.source) == ("clear", f"{case_id}.compliance.1")
    await both(broken, case_id, UNDERWRITER, SECOND_UNDERWRITER)
    assert bank.counts()["loans_booked"] == 1


async def test_no_other_loan_waits_for_screening(services: Services, clock: SetClock) -> None:
    broken = with_broken_tool(services, NEW, "screen_party", "error")
    await opened(broken, self_employed(clock.now().date()), "new")
    known = await opened(broken, routine(clock.now().date()), "known")
    assert (await bodies(broken, known, "decision_reached"))[0]["outcome"] == "approve"


async def test_screening_that_compliance_sends_back_is_tried_again(
    services: Services, clock: SetClock
) -> None:
    broken = with_broken_tool(services, NEW, "screen_party", "error")
    case_id = await opened(broken, self_employed(clock.now().date()))
    await decide(broken, COMPLIANCE, await asked_of_compliance(broken, case_id), Verb.RETURN)
    mended = replace(broken, crew=services.crew)
    install(mended)
    await advance(mended, case_id)
    offer = await pending(mended, case_id)
    (screened,) = [each for each in offer.packet.figures if each.label == "sanctions status"]
    assert (offer.boundary, screened.value) == ("offer", "clear")
    assert not screened.source.startswith(case_id)


async def test_party_whom_compliance_finds_by_hand_is_declined_by_nobody_else(
    services: Services, clock: SetClock
) -> None:
    broken = with_broken_tool(services, NEW, "screen_party", "error")
    case_id = await opened(broken, self_employed(clock.now().date()))
    await both(broken, case_id, COMPLIANCE, verb=Verb.REJECT)
    assert (await bodies(broken, case_id, "decision_reached"))[-1]["outcome"] == "decline"


async def test_clerk_is_not_asked_about_a_customer_whom_nobody_screened(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    broken = with_broken_tool(services, "loan_amendment", "screen_party", "error")
    case_id = await opened(broken, stranger(clock.now().date()))
    await asked_of_compliance(broken, case_id)
    assert await broken.desk.inbox(CLERK) == []
    await both(broken, case_id, COMPLIANCE, SECOND_COMPLIANCE)
    assert (await pending(broken, case_id)).boundary == "offer"
    assert bank.counts()["amendments_applied"] == 0


async def test_review_of_activity_that_is_down_is_done_by_compliance(
    services: Services, clock: SetClock
) -> None:
    await out_of_service(services, "filing_preparer")
    case_id = await opened(services, self_employed(clock.now().date()))
    packet = (await asked_of_compliance(services, case_id)).packet
    assert packet.asked.startswith("The review of activity failed")
    assert any("filing preparer broke off" in each for each in packet.missing)
    await both(services, case_id, COMPLIANCE, SECOND_COMPLIANCE)
    offer = await pending(services, case_id)
    assert offer.boundary == "offer"
    assert "activity" not in " ".join(offer.packet.missing)


async def test_manual_review_that_nobody_does_ends_with_a_person_and_clears_nobody(
    services: Services, clock: SetClock
) -> None:
    broken = with_broken_tool(services, NEW, "screen_party", "error")
    case_id = await opened(broken, self_employed(clock.now().date()))
    request = await asked_of_compliance(broken, case_id)
    async with broken.database.transaction() as connection:
        await broken.desk.withdraw(connection, request, "nobody came")
    await advance(broken, case_id)
    (referred,) = await bodies(broken, case_id, "case_referred")
    assert (await broken.cases.get(case_id)).status is CaseStatus.REFERRED
    assert (
        "chief_credit" in referred["owners"]
    )  # nobody rated the customer: the higher authority knows at once


async def test_loan_whose_rate_nobody_knows_is_not_offered(services: Services, clock: SetClock) -> None:
    await out_of_service(services, "pricing_analyst")
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    assert request.actions == ()
    assert "an offer cannot be made without: note rate" in request.packet.missing
