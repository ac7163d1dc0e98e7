"""One figure of the bench, and how a run is shown and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

Say = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """How much is measured; the whole of it takes about ten minutes on two cores."""

    burst: int = 1000  # cases
    rounds: int = 3  # of cases per second
    at_1: int = 8  # cases of such a round, one at a time
    at_16: int = 32  # the same, 16 at a time
    steps: int = 10  # cases whose steps are counted
    pairs: int = 9  # governed and direct at 100 ms
    slow_pairs: int = 3  # the same at 2 s
    inbox: int = 100_000  # cases
    starts: int = 3  # processes
    simulated: int = 1000  # decided cases under a candidate book
    refound: int = 30  # the same, under one with another parameter that each rests on
    parties: int = 400  # screened against the full sanctions list


QUICK = Scale(
    burst=20,
    rounds=1,
    at_1=2,
    at_16=16,
    steps=2,
    pairs=1,
    slow_pairs=1,
    inbox=2_000,
    starts=1,
    simulated=30,
    refound=3,
    parties=40,
)


@dataclass(frozen=True)
class Figure:
    """A measured value; ``ratio`` is value over baseline where there is one."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    rounds: int = 1

    @property
    def ratio(self) -> float | None:
        """Value over baseline."""
        return round(self.value / self.baseline, 4) if self.baseline else None


def paired(name: str, unit: str, pairs: list[tuple[float, float]]) -> Figure:
    """The round whose ratio is the median of all rounds; each pair is (measured, baseline) of one round."""
    ratios = sorted(pairs, key=lambda pair: pair[0] / pair[1])
    value, baseline = ratios[len(ratios) // 2]
    return Figure(name, round(value, 5), unit, round(baseline, 5), len(pairs))


def middle(name: str, unit: str, values: list[float]) -> Figure:
    """The median of several rounds."""
    return Figure(name, round(median(values), 5), unit, None, len(values))


def keep(figures: list[Figure], file: Path) -> None:
    """Write ``{name: {value, unit, baseline, ratio, rounds}}`` and show a table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    body = {each.name: asdict(each) | {"ratio": each.ratio} for each in figures}
    for told in body.values():
        del told["name"]
    file.write_text(json.dumps(body, indent=1), encoding="utf-8")
    table = Table("figure", "value", "unit", "baseline", "ratio", "rounds")
    for each in figures:
        cells = [each.value, each.unit, each.baseline, each.ratio, each.rounds]
        table.add_row(each.name, *("" if cell is None else str(cell) for cell in cells))
    Console().print(table)
