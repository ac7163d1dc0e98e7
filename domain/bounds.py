"""Bounds of effects that hold across cases and time: rows of the book, and what they are measured against.

Owns the shapes that a book fills in, a graph step hands to the outbox and guardrails look at. Counts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.finding import Fact
from domain.geography import Geography, Place
from domain.hours import Freeze, Hours, Row
from domain.identity import Record
from domain.rate import Pace, Rate
from domain.rating import Rated, Unattended
from domain.sequence import Sequence, Walked

Scope = Literal["customer", "employee", "counterparty"]
Measure = Literal["cents", "actions"]
Breach = Literal["hold", "refuse"]  # hold: a person may release it
Days = Annotated[int, Field(ge=1, le=3660)]
RELEASE = "release_effect"  # what a person countersigns who lets a held effect go


class Threshold(Record):
    """How much effects may move, or how often they may happen, for one subject.

    ``customer``: the company that applies, else each borrower, by the keyed hash of the tax number. ``employee``:
    whoever made the case or decided the action. ``counterparty``: the account at the other end, by keyed hash.
    """

    id: str
    scope: Scope
    effects: Annotated[tuple[str, ...], Field(min_length=1)]
    measure: Measure
    within_days: Days | None = None  # back from now, to the second; without: one action by itself
    at_most: Annotated[int, Field(ge=0)]  # cents or actions
    breach: Breach
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"

    @model_validator(mode="after")
    def _counts_something(self) -> Threshold:
        if self.measure == "actions" and self.within_days is None:
            raise ValueError(f"threshold {self.id}: one action by itself is always one; say within_days")
        return self


@dataclass(frozen=True, slots=True)
class EffectMandate:
    """What a case's effects are held to, derived by a graph step from its pinned book and from today's.

    Args:
        policy_version: of the pinned book; the outbox refuses that of another.
        guardrails: over effects, in the book's order.
        thresholds: sums and counts across cases.
        unattended_at_most: the highest rating of an effect that may run without a person.
        hours: when effects may happen, as today's book says.
        freezes: when they may not, as today's book says.
        hours_of: version of that book.
        sequences: orders of effects that are held, as today's book says.
        rates: how often they may happen, as today's book says.
        geography: in which countries customers, people and systems may be, as today's book says.
        releases: approvals by which people let the effect go that was held before.
        output: guardrails over what leaves, in the book's order.
        facts: of the decision that the effects follow from; the ledger's digest of them is what counts.
        graver: of an unwinding, by the defect that it is for: graver ones by code, in words. What was signed for the
            lesser one does not count any more once one of them is reported.
    """

    policy_version: str
    guardrails: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    unattended_at_most: Unattended = "low"
    hours: tuple[Hours, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    hours_of: str = ""
    sequences: tuple[Sequence, ...] = ()
    rates: tuple[Rate, ...] = ()
    geography: Geography | None = None
    releases: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    graver: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def area(self, effect: str) -> Geography | None:
        """The row that says in which countries an effect may happen."""
        return self.geography if self.geography and effect in self.geography.effects else None

    def when(self, effect: str) -> tuple[Row, ...]:
        """The rows that say when an effect may happen."""
        rows: tuple[Row, ...] = (*self.hours, *self.freezes)
        return tuple(row for row in rows if effect in row.effects)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a subject comes to under one threshold if this effect happens too."""

    row: Threshold
    subject: str  # as people may read it: a person's id, or the beginning of a keyed hash
    after: int  # cents or actions, this one included

    @property
    def beyond(self) -> bool:
        """Whether that is more than the row allows."""
        return self.after > self.row.at_most


@dataclass(frozen=True, slots=True)
class Intended:
    """One effect about to be written down, as guardrails see it under ``Passage.context["intended"]``.

    Args:
        effect: its name.
        rated: how much harm it could do, from its manifest.
        unattended_at_most: as of the mandate.
        attended: whether a person decided the action.
        now: the moment at which it would happen.
        hours: rows that name it and say when it may happen.
        tallies: one for each threshold and subject that it concerns.
        uncounted: thresholds that name this effect, and nobody is known whom they could be counted for.
        sort: of the effect, where it has sorts.
        walked: sequences that it would complete.
        untraced: sequences that name it, and nobody is known whose steps these are.
        paces: how each rate that names it stands; with places taken, which go back unless it passes.
        unpaced: rates that name it, and nobody is known whom it could be counted for.
        geography: as of the mandate.
        places: where customers, people and system are.
        released: what a person let go, by row: up to which number.
    """

    effect: str
    rated: Rated
    unattended_at_most: Unattended
    attended: bool
    now: datetime
    hours: tuple[Row, ...] = ()
    tallies: tuple[Tally, ...] = ()
    uncounted: tuple[str, ...] = ()
    sort: str = ""
    walked: tuple[Walked, ...] = ()
    untraced: tuple[str, ...] = ()
    paces: tuple[Pace, ...] = ()
    unpaced: tuple[str, ...] = ()
    geography: Geography | None = None
    places: tuple[Place, ...] = ()
    released: Mapping[str, int] = field(default_factory=dict)
