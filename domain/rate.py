"""Rates: how often effects may happen and tools may be called in a window of time, by all runners together.

Owns the rows and when a window begins and ends. Counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.identity import Record

RateScope = Literal["bank", "case", "customer", "employee", "counterparty"]
EVERYBODY = "bank"  # the one subject of the scope ``bank``
OF_CALLS: tuple[RateScope, ...] = ("bank", "case")  # scopes that a tool call can be counted for


class Rate(Record):
    """At most so many effects or tool calls in each window, for each subject of the scope.

    Windows lie one after the other from midnight UTC on, so that two of them together may hold twice as many within
    one length of a window, and never more. Rows of one id in several books count together.
    """

    id: str
    effects: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    scope: RateScope
    seconds: Annotated[int, Field(ge=1, le=86_400)]  # length of a window; a divisor of the day
    at_most: Annotated[int, Field(ge=1)]  # effects or calls in one window
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"

    @model_validator(mode="after")
    def _of_something(self) -> Rate:
        if bool(self.effects) == bool(self.tools):
            raise ValueError(f"rate {self.id}: it is of effects or of tools, and of one of them")
        if self.tools and self.scope not in OF_CALLS:
            raise ValueError(f"rate {self.id}: tool calls are counted for {' or '.join(OF_CALLS)}")
        if 86_400 % self.seconds:
            raise ValueError(f"rate {self.id}: {self.seconds} seconds do not divide a day")
        return self

    def begins(self, now: datetime) -> datetime:
        """When the window of this moment began (UTC)."""
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        passed = (now - midnight) // timedelta(seconds=self.seconds)
        return midnight + passed * timedelta(seconds=self.seconds)

    def ends(self, now: datetime) -> datetime:
        """When the next window begins (UTC)."""
        return self.begins(now) + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """How one row stands for one subject, with the effect or call that is looked at.

    Args:
        subject: whose window it is.
        taken: it has a place in this window; without, the window is full.
        opens: when the next window begins.
    """

    row: Rate
    subject: str
    taken: bool
    opens: datetime
