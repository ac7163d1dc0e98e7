"""Geography: in which countries customers, the bank's people and systems may be for an effect to happen.

Owns the row and what lies outside it. A place that nobody knows lies outside. Forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2
Side = Literal["customer", "actor", "system"]


class Geography(Record):
    """Lists of countries; a side without a list is not looked at, an empty list allows nowhere.

    ``customers``: where borrowers live and companies are registered. ``actors``: from where people decide what
    happens; on standing authority, from where the case was made. ``systems``: where an effect is kept and where tools
    read.
    """

    id: str
    effects: Annotated[tuple[str, ...], Field(min_length=1)]
    customers: tuple[Country, ...] | None = None
    actors: tuple[Country, ...] | None = None
    systems: tuple[Country, ...] | None = None
    breach: Literal["hold", "refuse"]  # hold: a person may release it
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"

    def outside(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """Those that no list of their side holds."""
        lists = {"customer": self.customers, "actor": self.actors, "system": self.systems}
        looked_at = ((each, lists[each.side]) for each in places)
        return tuple(
            each for each, allowed in looked_at if allowed is not None and each.country not in allowed
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody or something is.

    Args:
        who: a reference, the id of one of the bank's people, or a system's effect.
        country: empty when nobody knows.
    """

    side: Side
    who: str
    country: str

    def __str__(self) -> str:
        """As people read it."""
        where = self.country or "a place that nobody knows"
        return f"{self.side} {self.who} in {where}"
