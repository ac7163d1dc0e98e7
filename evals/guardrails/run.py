"""Runs every set of a folder; its report is what ``countersign eval-guardrails`` shows and keeps.

Owns which subfolder is measured how, and what is said of those that are absent. Never keeps a text of a set.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from domain.errors import BadInput
from evals.guardrails import attacks, identifiers, names, ordinary, wording
from evals.guardrails.detectors import DETECTORS, Detector
from evals.guardrails.figures import Figure
from evals.guardrails.reading import SUFFIXES, files, fingerprint, named, strangers

Measure = Callable[[Path, Sequence[Detector]], Awaitable[list[Figure]]]
KINDS: dict[str, Measure] = {
    attacks.FOLDER: attacks.measure,
    identifiers.FOLDER: identifiers.measure,
    names.FOLDER: names.measure,
    ordinary.FUZZ: ordinary.measure,
    wording.FOLDER: wording.measure,
}
OWN = Path(__file__).parent / "own"  # sets of our own, that come with the repository
BESIDE: dict[str, Measure] = {ordinary.QUESTIONS: ordinary.measure}  # in the folder, or next to it
ROWS = (".csv", ".jsonl")  # a list of questions; other files there are lists of topics
COLUMNS = ("n", "recall", "fpr", "precision", "p95_ms", "p95_cpu_ms")


async def measure(
    folder: Path,
    progress: Callable[[str], None],
    detectors: Sequence[Detector] = DETECTORS,
    own: Path | None = None,
) -> dict[str, Any]:
    """Every figure, the sets with their SHA-256, and what was not measured; sets of our ``own`` after those given.

    Raises:
        BadInput: names the folder, file, row or field that cannot be read, and the remedy.
    """
    sets = _sets(folder)
    if own is not None:
        sets |= {
            f"own {kind}": (files(own / kind), how) for kind, how in KINDS.items() if (own / kind).is_dir()
        }
    absent = [_absent(kind, "no file of it here") for kind, (found, _) in sets.items() if not found]
    absent += [
        _absent(named(file), f"none of {', '.join(SUFFIXES)}")
        for kind in KINDS
        for file in strangers(folder / kind)
    ]
    figures: list[Figure] = []
    for file, how in ((file, how) for found, how in sets.values() for file in found):
        progress(f"{named(file)} …")
        measured = await how(file, detectors)
        figures += measured
        absent += [] if measured else [_absent(named(file), "nothing in it is looked for")]
    told = [
        {"data_set": named(file), "sha256": fingerprint(file)} for found, _ in sets.values() for file in found
    ]
    return {"figures": [figure.told() for figure in figures], "sets": told, "not_measured": absent}


def tables(report: dict[str, Any]) -> Group:
    """The figures for people, a table for each set; what cannot be said is a dash."""
    drawn: list[RenderableType] = []
    for data_set, figures in groupby(report["figures"], key=itemgetter("data_set")):
        table = Table("guardrail", *COLUMNS, title=data_set, title_justify="left")
        for figure in figures:
            cells = ("-" if figure[column] is None else str(figure[column]) for column in COLUMNS)
            table.add_row(figure["guardrail"], *cells)
        drawn.append(table)
    return Group(*drawn, *(f"not measured: {each['set']} ({each['why']})" for each in report["not_measured"]))


def _absent(what: str, why: str) -> dict[str, str]:
    return {"set": what, "why": why}


def _sets(folder: Path) -> dict[str, tuple[list[Path], Measure]]:
    """The files of each kind, and how they are measured."""
    remedy = f"name a folder with some of {', '.join(f'{kind}/' for kind in KINDS)}"
    if not folder.is_dir():
        raise BadInput("there is no such folder", file=str(folder), remedy=remedy)
    sets = {kind: (files(folder / kind), how) for kind, how in KINDS.items()}
    if not any(found for found, _ in sets.values()):
        raise BadInput("it holds no set that can be measured", file=str(folder), remedy=remedy)
    for kind, how in BESIDE.items():
        sets[kind] = (files(folder / kind, ROWS) or files(folder.resolve().parent / kind, ROWS), how)
    return sets
