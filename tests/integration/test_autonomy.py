"""What each level of autonomy does to a case, and that it is given back by two people only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.assembly import running
from api.demo.identities import ensure_demo
from api.demo.stories import Story, over_committed, self_employed, small_amendment
from api.http.app import create_app
from api.settings import Settings
from checkpoints.autonomy import Place
from checkpoints.escalation import Escalation
from checkpoints.standing import Review
from domain.approval import ApprovalRequest
from domain.autonomy import Level
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import BadInput, Conflict, CountersignError, Forbidden, NotFound
from domain.person import Person
from graphs.autonomy_raise.asking import Wish, ask_raise
from graphs.services import Services, install
from policies.autonomy import Autonomy
from tests.fakes.bank import RunningBank
from tests.fakes.books import rewritten, under_book
from tests.fakes.casework import advance, bodies, decide, open_story, opened, pending, time_passes
from tests.fakes.front import Front, is_problem
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR, CLERK
from tests.fakes.specialists_script import specialists

RISK = Person("model-risk-1", groups=frozenset({"model_risk"}))
OTHER = Person("model-risk-2", groups=frozenset({"model_risk"}))
SENIOR = Person("chief-1", groups=frozenset({"chief_credit", "senior"}))
BUREAU = Place("bureau_analyst", "loan_amendment")
LETTER = Place("income_verifier", "home_loan")
WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def lowered(services: Services, to: Level, place: Place = BUREAU) -> None:
    assert await services.autonomy.lower(place, to, "answers moved", "drift")


async def asked(services: Services, to: Level = Level.ACT) -> ApprovalRequest:
    """A raise that waits for another person."""
    case = await ask_raise(
        services, RISK, Wish(BUREAU, to, "the prompt was mended and the golden set passes")
    )
    await advance(services, case.id)
    return await pending(services, case.id)


async def signed(
    services: Services, request: ApprovalRequest, person: Person, verb: Verb = Verb.APPROVE
) -> str:
    """How the case of a raise ended."""
    await decide(services, person, request, verb, "exception" if verb is Verb.OVERRIDE else None)
    await advance(services, request.case_id)
    return str((await services.cases.get(request.case_id)).outcome)


@pytest.mark.parametrize("level", [Level.ADVISE, Level.SHADOW])
async def test_what_a_lowered_specialist_found_brings_nothing_about_without_a_person(
    services: Services, clock: SetClock, bank: RunningBank, level: Level
) -> None:
    await lowered(services, level)
    case_id = await opened(services, small_amendment(clock.now().date()))
    request = await pending(services, case_id)
    assert f"bureau_analyst: in this workflow it stands at {level}" in " ".join(request.packet.exceptions)
    assert (await bodies(services, case_id, "standing_withheld"))[0]["because"] == ["bureau_analyst"]
    assert (bank.counts()["amendments_applied"], await services.standing.of_case(case_id)) == (0, [])
    await decide(services, CLERK, request)
    await advance(services, case_id)
    assert bank.counts()["amendments_applied"] == 1


async def test_other_workflows_and_other_specialists_keep_their_level(
    services: Services, clock: SetClock
) -> None:
    await lowered(services, Level.SHADOW, Place("bureau_analyst", "home_loan"))
    await lowered(services, Level.SHADOW, Place("document_verifier", "loan_amendment"))  # not asked here
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_at_sampled_the_books_share_is_drawn_for_a_persons_review(
    services: Services, clock: SetClock
) -> None:
    equipped = rewritten(services, "loan_amendment", "sampled_bps: 2500", "sampled_bps: 10000")
    equipped = rewritten(equipped, "loan_amendment", "sample_bps: 1000}", "sample_bps: 0}")
    story = small_amendment(clock.now().date())
    unseen = await opened(equipped, story, "acts")
    await lowered(equipped, Level.SAMPLED)
    seen = await opened(equipped, story, "sampled")
    assert [each["case_id"] for each in await equipped.standing.to_review()] == [seen]
    assert (await bodies(equipped, seen, "standing_authority_used"))[0]["autonomy"] == "sampled"
    assert (await equipped.cases.get(unseen)).outcome == "approved"


async def sampled_case(services: Services, clock: SetClock) -> str:
    """An amendment that ran on standing authority and was drawn for review."""
    equipped = under_book(services, "loan_amendment", autonomy=Autonomy(sampled_bps=10_000))
    await lowered(equipped, Level.SAMPLED)
    return await opened(equipped, small_amendment(clock.now().date()))


async def test_what_was_drawn_for_review_is_reviewed_once_by_another_person(
    services: Services, clock: SetClock
) -> None:
    case_id = await sampled_case(services, clock)
    said, at = Review("disagreed", "the fee was owed"), clock.now()
    with pytest.raises(Forbidden):
        await services.standing.review(ADVISOR, case_id, said, at)
    with pytest.raises(BadInput):
        await services.standing.review(RISK, case_id, Review("agreed", " - "), at)
    with pytest.raises(NotFound):
        await services.standing.review(RISK, "another", said, at)
    await services.standing.review(RISK, case_id, said, at)
    assert await services.standing.to_review() == []
    (event,) = [each for each in await services.ledger.entries(case_id) if each.kind == "standing_reviewed"]
    assert (event.actor, event.body["verdict"]) == (RISK.id, "disagreed")
    with pytest.raises(Conflict):
        await services.standing.review(OTHER, case_id, said, at)


async def test_sampled_uses_are_reviewed_over_http_by_those_who_may(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await sampled_case(services, clock)
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    path, said = f"/v1/cases/{case_id}/sampled-review", {"verdict": "agreed", "reason": "the fee was ours"}
    assert is_problem(await front.ask("servicing", "POST", path, json=said), 403, "forbidden")
    waiting = (await front.ask("auditor", "GET", "/v1/standing-authority/sampled")).json()
    assert [each["case_id"] for each in waiting] == [case_id]
    assert (await front.ask("auditor", "POST", path, json=said)).status_code == 204
    assert (await front.ask("auditor", "GET", "/v1/standing-authority/sampled")).json() == []


class LoweredAfterTheGrant:
    """Standing authority that is used a moment before a monitor lowers the level."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def use(self, *given: Any) -> bool:
        granted = await self._services.standing.use(*given)
        await lowered(self._services, Level.ADVISE)
        return granted


async def test_what_was_granted_before_a_specialist_was_lowered_is_not_sent_afterwards(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    equipped = replace(services, standing=LoweredAfterTheGrant(services))  # type: ignore[arg-type]
    install(equipped)
    case_id = await opened(equipped, small_amendment(clock.now().date()))
    assert len(await services.standing.of_case(case_id)) == 1
    assert bank.counts()["amendments_applied"] == 0
    assert "may only advise by now" in (await bodies(services, case_id, "effect_refused"))[0]["reason"]
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED


async def test_in_the_shadow_a_model_is_recorded_and_its_judgement_stays_a_gap(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(specialists())
    await lowered(services, Level.SHADOW, LETTER)
    case_id = await opened(services, self_employed(clock.now().date()))
    found = {each["specialist"]: each for each in await bodies(services, case_id, "finding_returned")}
    (shadowed,) = await bodies(services, case_id, "finding_shadowed")
    assert shadowed["answers"] == ["letter_explains_income=supports"]
    used = found["income_verifier"]
    assert (used["produced_by"], used["answers"], used["degraded"]) == ("playbook", [], False)
    assert "judgement:letter_explains_income" in used["gaps"]
    assert (used["models"], used["autonomy"]) == (["scripted"], "shadow")
    assert server.requests_of("income_verifier")
    assert found["bureau_analyst"]["produced_by"] == "model"


async def test_a_level_that_one_process_lowers_counts_in_every_other(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await open_story(services, small_amendment(clock.now().date()))
    async with running(settings, clock) as elsewhere:
        await lowered(elsewhere, Level.ADVISE)
    install(services)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_PERSON


async def test_monitors_only_lower(services: Services) -> None:
    await lowered(services, Level.ADVISE)
    for level in (Level.ADVISE, Level.SAMPLED, Level.ACT):
        assert not await services.autonomy.lower(BUREAU, level, "all is well", "drift")
    assert (await services.autonomy.stood(BUREAU)).level is Level.ADVISE


async def test_a_level_is_raised_on_the_word_of_two_people(services: Services, clock: SetClock) -> None:
    await lowered(services, Level.ADVISE)
    request = await asked(services)
    with pytest.raises(Forbidden, match="maker"):
        await decide(services, RISK, request)
    assert (await services.autonomy.stood(BUREAU)).level is Level.ADVISE
    assert await signed(services, request, OTHER) == "raised"
    assert (await services.autonomy.stood(BUREAU)).level is Level.ACT
    (event,) = [each for each in await services.ledger.entries("ops") if each.kind == "autonomy_raised"]
    assert (event.body["asked_by"], event.body["from_level"], event.body["to_level"]) == (
        RISK.id,
        "advise",
        "act",
    )
    case_id = await opened(services, small_amendment(clock.now().date()))
    assert (await services.cases.get(case_id)).outcome == "approved"


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.RETURN, Verb.OVERRIDE])
async def test_no_other_answer_than_an_approval_raises_a_level(services: Services, verb: Verb) -> None:
    await lowered(services, Level.ADVISE)
    assert await signed(services, await asked(services), SENIOR, verb) == "kept"
    assert (await services.autonomy.stood(BUREAU)).level is Level.ADVISE


async def test_a_raise_is_void_when_the_level_was_lowered_again_meanwhile(
    services: Services, clock: SetClock
) -> None:
    await lowered(services, Level.SAMPLED)
    request = await asked(services)
    clock.forward(timedelta(minutes=1))
    await lowered(services, Level.SHADOW)
    assert await signed(services, request, OTHER) == "overtaken"
    assert (await services.autonomy.stood(BUREAU)).level is Level.SHADOW


async def test_a_raise_that_nobody_answers_leaves_the_level(services: Services, clock: SetClock) -> None:
    await lowered(services, Level.ADVISE)
    request = await asked(services)
    escalation = Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents)
    for _ in ("asked", "escalated"):
        clock.forward(timedelta(days=4))
        async with services.database.transaction() as connection:
            await escalation.sweep(connection)
    await advance(services, request.case_id)
    assert (await services.cases.get(request.case_id)).status is CaseStatus.REFERRED
    assert (await services.autonomy.stood(BUREAU)).level is Level.ADVISE


@pytest.mark.parametrize(
    ("person", "wish", "error"),
    [
        (CLERK, Wish(BUREAU, Level.ACT, "why not"), Forbidden),
        (RISK, Wish(BUREAU, Level.ACT, " - "), BadInput),
        (RISK, Wish(Place("income_verifier", "loan_amendment"), Level.ACT, "it is fine"), BadInput),
        (RISK, Wish(BUREAU, Level.ADVISE, "as it is"), Conflict),
        (RISK, Wish(Place("risk_rater", "loan_amendment"), Level.ACT, "never lowered"), Conflict),
    ],
)
async def test_a_raise_that_may_not_be_asked_for_is_refused_and_on_record(
    services: Services, person: Person, wish: Wish, error: type[CountersignError]
) -> None:
    await lowered(services, Level.ADVISE)
    with pytest.raises(error):
        await ask_raise(services, person, wish)
    (tried,) = [each for each in await services.ledger.entries("ops") if each.kind == "attempt_refused"]
    assert (tried.actor, tried.body["action"]) == (person.id, "raise")


async def test_nobody_raises_a_level_above_the_book(services: Services) -> None:
    equipped = under_book(services, "loan_amendment", autonomy=Autonomy(default=Level.SAMPLED))
    await lowered(equipped, Level.ADVISE)
    with pytest.raises(Forbidden, match="the book gives"):
        await ask_raise(equipped, RISK, Wish(BUREAU, Level.ACT, "please"))


async def test_an_incomplete_application_goes_to_a_person_where_who_missed_something_may_only_advise(
    services: Services, clock: SetClock
) -> None:
    await lowered(services, Level.ADVISE, Place("document_verifier", "kyc_onboarding"))
    application = {
        "kind": "kyc_onboarding",
        "application_date": clock.now().date().isoformat(),
        "product": "deposit",
        "borrowers": over_committed(clock.now().date()).application["borrowers"],
    }
    case_id = await opened(services, Story("onboarding", "", application, ()))
    await time_passes(services, clock, 15)
    assert (await services.cases.get(case_id)).status is CaseStatus.REFERRED
    (referral,) = await bodies(services, case_id, "case_referred")
    assert referral["missing"] == ["the applicant did not send identity_document"]


async def test_only_who_may_sees_and_moves_levels_over_http(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    said = {
        "specialist": "bureau_analyst",
        "workflow": "loan_amendment",
        "level": "advise",
        "reason": "drill",
    }
    assert is_problem(await front.ask("advisor", "POST", "/v1/models/lower", json=said), 403, "forbidden")
    assert (await front.ask("model-risk", "POST", "/v1/models/lower", json=said)).status_code == 204
    assert is_problem(await front.ask("model-risk", "POST", "/v1/models/lower", json=said), 409, "conflict")
    wrong = said | {"specialist": "nobody"}
    assert is_problem(await front.ask("model-risk", "POST", "/v1/models/lower", json=wrong), 422, "bad_input")
    listed = (await front.ask("auditor", "GET", "/v1/models/levels")).json()
    (row,) = [each for each in listed if each["moved"]]
    assert (row["level"], row["book"], row["moved"]["by"]) == ("advise", "act", "demo-model-risk")
    case = (await front.ask("model-risk", "POST", "/v1/models/raise", json=said | {"level": "act"})).json()
    await advance(services, case["id"])
    inbox = (await front.ask("chief-credit", "GET", "/v1/approvals")).json()
    assert [each["case_id"] for each in inbox] == [case["id"]]
    assert (await front.ask("model-risk", "GET", "/v1/approvals")).json() == []
