"""What only a judgement settles in price and repayment: with a model the loan goes on, without one a person looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.demo.stories import Story, routine
from domain.approval import ApprovalRequest
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import asking, opened, pending, without
from tests.fakes.model_script import Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
LETTER = "The home is exempt from property tax for ten years, and the association insures the building."


def changed(story: Story, kind: str, **values: Any) -> Story:
    records = tuple(each | values if each["kind"] == kind else each for each in story.records)
    return replace(story, records=records)


def dear(clock: SetClock) -> Story:
    """A second home at 85 % by a fair score: higher-priced in all but name, a rebuttable presumption."""
    story = changed(routine(clock.now().date()), "bureau_file", score=640)
    story = changed(story, "valuation", value_cents=386_000_00)
    home = {**story.application["property"], "occupancy": "second", "price_cents": 386_000_00}
    return asking(story, property=home, points_and_fees_cents=9_500_00)


def cheap(clock: SetClock) -> Story:
    """Taxes and insurance that are low for the price, with a letter that says why."""
    story = without(routine(clock.now().date()), "housing_costs")
    return asking(story, monthly_tax_insurance_cents=100_00, letter_of_explanation=LETTER)


QUOTES = {
    "pricing_exception_warranted": '"qm_status": "rebuttable"',
    "low_obligations_explained": "exempt from property tax",
}


async def asked(services: Services, story: Story) -> tuple[ApprovalRequest, str]:
    request = await pending(services, await opened(services, story))
    entries = await services.ledger.entries(request.case_id)
    return request, next(each.body["outcome"] for each in entries if each.kind == "decision_reached")


@pytest.mark.parametrize(
    ("story", "question"),
    [(dear, "consider a pricing exception"), (cheap, "explain why taxes and insurance are low")],
)
async def test_without_a_model_the_question_goes_to_a_person_and_the_loan_is_referred(
    services: Services, clock: SetClock, story: Callable[[SetClock], Story], question: str
) -> None:
    request, outcome = await asked(services, story(clock))
    assert outcome == "refer"
    assert any(question in line for line in request.packet.missing)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ((dear, "pricing_analyst", "pricing_exception_warranted", "does_not_support"), "approve"),
        ((dear, "pricing_analyst", "pricing_exception_warranted", "supports"), "refer"),
        ((cheap, "repayment_assessor", "low_obligations_explained", "supports"), "approve"),
        ((cheap, "repayment_assessor", "low_obligations_explained", "does_not_support"), "refer"),
    ],
)
async def test_with_a_model_the_judgement_is_shown_with_its_words_and_decides_whether_the_loan_goes_on(
    with_model: WithModel,
    clock: SetClock,
    said: tuple[Callable[[SetClock], Story], str, str, str],
    outcome: str,
) -> None:
    story, job, code, verdict = said
    quote = QUOTES[code]
    script = Turns(TOOLS[job], answer=answer(judged(code, quote, verdict)))
    _, equipped = with_model(specialists(**{job: script}))
    request, concluded = await asked(equipped, story(clock))
    assert concluded == outcome
    assert any(code in line and quote in line for line in request.packet.judgements)
