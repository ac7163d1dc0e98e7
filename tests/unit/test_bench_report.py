"""Figures of the bench: paired by round, kept as JSON with value, unit, baseline, ratio and rounds."""

from __future__ import annotations

import json
from pathlib import Path

from evals.bench.report import Figure, keep, middle, paired


def test_paired_figure_is_the_round_whose_ratio_is_the_middle_one() -> None:
    found = paired("governed", "s", [(1.5, 1.0), (1.1, 1.0), (2.4, 2.0)])
    assert (found.value, found.baseline, found.ratio, found.rounds) == (2.4, 2.0, 1.2, 3)


def test_figure_without_a_baseline_has_no_ratio() -> None:
    assert middle("inbox", "ms", [3.0, 1.0, 2.0]) == Figure("inbox", 2.0, "ms", None, 3)
    assert middle("inbox", "ms", [3.0]).ratio is None


def test_figures_are_kept_by_name_with_value_unit_baseline_ratio_and_rounds(tmp_path: Path) -> None:
    file = tmp_path / "build" / "bench.json"
    keep([Figure("rate", 3.0, "1/s", 4.0, 5)], file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept == {"rate": {"value": 3.0, "unit": "1/s", "baseline": 4.0, "ratio": 0.75, "rounds": 5}}
