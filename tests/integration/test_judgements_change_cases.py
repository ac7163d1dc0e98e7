"""What only a model judges changes a whole case: without one a gap and a referral, with one grounds for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.demo.stories import Story, routine
from domain.approval import EvidencePacket
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import opened, pending
from tests.fakes.model_script import Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


def where(kind: str, **changes: Any) -> Callable[[date], Story]:
    """The routine loan with records of a kind changed."""

    def told(today: date) -> Story:
        story = routine(today)
        records = tuple(each | changes if each["kind"] == kind else each for each in story.records)
        return replace(story, records=records)

    return told


JUDGED = [  # what the records say, who judges what, the words it rests on, the answer that settles it
    (
        where("bureau_file", delinquencies_24m=1),
        "bureau_analyst",
        "delinquency_isolated",
        '"delinquencies_24m": 1',
        "supports",
    ),
    (
        where("valuation", value_cents=40_000_000),
        "collateral_assessor",
        "appraisal_gap_acceptable",
        '"price_cents"',
        "supports",
    ),
    (
        where("market_report", trend_bps=-900),
        "market_analyst",
        "market_outlook",
        '"trend_bps": -900',
        "does_not_support",
    ),
]


async def packet(services: Services, story: Story, key: str) -> EvidencePacket:
    return (await pending(services, await opened(services, story, key))).packet


Case = tuple[Callable[[date], Story], str, str, str, str]
OTHER = {"supports": "does_not_support", "does_not_support": "supports"}


@pytest.mark.parametrize("case", JUDGED, ids=[each[2] for each in JUDGED])
async def test_judgement_is_a_gap_without_a_model_and_an_answer_with_its_grounds_with_one(
    with_model: WithModel, services: Services, clock: SetClock, case: Case
) -> None:
    story, job, code, quote, settles = case
    told = story(clock.now().date())
    by_playbook = await packet(services, told, "playbook")
    assert len(by_playbook.missing) == 1
    assert "G1: refer" in by_playbook.policy_rows
    words = answer(judged(code, quote, settles))
    _, equipped = with_model(specialists(**{job: Turns(TOOLS[job], answer=words)}))
    by_model = await packet(equipped, told, "model")
    assert (by_model.missing, "G1: refer" in by_model.policy_rows) == ((), False)
    (line,) = [each for each in by_model.judgements if code in each]
    assert f"{settles} (85.00 %), because “{quote}”" in line
    assert "against it: One large customer may still leave." in line
    assert line.endswith("the judge: upheld")


@pytest.mark.parametrize("case", JUDGED, ids=[each[2] for each in JUDGED])
async def test_answer_that_finds_something_wrong_is_left_to_a_person(
    with_model: WithModel, clock: SetClock, case: Case
) -> None:
    story, job, code, quote, settles = case
    words = answer(judged(code, quote, OTHER[settles]))
    _, equipped = with_model(specialists(**{job: Turns(TOOLS[job], answer=words)}))
    asked = await packet(equipped, story(clock.now().date()), "model")
    (gap,) = asked.missing
    assert gap.endswith(f"The model: {OTHER[settles]}.")
    assert "G1: refer" in asked.policy_rows


@pytest.mark.parametrize(
    ("verdict", "signers", "quorum"),
    [
        ("supports", ("underwriters", "senior_underwriters"), 1),
        ("does_not_support", ("senior_underwriters", "chief_credit"), 2),
        ("unclear", ("underwriters", "senior_underwriters"), 1),
    ],
)
async def test_pattern_of_late_payments_takes_the_loan_to_two_senior_people(
    with_model: WithModel, clock: SetClock, verdict: str, signers: tuple[str, ...], quorum: int
) -> None:
    story, job, code, quote, _ = JUDGED[0]
    words = answer(judged(code, quote, verdict))
    _, equipped = with_model(specialists(**{job: Turns(TOOLS[job], answer=words)}))
    request = await pending(equipped, await opened(equipped, story(clock.now().date())))
    assert (request.candidate_groups, request.quorum) == (signers, quorum)
