"""A company behind two layers of owners, from file to boundary; a cleared match does not come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.approval import ApprovalStatus
from domain.clock import SetClock
from domain.errors import Forbidden
from graphs.services import Services
from tests.fakes.casework import advance, decide, kinds, opened, pending
from tests.fakes.onboarding import LISTED_NAME, NOT_THE_LISTED, alone, company
from tests.fakes.people import COMPLIANCE, KYC_ANALYST, SECOND_COMPLIANCE


async def cleared_company(services: Services, clock: SetClock) -> str:
    """The company's case with its match cleared by two officers."""
    case_id = await opened(services, company(clock.now().date()))
    request = await pending(services, case_id)
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, case_id)
    return case_id


async def test_potential_match_of_an_owner_is_held_until_two_different_officers_clear_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, company(clock.now().date()))
    request = await pending(services, case_id)
    assert (request.boundary, request.quorum) == ("compliance", 2)
    assert any(
        "owner:h5, in the ownership of entity:1, is like entry 9900002" in x
        for x in request.packet.exceptions
    )
    assert (await decide(services, COMPLIANCE, request)).status is ApprovalStatus.PENDING
    with pytest.raises(Forbidden):
        await decide(services, COMPLIANCE, request)
    assert (await decide(services, SECOND_COMPLIANCE, request)).status is ApprovalStatus.APPROVED


async def test_owners_behind_two_layers_are_identified_and_screened_before_anybody_decides(
    services: Services, clock: SetClock
) -> None:
    case_id = await cleared_company(services, clock)
    request = await pending(services, case_id)
    assert request.boundary == "offer"
    figures = {line.label: line.value for line in request.packet.figures}
    assert (figures["ownership resolved"], figures["identity verified"]) == ("yes", "yes")
    assert (figures["sanctions status"], figures["blocked ownership"]) == ("clear", "clear")
    assert any("owner:h5" in line and "cleared before" in line for line in request.packet.exceptions)
    found = [
        entry.body["reference"]
        for entry in await services.ledger.entries(case_id)
        if entry.kind == "party_found"
    ]
    assert sorted(found) == ["owner:h1", "owner:h5"]


async def test_layers_without_a_model_leave_their_purpose_to_a_person_who_then_decides(
    services: Services, clock: SetClock
) -> None:
    case_id = await cleared_company(services, clock)
    request = await pending(services, case_id)
    assert any("lawful business purpose" in line for line in request.packet.missing)
    await decide(services, KYC_ANALYST, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (await services.ledger.verify(case_id)).verified


async def test_cleared_person_is_not_held_in_a_later_case_and_the_clearance_is_shown(
    services: Services, clock: SetClock
) -> None:
    first = await cleared_company(services, clock)
    assert "matches_cleared" in await kinds(services, first)
    story = alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED)
    request = await pending(services, await opened(services, story, "second"))
    assert request.boundary == "offer"
    assert any(f"cleared before by {first}.compliance.1" in line for line in request.packet.exceptions)


@pytest.mark.parametrize(("days", "boundary"), [(365, "offer"), (366, "compliance")])
async def test_clearance_counts_for_the_books_days_and_then_compliance_is_asked_again(
    services: Services, clock: SetClock, days: int, boundary: str
) -> None:
    first = await cleared_company(services, clock)
    clock.forward(timedelta(days=days))
    story = alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED)
    request = await pending(services, await opened(services, story, "later"))
    until = "until 2027-03-02"
    assert request.boundary == boundary
    assert any(f"{first}.compliance.1" in line and until in line for line in request.packet.exceptions)


async def test_match_that_is_cleared_again_after_its_time_counts_anew_and_both_decisions_are_kept(
    services: Services, clock: SetClock
) -> None:
    first = await cleared_company(services, clock)
    clock.forward(timedelta(days=366))
    again = await opened(services, alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED), "again")
    for officer in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(services, officer, await pending(services, again))
    await advance(services, again)
    clock.forward(timedelta(days=365))
    third = await opened(services, alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED), "third")
    assert any(f"{again}.compliance.1" in line for line in (await pending(services, third)).packet.exceptions)
    kept = await services.database.rows("select approval_id from countersign.clearances order by cleared_at")
    assert [each["approval_id"] for each in kept] == [f"{first}.compliance.1", f"{again}.compliance.1"]


async def test_another_person_of_the_same_name_is_held(services: Services, clock: SetClock) -> None:
    await cleared_company(services, clock)
    story = alone(clock.now().date(), LISTED_NAME, "1976-08-09")
    assert (await pending(services, await opened(services, story, "other"))).boundary == "compliance"


async def test_no_name_of_the_owners_stands_outside_the_vault(services: Services, clock: SetClock) -> None:
    case_id = await cleared_company(services, clock)
    rows = await services.database.rows(
        "select body::text as text from source.records where case_id = %s", case_id
    )
    shown = " ".join(row["text"] for row in rows).upper()
    assert not [name for name in ("THORNBURY", "VARENIKOV", "QUARRY LLC") if name in shown]
