"""What compliance says, and what follows: only a rejection confirms a match; silence and questions confirm nothing."""

from __future__ import annotations

from datetime import timedelta

from api.assembly import DEMO_LIST
from api.demo.stories import self_employed
from checkpoints.escalation import Escalation
from domain.approval import ApprovalStatus
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services
from tests.fakes.casework import advance, asking, bodies, decide, kinds, opened, pending
from tests.fakes.onboarding import LISTED_NAME, NOT_THE_LISTED, alone
from tests.fakes.people import COMPLIANCE, SECOND_COMPLIANCE
from tools.screening.ofac_list import SanctionsList


async def held(services: Services, clock: SetClock) -> str:
    """A loan whose applicant is like a listed person; compliance is asked."""
    story = self_employed(clock.now().date())
    borrower = {**story.application["borrowers"][0], "name": "Anatoly VARENIKOV DEMO"}
    return await opened(services, asking(story, borrowers=[borrower]))


async def test_a_returned_match_is_asked_again_and_nothing_is_declined(
    services: Services, clock: SetClock
) -> None:
    case_id = await held(services, clock)
    first = await pending(services, case_id)
    await decide(services, COMPLIANCE, first, Verb.RETURN)
    await advance(services, case_id)
    again = await pending(services, case_id)
    assert (again.boundary, again.id != first.id) == ("compliance", True)
    assert "decision_reached" not in await kinds(services, case_id)


async def test_screening_stands_on_record_with_the_version_of_the_list_that_it_read(
    services: Services, clock: SetClock
) -> None:
    case_id = await held(services, clock)
    lists = {body["tool"]: body["lists"] for body in await bodies(services, case_id, "tool_called")}
    assert lists["screen_party"] == [SanctionsList.load(DEMO_LIST).version]
    assert (len(lists["party_reputation"]), lists["travel_document"]) == (2, [])


async def test_a_match_that_nobody_decides_goes_to_a_person_and_is_not_declined(
    services: Services, clock: SetClock
) -> None:
    case_id = await held(services, clock)
    request = await pending(services, case_id)
    escalation = Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents)
    for _ in range(2):
        clock.forward(timedelta(days=30))
        async with services.database.transaction() as connection:
            await escalation.sweep(connection)
    assert (await services.desk.get(request.id)).status is ApprovalStatus.EXPIRED
    await advance(services, case_id)
    case = await services.cases.get(case_id)
    assert (case.status, case.outcome) == (CaseStatus.REFERRED, "referred")
    assert "decision_reached" not in await kinds(services, case_id)


async def test_risk_that_was_rated_on_a_match_is_rated_again_when_compliance_clears_it(
    services: Services, clock: SetClock
) -> None:
    story = alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED)
    case_id = await opened(services, story)
    for officer in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(services, officer, await pending(services, case_id))
    await advance(services, case_id)
    figures = {each.label: each.value for each in (await pending(services, case_id)).packet.figures}
    assert (figures["sanctions status"], figures["kyc risk"], figures["due diligence"]) == (
        "clear",
        "low",
        "cdd",
    )
    (reopened,) = await bodies(services, case_id, "facts_reopened")
    assert reopened["cause"] == "fact changed sanctions_status"
    worked = [each["specialist"] for each in await bodies(services, case_id, "finding_returned")]
    assert (worked.count("risk_rater"), worked.count("sanctions_screener")) == (2, 1)
