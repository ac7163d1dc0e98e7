"""What only a model or a person judges of income: with a model the case moves on, without one a person is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.demo.stories import Story, routine
from domain.approval import EvidencePacket
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import asking, opened, pending
from tests.fakes.model_script import Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
LETTER = "In spring I nursed a parent at home. It is over, and my new employer took me on for good."


def with_gap(clock: SetClock) -> Story:
    """The routine loan of somebody who was out of work for 61 days and says why."""
    story = asking(routine(clock.now().date()), letter_of_explanation=LETTER)
    job = next(each for each in story.records if each["kind"] == "employment_record")
    first = job | {"started_on": "2016-05-02", "ended_on": "2025-03-31", "employer": "DEMO MILLS"}
    return with_jobs(story, first, job | {"started_on": "2025-06-01"})


def with_overtime(clock: SetClock) -> Story:
    """The routine loan of somebody with two years of rising overtime."""
    story = routine(clock.now().date())
    job = next(each for each in story.records if each["kind"] == "employment_record")
    years = [{"year": year, "overtime_cents": cents} for year, cents in ((2024, 600_000), (2025, 840_000))]
    return with_jobs(story, job | {"variable_pay": years, "variable_pay_continues": "likely"})


def with_jobs(story: Story, *jobs: dict[str, Any]) -> Story:
    others = [each for each in story.records if each["kind"] != "employment_record"]
    return replace(story, records=(*others, *jobs))


async def packet(services: Services, story: Story, key: str = "key") -> EvidencePacket:
    return (await pending(services, await opened(services, story, key))).packet


def says(judgement: dict[str, Any]) -> Script:
    return specialists(income_verifier=Turns(TOOLS["income_verifier"], answer=answer(judgement)))


GAP = judged("employment_gap_explained", "It is over, and my new employer took me on")
OVERTIME = judged("variable_income_continues", '"variable_pay_continues": "likely"')


@pytest.mark.parametrize(
    ("story", "judgement"), [(with_gap, GAP), (with_overtime, OVERTIME)], ids=["gap", "overtime"]
)
async def test_playbook_leaves_the_judgement_to_a_person_and_a_model_that_supports_closes_it(
    with_model: WithModel,
    services: Services,
    clock: SetClock,
    story: Callable[[SetClock], Story],
    judgement: dict[str, Any],
) -> None:
    by_playbook = await packet(services, story(clock), "playbook")
    assert "Policy refers this to you" in by_playbook.asked
    assert len(by_playbook.missing) == 1
    _, equipped = with_model(says(judgement))
    by_model = await packet(equipped, story(clock), "model")
    assert "Policy approves" in by_model.asked
    assert not by_model.missing
    assert any(judgement["code"] in line for line in by_model.judgements)


@pytest.mark.parametrize("verdict", ["does_not_support", "unclear"])
async def test_a_gap_that_a_model_does_not_find_explained_stays_open_for_a_person(
    with_model: WithModel, clock: SetClock, verdict: str
) -> None:
    _, equipped = with_model(says(GAP | {"answer": verdict}))
    found = await packet(equipped, with_gap(clock))
    assert "Policy refers this to you" in found.asked
    assert any("gap in employment" in line and verdict in line for line in found.missing)
