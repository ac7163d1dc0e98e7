"""Runs items through the real verification loop: real client, gateways, journal and Postgres; no stand-in of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from agents.roster import ROSTER
from agents.work import work
from api.assembly import models
from checkpoints.lease import take
from domain.assignment import PlanStep
from domain.finding import Finding, Judgement, ProducedBy
from domain.model_use import JudgementRules
from evals.bench.stage import NOW
from evals.endpoint import model
from evals.judgements.items import Item, Rates
from evals.judgements.kinds import Kind
from evals.judgements.subjects import BY_CODE
from evals.judgements.worker import staff
from evals.trials import Trial, run_trials
from graphs.lease import CURRENT
from graphs.mandates import Setting, assignment, for_specialist
from graphs.services import Services, install
from graphs.sessions import open_session
from graphs.worker import book_of
from tests.fakes.casework import bodies, open_story

Progress = Callable[[str], None]
EVERY = 60  # items between two words of progress


async def run(
    services: Services, all_items: tuple[Item, ...], rates: Rates, say: Progress, key: str = "deck"
) -> list[dict[str, Any]]:
    """Per item: what came out (``ended``), which checks sent the first answer back, model calls and cost.

    Runs over the same items on one database have a ``key`` each: without it they would be the same cases.
    """
    by_name = {each.name: each for each in all_items}
    done = 0

    async def target(given: dict[str, Any]) -> dict[str, Any]:
        nonlocal done
        came = await _one(equipped, by_name[given["name"]], key, crew.carried)
        done += 1
        if done % EVERY == 0:
            say(f"  {done} of {len(all_items)}")
        return came

    crew = staff(all_items, rates)
    with model(crew) as settings:
        equipped = replace(services, crew=replace(services.crew, models=models(settings)))
        install(equipped)
        trials = [Trial(each.name, {"text": each.told.text}, {"truth": each.truth}) for each in all_items]
        return await run_trials("judgements", trials, target, _right)


async def _one(
    services: Services, item: Item, key: str, carried: Mapping[str, Kind | None]
) -> dict[str, Any]:
    subject = BY_CODE[item.code]
    specialist = ROSTER[subject.job]
    case_id = await open_story(services, subject.story(item.told, NOW.date()), f"{key}/{item.name}")
    CURRENT.set(await take(services.database, case_id, "deck", services.clock))
    case, book = await services.cases.get(case_id), await book_of(case_id)
    step = PlanStep(
        worker=specialist.worker, specialists=(specialist.job,), covers=(), reason=f"Item {item.name}"
    )
    facts = dict(subject.facts)
    setting = Setting(case, book, facts, subject.parties, 1, NOW, NOW + timedelta(hours=1))
    part = for_specialist(assignment(setting, step), specialist, book, {})
    opened = await open_session(part, specialist.job)
    found = await work(services.crew, specialist, opened.session, opened.context, opened.blocked)
    sent_back = await bodies(services, case_id, "answer_sent_back")
    return {
        "ended": ended(found, item, carried.get(item.name), part.mandate.judgements),
        "sent_back_by": _sender(sent_back[0]["checks"]) if sent_back else None,
        "calls": opened.session.spent.model_calls,
        "cost_microusd": opened.session.spent.cost_microusd,
    }


def _sender(checks: list[str]) -> str:
    return "judge" if checks == ["judge"] else "code"


def ended(found: Finding, item: Item, carried: Kind | None, rules: JudgementRules) -> str:
    """``correct``: an accepted judgement that says what is so; ``referred``: left to a person; else ``wrong``.

    An answer that was accepted with an error that the script put in is wrong whatever its verdict: otherwise the
    errors that code should find could never lower the accuracy, with or without code's checks. So is an answer
    accepted without the judgement that was asked. What the book does not find sure enough is left to a person.
    """
    given = [each for each in found.judgements if each.code == item.code]
    if found.produced_by is ProducedBy.PLAYBOOK or any(_left(each, rules) for each in given):
        return "referred"
    return "correct" if carried is None and given and given[0].answer == item.truth else "wrong"


def _left(each: Judgement, rules: JudgementRules) -> bool:
    unsure = each.answer == "unclear" or each.confidence_bps < rules.sure_enough_percent * 100
    return unsure or each.review in ("overturned", "unreviewed")


def _right(outputs: dict[str, Any], reference_outputs: dict[str, Any]) -> dict[str, Any]:
    return {"key": "correct", "score": outputs["ended"] == "correct"}
