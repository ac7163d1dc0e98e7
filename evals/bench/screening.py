"""How long one party takes against the full sanctions list: 95 % of parties, and the slowest."""

from __future__ import annotations

import time

from evals.bench.report import Figure
from evals.screening.lists import TREASURY, names_of
from tools.screening.match import ScreeningSubject, SubjectKind, name_index, screen
from tools.screening.ofac_list import SanctionsList

WARM_UP = 10  # parties that are not counted


def screening(parties: int) -> list[Figure]:
    """Milliseconds per party by the wall and by the processor, and building the index; nothing without the list.

    Screened are listed names themselves, evenly spread: the hard cases, each with many near entries. The two
    clocks differ on a machine that does other work: the processor's is what screening itself needs.
    """
    if not TREASURY.is_dir():
        return []
    sanctions = SanctionsList.load(TREASURY)
    began = time.perf_counter()
    name_index(sanctions)
    index = Figure("screening_index", round(time.perf_counter() - began, 2), "s")
    names = [name for _, name in names_of(sanctions)]
    chosen = names[:: max(1, len(names) // (parties + WARM_UP))]
    taken = [_once(sanctions, name) for name in chosen][WARM_UP:]
    wall, processor = (sorted(each[at] for each in taken) for at in (0, 1))
    return [
        index,
        Figure("screening_p95", _at(wall, 95), "ms", None, len(taken)),
        Figure("screening_p95_processor", _at(processor, 95), "ms", None, len(taken)),
        Figure("screening_slowest", round(wall[-1], 2), "ms", None, len(taken)),
    ]


def _once(sanctions: SanctionsList, name: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.thread_time()
    screen(sanctions, ScreeningSubject(name, SubjectKind.UNKNOWN))
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000


def _at(ordered: list[float], percent: int) -> float:
    return round(ordered[len(ordered) * percent // 100], 2)
