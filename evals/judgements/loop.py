"""Runs items through the real verification loop: real client, gateways, journal and Postgres; no stand-in of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from agents.roster import ROSTER
from agents.work import work
from api.assembly import models
from api.demo.stories import self_employed
from checkpoints.lease import take
from domain.assignment import PlanStep
from domain.finding import Finding, ProducedBy
from evals.bench.stage import NOW
from evals.endpoint import model
from evals.judgements.items import Item, Judge
from evals.judgements.worker import CODE, staff
from evals.trials import Trial, run_trials
from graphs.lease import CURRENT
from graphs.mandates import Setting, assignment, for_specialist
from graphs.services import Services, install
from graphs.sessions import open_session
from graphs.worker import book_of
from tests.fakes.casework import asking, open_story

WORKER = ROSTER["income_verifier"]
Progress = Callable[[str], None]


async def run(
    services: Services, all_items: tuple[Item, ...], judge: Judge, say: Progress
) -> list[dict[str, Any]]:
    """Per item: what came out (``ended``), model calls, tokens and cost."""
    by_name = {each.name: each for each in all_items}
    done = 0

    async def target(given: dict[str, Any]) -> dict[str, Any]:
        nonlocal done
        came = await _one(equipped, by_name[given["name"]], worker.carried)
        done += 1
        if done % 60 == 0:
            say(f"  {done} of {len(all_items)}")
        return came

    worker = staff(all_items, judge)
    with model(worker) as settings:
        equipped = replace(services, crew=replace(services.crew, models=models(settings)))
        install(equipped)
        trials = [Trial(each.name, {"letter": each.letter}, {"truth": each.truth}) for each in all_items]
        return await run_trials("judgements", trials, target, _right)


async def _one(services: Services, item: Item, carried: Mapping[str, str | None]) -> dict[str, Any]:
    story = asking(self_employed(NOW.date()), letter_of_explanation=item.letter)
    case_id = await open_story(services, story, item.name)
    CURRENT.set(await take(services.database, case_id, "deck", services.clock))
    case, book = await services.cases.get(case_id), await book_of(case_id)
    step = PlanStep(worker=WORKER.worker, specialists=(WORKER.job,), covers=(), reason=f"Item {item.name}")
    setting = Setting(case, book, {}, ("party:1",), 1, NOW, NOW + timedelta(hours=1))
    part = for_specialist(assignment(setting, step), WORKER, book, {})
    opened = await open_session(part, WORKER.job)
    found = await work(services.crew, WORKER, opened.session, opened.context, opened.blocked)
    spent = opened.session.spent
    return {
        "ended": ended(found, item.truth, carried.get(item.name)),
        "said": found.judgements[0].answer if found.judgements else None,
        "calls": spent.model_calls,
        "cost_microusd": spent.cost_microusd,
    }


def ended(found: Finding, truth: str, carried: str | None) -> str:
    """``correct``: an upheld judgement that says what is so; ``referred``: left to a person; else ``wrong``.

    An answer that was accepted with an error that the script put in is wrong whatever its verdict: otherwise the
    errors that code should find could never lower the accuracy, with or without code's checks.
    """
    given = [each for each in found.judgements if each.question.startswith(CODE)]
    if found.produced_by is ProducedBy.PLAYBOOK or not given or given[0].review != "upheld":
        return "referred"
    return "correct" if given[0].answer == truth and carried is None else "wrong"


def _right(outputs: dict[str, Any], reference_outputs: dict[str, Any]) -> dict[str, Any]:
    return {"key": "correct", "score": outputs["ended"] == "correct"}
