"""Sets of sentences for the rules over wording: ``wording/``, rows with ``guardrail``, ``label`` and ``text``.

Each guardrail is measured on its own rows: label 1 is what it must not let pass, 0 a sentence that looks like it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from evals.guardrails.detectors import Detector, judge
from evals.guardrails.figures import Figure
from evals.guardrails.reading import Row, flag_of, malformed, named, rows, text_of

FOLDER = "wording"


async def measure(file: Path, detectors: Sequence[Detector]) -> list[Figure]:
    """One figure per guardrail that the set has rows of."""
    known = {detector.name: detector for detector in detectors}
    figures: dict[str, Figure] = {}
    for row in rows(file):
        detector = known[_guardrail(row, file, known.keys())]
        figure = figures.setdefault(detector.name, Figure(detector.name, named(file)))
        await judge(detector, text_of(row, file, "text"), flag_of(row, file, "label"), figure)
    return list(figures.values())


def _guardrail(row: Row, file: Path, known: Collection[str]) -> str:
    number, found = row
    name = found.get("guardrail") if isinstance(found, dict) else None
    if name not in known:
        remedy = f"one of {', '.join(sorted(known))}"
        raise malformed(file, number, "guardrail", f"{name!r} is measured on no text", remedy)
    return str(name)
