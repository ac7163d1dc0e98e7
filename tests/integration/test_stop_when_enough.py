"""The supervisor stops when nothing that is still unknown could change the outcome, and says what it rests on."""

from __future__ import annotations

from dataclasses import replace

from api.demo.stories import Story, routine
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services
from tests.fakes.casework import (
    advance,
    bodies,
    decide,
    deliver,
    kinds,
    only,
    opened,
    pending,
    without,
)
from tests.fakes.people import SENIOR, UNDERWRITER


def bankrupt(story: Story) -> Story:
    """The same loan of somebody whose credit file shows a bankruptcy."""
    records = tuple(
        each | {"bankruptcies_7y": 1} if each["kind"] == "bureau_file" else each for each in story.records
    )
    return replace(story, records=records)


async def test_appraisal_is_not_awaited_when_the_loan_is_declined_whatever_it_says(
    services: Services, clock: SetClock
) -> None:
    story = bankrupt(without(routine(clock.now().date()), "valuation"))
    case_id = await opened(services, story)
    request = await pending(services, case_id)
    assert "Policy declines: Bankruptcy" in request.packet.asked
    assert "event_awaited" not in await kinds(services, case_id)
    worked = {each["specialist"] for each in await bodies(services, case_id, "finding_returned")}
    assert "pricing_analyst" not in worked
    await decide(services, UNDERWRITER, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "declined"
    entry = next(e for e in await services.outbox.of_case(case_id) if e["effect"] == "register_entry")
    written = entry["read_back"]["entry"]
    assert (written["denial_1"], written["property_value"]) == ("3", "NA")


async def test_decision_that_is_sent_back_is_found_out_in_full_and_may_be_overridden_then(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, bankrupt(without(story, "valuation")))
    early = await pending(services, case_id)
    assert early.on_override == ()
    await decide(services, UNDERWRITER, early, Verb.RETURN)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    await deliver(services, case_id, only(story, "valuation"), "appraisal-1")
    await advance(services, case_id)
    full = await pending(services, case_id)
    assert [each.name for each in full.on_override] != []
    await decide(services, SENIOR, full, Verb.OVERRIDE, "compensating_assets")
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_appraisal_is_awaited_while_the_loan_may_still_be_approved(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "valuation"))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
