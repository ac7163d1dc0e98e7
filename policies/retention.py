"""How long each record class of a case is kept: the rows of a book, and what they come to for one case. Pure.

The longest duty wins, within a class and over all of them: identity, evidence and answers of a case lie under one
key, and that is destroyed at once or not at all. A class without a row is kept for good, and so is one whose period
has not begun. Never erases anything.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from domain.identity import Record
from domain.retention import Begins, RecordClass
from policies.table import SourceStatus

MONTHS = 12


class Duty(Record):
    """One duty to keep, or the house's own period."""

    id: str
    keeps: RecordClass
    months: Annotated[int, Field(ge=1, le=1200)]
    counts_from: Begins = Begins.CASE_ENDED
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Kept:
    """One record class of a case.

    Args:
        keeps: which.
        duty: the row that keeps it longest; nothing where no book has one.
        until: the first day on which nothing keeps it any more; nothing while that is open.
    """

    keeps: RecordClass
    duty: Duty | None
    until: date | None

    @property
    def because(self) -> str:
        """In a sentence."""
        if self.duty is None:
            return "no row of the book says how long, so it is kept for good"
        what = f"{self.duty.id}: {self.duty.months} months from {self.duty.counts_from.replace('_', ' ')}"
        return what if self.until else f"{what}, which nobody told of yet"


def kept(
    duties: Iterable[Duty], classes: Iterable[RecordClass], begun: Mapping[Begins, date]
) -> tuple[Kept, ...]:
    """Each class under its longest duty, in order of the classes."""
    rows = tuple(duties)
    return tuple(_longest(each, rows, begun) for each in RecordClass if each in set(classes))


def erasable_from(held: Iterable[Kept]) -> date | None:
    """The first day on which no class is kept any more; nothing while one is kept for good or has not begun."""
    days = [each.until for each in held]
    return max((day for day in days if day), default=None) if days and None not in days else None


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last one of that month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _longest(keeps: RecordClass, rows: tuple[Duty, ...], begun: Mapping[Begins, date]) -> Kept:
    found = [
        Kept(
            keeps, row, months_after(begun[row.counts_from], row.months) if row.counts_from in begun else None
        )
        for row in rows
        if row.keeps is keeps
    ]
    return max(found, key=lambda each: each.until or date.max, default=Kept(keeps, None, None))
