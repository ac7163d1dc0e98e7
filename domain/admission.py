"""Whose application is taken up at all: how old the people must be, and in which countries they may live.

Owns the row of the book and what stands against an application. Never says who somebody is: a field, never a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.geography import Country
from domain.identity import Record


class Admission(Record):
    """Who may apply. A side that is left out is not looked at.

    Args:
        least_years: completed years of age on the application date; capacity to contract.
        countries: in which borrowers live and companies are registered.
    """

    least_years: Annotated[int, Field(ge=1, le=25)] | None = None
    countries: Annotated[tuple[Country, ...], Field(min_length=1)] | None = None
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"


@dataclass(frozen=True, slots=True)
class Applying:
    """Somebody who applies, as the application states it."""

    field: str  # where it says so
    country: str
    born: date | None = None  # nothing: a company


@dataclass(frozen=True, slots=True)
class Applied:
    """An application before it becomes a case, with the row that it is held to."""

    row: Admission
    day: date
    people: Sequence[Applying]

    def against(self) -> Iterator[tuple[str, str, str]]:
        """Rule, field and reason of everything that stands against it."""
        for each in self.people:
            if self.row.countries is not None and each.country not in self.row.countries:
                yield "country", f"{each.field}.country", "nobody of this country may apply under this book"
            if each.born is not None and years(each.born, self.day) < (self.row.least_years or 0):
                why = f"an applicant must be {self.row.least_years} years old on the application date"
                yield "age", f"{each.field}.birth_date", why


def years(born: date, day: date) -> int:
    """Completed years of age on a day; who was born on 29 February is a year older on 1 March of common years.

    Domain: ``born`` not after ``day``. Source: the common rule of counting birthdays; no statute is cited.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
