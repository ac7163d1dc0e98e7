"""Judgements that only a model makes change an onboarding; without a model they are gaps for a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.demo.stories import Story
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, asking, decide, opened, pending
from tests.fakes.model_script import Call, ModelRequest, Reply, Script, Turns, calls, structured
from tests.fakes.model_server import ScriptedModel
from tests.fakes.onboarding import LISTED_NAME, NOT_THE_LISTED, alert, alone, company, passport
from tests.fakes.people import COMPLIANCE, SECOND_COMPLIANCE
from tests.fakes.specialists_script import answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
QUIET = ("Ellis DEMO MARLOWE", "1979-02-14")  # on no list
REPORTED = ("Corin SALTMARSH DEMO", "1972-06-21")


class PerParty:
    """Calls tools for every party of the brief, then answers."""

    def __init__(self, *tools: str, says: dict[str, Any]) -> None:
        self._tools, self._says = tools, says

    def reply_to(self, request: ModelRequest) -> Reply:
        """The calls still without a result, else the answer."""
        brief = next(m["content"] for m in request.messages if m["role"] == "user")
        wanted = [(tool, party) for party in json.loads(brief)["parties"] for tool in self._tools]
        done = [(name, args["party"]) for name, args, _ in request.answered]
        missing = [Call(tool, {"party": party}) for tool, party in wanted if (tool, party) not in done]
        return calls(*missing) if missing else structured(self._says)


def analysts(**said: dict[str, Any]) -> Script:
    """Every KYC specialist at work; ``said`` is the answer of some."""
    return specialists(
        document_verifier=PerParty("travel_document", says=said.get("document_verifier", answer())),
        sanctions_screener=PerParty(
            "screen_party", "party_reputation", says=said.get("sanctions_screener", answer())
        ),
        ubo_tracer=Turns(
            (Call("ownership_structure"), Call("blocked_ownership")), answer=said.get("ubo_tracer", answer())
        ),
        filing_preparer=Turns((Call("filing_review"),), answer=said.get("filing_preparer", answer())),
        risk_rater=Turns((Call("customer_risk"),), answer=said.get("risk_rater", answer())),
    )


def misspelt(today: date) -> Story:
    """One person whose passport spells the family name otherwise; every other check of it passes."""
    story = alone(today, *QUIET)
    return replace(story, records=(passport(today, "party:1", "DEMO MARLOW", "ELLIS", QUIET[1]),))


@pytest.mark.parametrize(
    ("verdict", "row", "asked"),
    [
        ("supports", "K3: refer", "Policy refers this to you under conditions: Name on the document"),
        ("does_not_support", "K1: decline", "Countersign the decline."),
        ("unclear", "K3: refer", "Policy refers this to you under conditions: Name on the document"),
    ],
)
async def test_spelling_that_is_judged_ordinary_goes_to_a_person_and_another_persons_name_declines(
    with_model: WithModel, clock: SetClock, verdict: str, row: str, asked: str
) -> None:
    words = judged("name_difference_ordinary", '"name_matches": false', verdict)
    _, services = with_model(analysts(document_verifier=answer(words)))
    request = await pending(services, await opened(services, misspelt(clock.now().date())))
    assert [each.partition(" (")[0] for each in request.packet.policy_rows if each[:2] in ("K1", "K3")] == [
        row
    ]
    assert asked in request.packet.asked
    assert any("name_difference_ordinary" in line for line in request.packet.judgements)


async def test_spelling_that_nobody_judged_is_left_to_a_person_and_not_declined(
    services: Services, clock: SetClock
) -> None:
    request = await pending(services, await opened(services, misspelt(clock.now().date())))
    assert any("the name applied for an ordinary one" in line for line in request.packet.missing)
    assert "Policy refers this to you" in request.packet.asked


@pytest.mark.parametrize(
    ("verdict", "asked"),
    [("supports", "Policy approves"), ("does_not_support", "Policy refers"), ("unclear", "Policy refers")],
)
async def test_country_that_the_book_does_not_weigh_is_approved_only_when_it_is_judged_acceptable(
    with_model: WithModel, clock: SetClock, verdict: str, asked: str
) -> None:
    story = alone(clock.now().date(), *QUIET)
    abroad = asking(story, borrowers=[story.application["borrowers"][0] | {"country": "NO"}])
    words = judged("unlisted_country_acceptable", '"unlisted_countries": ["NO"]', verdict)
    _, services = with_model(analysts(risk_rater=answer(words)))
    request = await pending(services, await opened(services, abroad))
    assert asked in request.packet.asked
    assert any("gives no points for a party's country" in line for line in request.packet.judgements)


@pytest.mark.parametrize(("verdict", "open_"), [("supports", False), ("does_not_support", True)])
async def test_purpose_of_the_layers_is_judged_by_the_customers_own_words(
    with_model: WithModel, clock: SetClock, verdict: str, open_: bool
) -> None:
    words = judged("structure_has_purpose", "bought the second pit through", verdict)
    _, services = with_model(analysts(ubo_tracer=answer(words)))
    request = await pending(services, await opened(services, company(clock.now().date(), owner=QUIET)))
    assert request.boundary == "offer"
    assert any("structure_has_purpose" in line for line in request.packet.judgements)
    assert any("lawful business purpose" in line for line in request.packet.missing) is open_
    assert ("Policy approves" in request.packet.asked) is not open_


@pytest.mark.parametrize(
    ("verdict", "asked"), [("supports", "Policy refers"), ("does_not_support", "Policy approves")]
)
async def test_report_that_is_about_the_customer_and_matters_goes_to_a_person_and_another_does_not(
    with_model: WithModel, clock: SetClock, verdict: str, asked: str
) -> None:
    story = alone(clock.now().date(), *REPORTED)
    about = judged("report_about_this_person", "was charged with submitting invoices", verdict)
    _, equipped = with_model(analysts(sanctions_screener=answer(about)))
    request = await pending(equipped, await opened(equipped, story, "model"))
    assert asked in request.packet.asked
    assert any("was charged with submitting invoices" in line for line in request.packet.judgements)
    assert any("reported article" in line for line in request.packet.missing) is (verdict == "supports")


async def test_report_that_nobody_judged_is_left_to_a_person(services: Services, clock: SetClock) -> None:
    request = await pending(services, await opened(services, alone(clock.now().date(), *REPORTED)))
    assert any("reported article" in line for line in request.packet.missing)
    assert "Policy refers" in request.packet.asked


@pytest.mark.parametrize(
    ("verdict", "asked"), [("supports", "Policy refers"), ("does_not_support", "Policy approves")]
)
async def test_match_that_compliance_clears_against_a_model_that_sees_the_listed_person_goes_to_a_person(
    with_model: WithModel, clock: SetClock, verdict: str, asked: str
) -> None:
    words = judged("same_person", '"entry_number": "9900002"', verdict)
    _, equipped = with_model(analysts(sanctions_screener=answer(words)))
    case_id = await opened(equipped, alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED))
    for officer in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(equipped, officer, await pending(equipped, case_id))
    await advance(equipped, case_id)
    offer = await pending(equipped, case_id)
    assert (offer.boundary, asked in offer.packet.asked) == ("offer", True)
    open_ = any("the party is the listed person" in line for line in offer.packet.missing)
    assert open_ is (verdict == "supports")


async def test_what_speaks_for_the_listed_person_is_judged_for_compliance_or_left_to_it(
    with_model: WithModel, services: Services, clock: SetClock
) -> None:
    story = alone(clock.now().date(), LISTED_NAME, NOT_THE_LISTED)
    by_playbook = await pending(services, await opened(services, story, "playbook"))
    words = judged("same_person", '"entry_number": "9900002"', "does_not_support")
    _, equipped = with_model(analysts(sanctions_screener=answer(words)))
    by_model = await pending(equipped, await opened(equipped, story, "model"))
    assert by_playbook.boundary == by_model.boundary == "compliance"
    assert any("the party is the listed person" in line for line in by_playbook.packet.missing)
    (line,) = by_model.packet.judgements
    assert line.startswith("same_person: Do the reasons of the score support")
    assert 'does_not_support, because “"entry_number": "9900002"”; against it: One large' in line


async def test_judgement_on_activity_reaches_compliance_and_no_other_packet(
    with_model: WithModel, clock: SetClock
) -> None:
    today = clock.now().date()
    words = judged("activity_explained", "at three branches", "does_not_support")
    _, services = with_model(analysts(filing_preparer=answer(words)))
    case_id = await opened(services, alone(today, *QUIET, alert(today)))
    request = await pending(services, case_id)
    assert any("at three branches" in line for line in request.packet.judgements)
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, case_id)
    offer = await pending(services, case_id)
    assert "three branches" not in offer.packet.model_dump_json()
