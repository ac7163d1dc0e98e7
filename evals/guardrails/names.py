"""Sets of labelled pairs of names: ``screening/``, columns ``schema``, ``name1``, ``name2`` and ``is_match``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from evals.guardrails.detectors import Detector
from evals.guardrails.figures import Figure
from evals.guardrails.reading import flag_of, named, rows, text_of
from evals.screening.pairs import reported

FOLDER = "screening"


async def measure(file: Path, _detectors: Sequence[Detector]) -> list[Figure]:
    """The matcher at its floor: a pair is raised when it would be reported."""
    figure = Figure("screening", named(file))
    for row in rows(file):
        pair = {
            field: text_of((row[0], _object(row[1])), file, field) for field in ("schema", "name1", "name2")
        }
        same = flag_of(row, file, "is_match")
        began = time.perf_counter()
        raised = reported(pair)
        figure.times.append((time.perf_counter() - began) * 1000)
        figure.count(same, raised)
    return [figure]


def _object(row: object) -> object:
    """A bare text is no pair: seen as an object without fields, so that the error names the first."""
    return {} if isinstance(row, str) else row
