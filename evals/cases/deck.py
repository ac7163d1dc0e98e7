"""Deck: whole home loans from application to boundary with a crew that errs in one answer of ten.

Measures the house around the model: which hand-offs are taken as they come, which cases reach the boundary that
the book plans for them with nothing else asked of a person, and what one such case costs at the book's prices.
Afterwards each case is carried out again from its record: every event must come out as it stands there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from api.assembly import models
from api.demo.stories import over_committed, routine, self_employed
from evals.bench.stage import NOW, stage
from evals.cases.erring import ErringCrew
from evals.endpoint import model
from evals.scores import per, rate, score
from evals.trials import Trial, run_trials
from graphs.services import Services, install
from graphs.time_machine import read_record, replay
from tests.fakes.casework import kinds, opened, pending

NAME = "cases"
N, N_QUICK = 120, 12
STORIES = {"routine": (routine, "approve"), "self_employed": (self_employed, "approve"),
           "over_committed": (over_committed, "decline")}  # fmt: skip


async def measure(progress: Callable[[str], None], quick: bool = False) -> dict[str, Any]:
    """Completion as accuracy; hand-offs and cost beside it, each with its parts."""
    number = N_QUICK if quick else N
    progress(f"{NAME}: {number} cases …")
    trials = [_trial(n) for n in range(number)]
    crew = ErringCrew()
    async with stage() as services:
        with model(crew) as settings:
            equipped = replace(services, crew=replace(services.crew, models=models(settings)))
            install(equipped)
            rows = await run_trials(NAME, trials, lambda given: _one(equipped, given), _untouched)
        came = [row["came"] for row in rows]
        progress(f"{NAME}: each carried out again from its record …")
        replays = [await replay(await read_record(services, each["case"])) for each in came]
    total = Counter[str]()
    for each in came:
        total.update(each["counts"])
    done = sum(each["untouched"] for each in came)
    return score(done, number, sum(each["outcome"] == "refer" for each in came), total["calls"]) | {
        "hand_off_success": rate(total["taken"], total["handed"]),
        "completion_without_unplanned_touch": rate(done, number),
        "cost_per_success_microusd": per(total["cost"], done),
        "replayed_identical": rate(sum(each.identical for each in replays), number),
        "divergences": [each.divergence for each in replays if each.divergence is not None],
        "component_accuracy": rate(crew.answers - crew.errors, crew.answers),
    }


def _trial(n: int) -> Trial:
    story = list(STORIES)[n % len(STORIES)]
    return Trial(f"{story}-{n}", {"story": story}, {"outcome": STORIES[story][1]})


async def _one(services: Services, given: dict[str, Any]) -> dict[str, Any]:
    story, planned = STORIES[given["story"]]
    case_id = await opened(services, story(NOW.date()), given["name"])
    request, seen = await pending(services, case_id), Counter(await kinds(services, case_id))
    entries = await services.ledger.entries(case_id)
    found = [each.body for each in entries if each.kind == "finding_returned"]
    called = [each.body for each in entries if each.kind == "model_called"]
    outcome = [each.body["outcome"] for each in entries if each.kind == "decision_reached"][-1]
    failed = sum(each["degraded"] for each in found) + seen["hand_off_rejected"] + seen["finding_superseded"]
    asked = request.boundary == "offer" and not request.packet.missing and not request.packet.degraded
    return {
        "case": case_id,
        "outcome": outcome,
        "untouched": asked and outcome == planned,
        "counts": {
            "handed": len(found),
            "taken": len(found) - failed,
            "calls": len(called),
            "cost": sum(each["cost_microusd"] for each in called),
        },
    }


def _untouched(outputs: dict[str, Any]) -> dict[str, Any]:
    return {"key": "untouched", "score": outputs["untouched"]}
