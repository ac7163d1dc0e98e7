"""How long somebody has been in work, and the gaps between employments.

Owns the arithmetic of employment dates. Never reads a record, never sets how long a gap may be and never
asks why there was one. Lengths in calendar days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.clock import days_between
from tools.lending import refuse_unless

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """One employment, both days included; ``ended_on`` is nothing while it lasts.

    Raises:
        BadInput: when it ends before it starts.
    """

    started_on: date
    ended_on: date | None = None

    def __post_init__(self) -> None:
        refuse_unless(
            self.ended_on is None or self.ended_on >= self.started_on,
            "An employment cannot end before it starts.",
            field="ended_on",
            remedy="Correct it against the employer's verification.",
        )


@dataclass(frozen=True, slots=True)
class Break:
    """Days without work, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return days_between(self.first, self.last) + 1


def breaks(spells: Sequence[Spell], since: date, until: date) -> tuple[Break, ...]:
    """Every stretch of days from ``since`` to ``until`` between or after employments.

    Days before the first employment are not a break: nothing is documented about them.
    """
    found: list[Break] = []
    covered: date | None = None  # the last day in work so far
    known = [spell for spell in spells if spell.started_on <= until]
    for spell in sorted(known, key=lambda each: each.started_on):
        if covered is not None and spell.started_on > covered + DAY:
            found.append(Break(covered + DAY, spell.started_on - DAY))
        covered = max(covered or spell.started_on, min(spell.ended_on or until, until))
    if covered is not None and covered < until:
        found.append(Break(covered + DAY, until))
    return tuple(Break(max(each.first, since), each.last) for each in found if each.last >= since)


def undocumented_days(spells: Sequence[Spell], since: date) -> int:
    """Days from ``since`` to the first employment, of which nothing is known."""
    first = min((spell.started_on for spell in spells), default=None)
    return 0 if first is None else max(0, days_between(since, first))


def days_worked(spells: Sequence[Spell], year: int) -> int:
    """Days of a calendar year in any employment, each counted once."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    inside = [
        (max(spell.started_on, start), min(spell.ended_on or end, end))
        for spell in spells
        if spell.started_on <= end and (spell.ended_on is None or spell.ended_on >= start)
    ]
    worked, covered = 0, start - DAY
    for first, last in sorted(inside):
        worked += max(0, days_between(max(first - DAY, covered), last))
        covered = max(covered, last)
    return worked
