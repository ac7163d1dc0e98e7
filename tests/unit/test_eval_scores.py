"""Scores of the evaluation decks: counts first, and the interval that goes with a share."""

from __future__ import annotations

from typing import Any

import pytest

from evals.endpoint import NoEndpoint, go_live
from evals.scores import score, wilson
from evals.trials import Trial, run_trials


@pytest.mark.parametrize(
    ("successes", "n", "bounds"),
    [(81, 263, (0.2553, 0.3662)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (0, 0, (0.0, 1.0))],
)
def test_wilson_bounds_agree_with_published_values(
    successes: int, n: int, bounds: tuple[float, float]
) -> None:
    assert wilson(successes, n) == pytest.approx(bounds, abs=5e-5)


def test_referral_is_never_correct_and_stands_with_its_parts() -> None:
    found = score(correct=95, n=100, referred=3, calls=250)
    assert (found["accuracy"], found["referred"]) == (0.95, {"of": 100, "n": 3, "share": 0.03})
    assert found["calls_per_case"] == 2.5


def right(run: Any, example: Any) -> dict[str, Any]:
    return {"key": "correct", "score": run.outputs["twice"] == example.outputs["twice"]}


async def test_trials_run_offline_and_keep_their_order() -> None:
    async def double(given: dict[str, Any]) -> dict[str, Any]:
        return {"twice": given["n"] * 2}

    trials = [Trial(f"t{n}", {"n": n}, {"twice": 4}) for n in (1, 2, 3)]
    rows = await run_trials("doubling", trials, double, right)
    assert [(row["name"], row["correct"]) for row in rows] == [("t1", False), ("t2", True), ("t3", False)]


async def test_trial_that_fails_ends_the_run_instead_of_being_left_out() -> None:
    async def broken(given: dict[str, Any]) -> dict[str, Any]:
        raise LookupError(given["name"])

    with pytest.raises(LookupError, match="t1"):
        await run_trials("broken", [Trial("t1", {}, {})], broken, right)


def test_live_run_without_an_endpoint_is_refused_with_what_to_set() -> None:
    with pytest.raises(NoEndpoint, match="COUNTERSIGN_MODEL__BASE_URL"):
        go_live()
