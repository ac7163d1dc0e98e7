"""Events of what a case read from outside itself: the clock, a timer, sums over other cases.

A step that runs again and a replay find here what was read then. They decide nothing.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from pydantic import Field

from audit.events import Event
from domain.bounds import EffectMandate, Intended, Tally
from domain.geography import Place, Side
from domain.identity import Record
from domain.rate import Pace
from domain.sequence import Done, Walked


class ClockRead(Event):
    """A step looked at the clock, and something of its outcome depends on it."""

    at: str  # ISO 8601, UTC, to the microsecond


class TimerFired(Event):
    """The time that a case waited for is over."""

    name: str


class Tallied(Record):
    """What a subject came to under one threshold, the effect included."""

    row: str  # of the book's thresholds
    subject: str  # a person's id, or the beginning of a keyed hash
    after: int  # cents or actions


class Stepped(Record):
    """One effect that was a step of a sequence."""

    effect: str
    sort: str
    case_id: str
    at: str  # ISO 8601, UTC, to the microsecond
    n: int


class WalkedSteps(Record):
    """Steps of a sequence that a subject had done before."""

    row: str  # of the book's sequences
    subject: str
    steps: tuple[Stepped, ...]


class PaceTaken(Record):
    """How a window of a rate stood."""

    row: str  # of the book's rates
    subject: str
    taken: bool
    opens: str  # the next window, ISO 8601, UTC, to the microsecond


class Placed(Record):
    """Where a customer, one of the bank's people or a system was."""

    side: Side
    who: str
    country: str  # empty when nobody knew


def _nothing(value: object) -> bool:
    return not value


class EffectMeasured(Event):
    """What guardrails over effects looked at: the time, and what they knew of others than the case at that moment."""

    effect: str
    step: str
    at: str  # ISO 8601, UTC, to the microsecond
    hours_of: str  # version of the book whose hours and freezes held then
    tallies: tuple[Tallied, ...]
    uncounted: tuple[str, ...]  # thresholds that nobody is known for
    walked: tuple[WalkedSteps, ...] = Field(default=(), exclude_if=_nothing)
    untraced: tuple[str, ...] = Field(default=(), exclude_if=_nothing)  # sequences that nobody is known for
    paces: tuple[PaceTaken, ...] = Field(default=(), exclude_if=_nothing)
    unpaced: tuple[str, ...] = Field(default=(), exclude_if=_nothing)  # rates that nobody is known for
    places: tuple[Placed, ...] = Field(default=(), exclude_if=_nothing)  # where the book names countries

    @property
    def looked_at(self) -> bool:
        """Whether a row of the book concerned the effect, hours left aside."""
        counted = self.tallies or self.uncounted or self.walked or self.untraced
        return bool(counted or self.paces or self.unpaced or self.places)

    @classmethod
    def of(cls, step: str, hours_of: str, seen: Intended) -> EffectMeasured:
        """What was measured of one effect, as plain values."""
        return cls(
            effect=seen.effect,
            step=step,
            at=_moment(seen.now),
            hours_of=hours_of,
            tallies=tuple(
                Tallied(row=each.row.id, subject=each.subject, after=each.after) for each in seen.tallies
            ),
            uncounted=seen.uncounted,
            walked=tuple(
                WalkedSteps(row=each.row.id, subject=each.subject, steps=tuple(map(_step, each.steps)))
                for each in seen.walked
            ),
            untraced=seen.untraced,
            paces=tuple(map(_pace, seen.paces)),
            unpaced=seen.unpaced,
            places=tuple(Placed(**asdict(each)) for each in seen.places) if seen.geography else (),
        )

    def again(self, seen: Intended, mandate: EffectMandate) -> Intended:
        """An effect as it is measured now, with what was known of others then."""
        thresholds = {row.id: row for row in mandate.thresholds}
        sequences = {row.id: row for row in mandate.sequences}
        rates = {row.id: row for row in mandate.rates}
        return replace(
            seen,
            now=datetime.fromisoformat(self.at),
            tallies=tuple(Tally(thresholds[each.row], each.subject, each.after) for each in self.tallies),
            uncounted=self.uncounted,
            walked=tuple(
                Walked(sequences[each.row], each.subject, tuple(map(_done, each.steps)))
                for each in self.walked
            ),
            untraced=self.untraced,
            paces=tuple(
                Pace(rates[each.row], each.subject, each.taken, datetime.fromisoformat(each.opens))
                for each in self.paces
            ),
            unpaced=self.unpaced,
            places=tuple(Place(**each.model_dump()) for each in self.places),
        )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _step(done: Done) -> Stepped:
    return Stepped(**(asdict(done) | {"at": _moment(done.at)}))


def _done(step: Stepped) -> Done:
    return Done(**(step.model_dump() | {"at": datetime.fromisoformat(step.at)}))


def _pace(pace: Pace) -> PaceTaken:
    return PaceTaken(row=pace.row.id, subject=pace.subject, taken=pace.taken, opens=_moment(pace.opens))
