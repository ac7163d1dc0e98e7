"""Texts that nobody should be stopped for: strange but harmless ones (``fuzz/``), customers' questions (``service/``).

All count as ordinary: recall and precision cannot be said, the false-positive rate can. A detector that fails on one
shows as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.guardrails.detectors import Detector, judge
from evals.guardrails.figures import Figure
from evals.guardrails.reading import named, rows, text_of

FUZZ, QUESTIONS = "fuzz", "service"


async def measure(file: Path, detectors: Sequence[Detector]) -> list[Figure]:
    """One figure per detector."""
    texts = [text_of(row, file, "text") for row in rows(file)]
    figures = [Figure(detector.name, named(file)) for detector in detectors]
    for detector, figure in zip(detectors, figures, strict=True):
        for text in texts:
            await judge(detector, text, False, figure)
    return figures
