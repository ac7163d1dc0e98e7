"""Currency of one party: what has to be reported for a business day, and a pattern that stays just below.

Owns the arithmetic of currency transaction reports. Never files one, never says that a pattern was meant, and
holds no threshold: those are rows of the book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Cash:
    """One transaction in currency."""

    party: str
    """Reference."""
    day: date
    """Business day."""
    direction: Direction
    """Paid in, or paid out."""
    cents: int
    """Amount, above 0."""


@dataclass(frozen=True, slots=True)
class DayTotal:
    """Everything that one party paid in, or out, on one business day."""

    party: str
    """Reference."""
    day: date
    """Business day."""
    direction: Direction
    """The two directions are never netted or added."""
    cents: int
    """Sum."""
    count: int
    """Transactions."""


@dataclass(frozen=True, slots=True)
class BelowPattern:
    """The bounds of the pattern, from the book."""

    over_cents: int
    """More than this in one business day is reportable."""
    floor_cents: int
    """A day below this is too small to count."""
    window_days: int
    """Calendar days within which the days lie, the first included."""
    least_days: int
    """How many such days make a pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Days that each stay below what is reportable and together exceed it."""

    party: str
    """Reference."""
    direction: Direction
    """Paid in, or paid out."""
    first: date
    """First of the days."""
    last: date
    """Last of the days."""
    cents: int
    """Sum over the days."""
    days: int
    """How many."""


def day_totals(cash: Iterable[Cash]) -> tuple[DayTotal, ...]:
    """Sums by party, business day and direction, in that order; cents, nothing is rounded.

    Source: aggregation of multiple transactions during any one business day, 31 CFR 1010.313(b).
    """
    sums: dict[tuple[str, date, Direction], list[int]] = defaultdict(list)
    for each in cash:
        sums[(each.party, each.day, each.direction)].append(each.cents)
    return tuple(DayTotal(*key, sum(amounts), len(amounts)) for key, amounts in sorted(sums.items()))


def reportable(totals: Iterable[DayTotal], over_cents: int) -> tuple[DayTotal, ...]:
    """Totals of *more than* ``over_cents``; exactly that much is not reportable. Source: 31 CFR 1010.311."""
    return tuple(each for each in totals if each.cents > over_cents)


def patterns_below(totals: Iterable[DayTotal], bounds: BelowPattern) -> tuple[Pattern, ...]:
    """Per party and direction the earliest window in which days below the threshold together exceed it.

    Rule: ``least_days`` or more days, each from ``floor_cents`` to ``over_cents``, within ``window_days``,
    that sum to more than ``over_cents``. A sign of structuring (31 U.S.C. 5324), not a finding of it.
    """
    rows: dict[tuple[str, Direction], list[DayTotal]] = defaultdict(list)
    for each in totals:
        if bounds.floor_cents <= each.cents <= bounds.over_cents:
            rows[(each.party, each.direction)].append(each)
    return tuple(found for days in rows.values() for found in _first(sorted(days, key=_day), bounds))


def _first(days: list[DayTotal], bounds: BelowPattern) -> Iterator[Pattern]:
    for start, first in enumerate(days):
        until = first.day + timedelta(days=bounds.window_days)
        window = [each for each in days[start:] if each.day < until]
        total = sum(each.cents for each in window)
        if len(window) >= bounds.least_days and total > bounds.over_cents:
            yield Pattern(first.party, first.direction, first.day, window[-1].day, total, len(window))
            return


def _day(total: DayTotal) -> date:
    return total.day
