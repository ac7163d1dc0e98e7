"""Runs labelled trials through langsmith's ``aevaluate``, offline: nothing is uploaded."""

from __future__ import annotations

import json
import warnings
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from langsmith import Client, aevaluate, tracing_context
from langsmith.schemas import Example

MADE = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Trial:
    """One labelled trial: what goes in, and what the right answer is."""

    name: str
    given: dict[str, Any]
    expected: dict[str, Any]


class Nowhere(Client):
    """Keeps runs here: ``aevaluate`` posts the target's run even with ``upload_results=False`` (0.15)."""

    def create_run(self, *_: Any, **__: Any) -> None:
        """Post nothing."""

    def update_run(self, *_: Any, **__: Any) -> None:
        """Post nothing."""


Target = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Evaluator = Callable[..., dict[str, Any]]


async def run_trials(
    deck: str, trials: Sequence[Trial], target: Target, evaluator: Evaluator, at_once: int = 4
) -> list[dict[str, Any]]:
    """Per trial: its name, what was given, what came out and the evaluator's score, in the trials' order.

    A trial that raises ends the run: a deck never counts what it did not measure.
    """
    failed: list[Exception] = []

    async def watched(inputs: dict[str, Any]) -> dict[str, Any]:
        try:
            with tracing_context(enabled=False):
                return await target(inputs)
        except Exception as error:
            failed.append(error)
            raise

    with warnings.catch_warnings(), redirect_stdout(StringIO()):  # it greets with an unfilled pattern
        warnings.filterwarnings("ignore", "'upload_results' parameter is in beta")
        results = await aevaluate(
            watched,
            data=[_example(deck, trial) for trial in trials],
            evaluators=[evaluator],
            max_concurrency=at_once,
            experiment_prefix=deck,
            upload_results=False,
            client=Nowhere(api_url="http://127.0.0.1:9", api_key="offline", auto_batch_tracing=False),
            disable_evaluator_tracing=True,
            error_handling="ignore",
        )
        found = [each async for each in results]
    if failed:
        raise failed[0]
    rows = [_row(each) for each in found]
    order = {trial.name: place for place, trial in enumerate(trials)}
    return sorted(rows, key=lambda row: order[row["name"]])


def _example(deck: str, trial: Trial) -> Example:
    return Example(
        id=_id(deck, trial.name),
        dataset_id=_id(deck, "dataset"),
        inputs={"name": trial.name, **json.loads(json.dumps(trial.given))},
        outputs=trial.expected,
        created_at=MADE,
        modified_at=MADE,
    )


def _row(result: Any) -> dict[str, Any]:
    scores = {each.key: each.score for each in result["evaluation_results"]["results"]}
    return {
        "name": result["example"].inputs["name"],
        "given": result["example"].inputs,
        "expected": result["example"].outputs,
        "came": result["run"].outputs or {},
        **scores,
    }


def _id(deck: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"countersign:{deck}:{name}")
