"""Deck: a worker of component accuracy 0.90 behind code's checks and an independent judge; the aim is 0.95.

Errors are injected by a script and the judge errs at declared rates: this measures the loop, never a model.
Both families run for real; the headline is the test family, whose errors the checks were not developed on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from evals.bench.stage import stage
from evals.endpoint import is_live
from evals.judgements.items import Item, Judge, items
from evals.judgements.loop import run
from evals.judgements.sweep import sweep
from evals.judgements.worker import without_errors
from evals.scores import rate, score

NAME = "judgements"
DECLARED = Judge(recall=0.9, specificity=0.98, common=0.1)
SIZES = {"development": 480, "test": 960}


async def measure(progress: Callable[[str], None]) -> dict[str, Any]:
    """The test family's figures, with the other family, the agreement with the rules, and the sweep beside them."""
    found = {family: await measured(items(family, n), progress, family) for family, n in SIZES.items()}
    judge = {"recall": DECLARED.recall, "specificity": DECLARED.specificity, "common": DECLARED.common}
    rest = {} if is_live() else {"judge": judge, "sweep": sweep("test")}
    return found["test"] | {"development": found["development"]} | rest


async def measured(
    all_items: tuple[Item, ...], progress: Callable[[str], None], family: str
) -> dict[str, Any]:
    """One family through the real loop."""
    progress(f"{NAME}, {family}: {len(all_items)} items …")
    given = without_errors(all_items) if is_live() else all_items
    async with stage() as services:
        rows = await run(services, given, DECLARED, progress)
    came = Counter(row["came"]["ended"] for row in rows)
    as_ruled = sum(
        row["came"]["ended"] == each.predicted(DECLARED) for row, each in zip(rows, given, strict=True)
    )
    cost, calls = (sum(row["came"][name] for row in rows) for name in ("cost_microusd", "calls"))
    errors = [each for each in given if each.error is not None]
    return score(came["correct"], len(given), came["referred"], calls) | {
        "wrong": rate(came["wrong"], len(given)),
        "component_accuracy": rate(len(given) - len(errors), len(given)),
        "judgement_errors": rate(sum(each.judgement_error for each in errors), len(errors)),
        "as_the_rules_say": rate(as_ruled, len(given)),
        "cost_per_success_microusd": {
            "n": cost,
            "of": came["correct"],
            "share": round(cost / max(came["correct"], 1), 1),
        },
    }
