"""Adverse action after a consumer report: the notice says whose, which score and why; unsaid, none is proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.demo.stories import Story, over_committed, routine, self_employed
from domain.approval import Action, ApprovalRequest
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services
from tests.fakes.casework import advance, asking, decide, deliver, only, opened, pending
from tests.fakes.people import COMPLIANCE, SENIOR, UNDERWRITER

PARTICULARS = ("agency", "score_from", "score_to", "key_factors", "inquiries_factor")


def reported(story: Story, **changes: Any) -> Story:
    """The story with another consumer report; a change to ``None`` leaves the field out."""
    report = {**only(story, "bureau_file"), **changes}
    report = {name: value for name, value in report.items() if value is not None}
    return replace(story, records=(*(r for r in story.records if r["kind"] != "bureau_file"), report))


async def notice_of(services: Services, case_id: str) -> dict[str, Any]:
    (effect,) = [e for e in await services.outbox.of_case(case_id) if e["effect"] == "decision_notice"]
    return dict(effect["read_back"]["body"])


def noticing(request: ApprovalRequest) -> Action:
    """The notice that approving a request leads to."""
    (action,) = [each for each in request.actions if each.name == "decision_notice"]
    return action


async def test_decline_tells_the_agency_and_the_score_that_was_used(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    told = (await notice_of(services, case_id))["consumer_report"]
    assert told["agencies"] == ["Demo Credit Bureau, 2 Example Street, Demo City, 1-800-555-0199"]
    assert (told["score"]["score"], told["score"]["range"]) == (655, [300, 850])
    assert len(told["score"]["key_factors"]) == 3


async def test_rejection_by_a_person_tells_the_report_too(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id), Verb.REJECT, "collateral")
    await advance(services, case_id)
    assert (await notice_of(services, case_id))["consumer_report"]["score"]["score"] == 768


async def test_the_score_told_is_bound_by_the_digest(services: Services, clock: SetClock) -> None:
    request = await pending(services, await opened(services, over_committed(clock.now().date())))
    action = noticing(request)
    kinder = action.model_copy(update={"args": action.args | {"credit_score": 700}})
    changed = tuple(kinder if each == action else each for each in request.actions)
    assert action.args["credit_score"] == 655
    assert request.model_copy(update={"actions": changed}).binding != request.digest == request.binding


async def test_decline_on_a_report_of_an_unnamed_agency_is_not_proposed_and_is_referred(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, reported(over_committed(clock.now().date()), agency=None))
    request = await pending(services, case_id)
    assert request.actions == ()
    assert any("agency 'unnamed'" in line for line in request.packet.missing)
    await decide(services, UNDERWRITER, request)
    await advance(services, case_id)
    (referred,) = [e for e in await services.ledger.entries(case_id) if e.kind == "case_referred"]
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert "consumer reporting agency 'unnamed'" in referred.body["missing"][0]


async def test_offer_on_an_agency_that_the_book_does_not_know_can_be_approved_but_not_rejected(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, reported(routine(clock.now().date()), agency="unheard_of"))
    request = await pending(services, case_id)
    assert ([each.name for each in request.actions], request.on_reject) == (
        ["book_offer", "decision_notice", "register_entry"],
        (),
    )
    await decide(services, UNDERWRITER, request, Verb.REJECT, "collateral")
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    assert await services.outbox.of_case(case_id) == []


async def test_decline_that_cannot_be_told_is_still_overridden_at_higher_authority(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(
        services, reported(over_committed(clock.now().date()), score_from=None, score_to=None)
    )
    request = await pending(services, case_id)
    assert request.actions == ()
    await decide(services, SENIOR, request, Verb.OVERRIDE, "compensating_assets")
    await advance(services, case_id)
    effects = [each["effect"] for each in await services.outbox.of_case(case_id)]
    assert ((await services.desk.get(request.id)).status, effects) == ("approved", ["decision_notice"])


async def test_case_returned_for_the_particulars_is_declined_once_the_whole_report_has_come(
    services: Services, clock: SetClock
) -> None:
    whole = over_committed(clock.now().date())
    case_id = await opened(services, reported(whole, **dict.fromkeys(PARTICULARS)))
    assert await deliver(services, case_id, only(whole, "bureau_file"), "bureau-2")
    await decide(services, UNDERWRITER, await pending(services, case_id), Verb.RETURN)
    await advance(services, case_id)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert (await notice_of(services, case_id))["consumer_report"]["score"]["score"] == 655


async def test_exit_before_any_report_was_read_says_nothing_of_one(
    services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    borrower = {**story.application["borrowers"][0], "name": "Anatoly VARENIKOV DEMO"}
    case_id = await opened(services, asking(story, borrowers=[borrower]))
    await decide(services, COMPLIANCE, await pending(services, case_id), Verb.REJECT)
    await advance(services, case_id)
    action = noticing(await pending(services, case_id))
    assert action.adverse
    assert not {"reporting_agencies", "credit_score"} & action.args.keys()
