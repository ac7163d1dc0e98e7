"""Events of what a case read from outside itself: the clock, a timer, sums over other cases.

A step that runs again and a replay find here what was read then. They decide nothing.
"""

from __future__ import annotations

from audit.events import Event
from domain.identity import Record


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


class EffectMeasured(Event):
    """What guardrails over effects looked at: the time, and sums and counts across cases at that moment."""

    effect: str
    step: str
    at: str  # ISO 8601, UTC, to the microsecond
    hours_of: str  # version of the book whose hours and freezes held then
    tallies: tuple[Tallied, ...]
    uncounted: tuple[str, ...]  # thresholds that nobody is known for
