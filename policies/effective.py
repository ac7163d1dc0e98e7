"""Effective dates: which version of a rule, row or section is in force on a day.

Owns the choice by date and the proof that versions follow each other without gap or overlap. Never
reads the clock: the day is handed in (for a case, its application date).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from domain.errors import InvalidPolicy
from policies.cell import Place


class Dated(Protocol):
    """Anything that is in force for a period."""

    @property
    def effective_from(self) -> date:
        """First day in force."""
        ...

    @property
    def effective_to(self) -> date | None:
        """Last day in force; ``None``: until the next version starts, or until further notice."""
        ...


V = TypeVar("V", bound=Dated)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a book with its period and whatever it holds.

    Args:
        effective_from: first day in force.
        effective_to: last day in force, or ``None`` as in ``Dated``.
        content: everything else that was written.
    """

    effective_from: date
    effective_to: date | None
    content: Mapping[str, object]

    @classmethod
    def parse(cls, raw: Mapping[str, object], place: Place) -> Section:
        """Read ``effective_from`` and ``effective_to`` (ISO dates); ``InvalidPolicy`` names the place."""
        start = _day(raw.get("effective_from"), "effective_from", place)
        written = raw.get("effective_to")
        end = None if written is None else _day(written, "effective_to", place)
        rest = {key: each for key, each in raw.items() if key not in ("effective_from", "effective_to")}
        return cls(start, end, rest)


def check_periods(versions: Sequence[Dated]) -> None:
    """Refuse no version, a period that ends before it starts, an overlap or a gap: ``InvalidPolicy``."""
    if not versions:
        raise InvalidPolicy("no version at all")
    ordered = sorted(versions, key=lambda version: version.effective_from)
    for version in ordered:
        start, end = version.effective_from, version.effective_to
        if end is not None and end < start:
            raise InvalidPolicy(f"a version that starts on {start} ends before, on {end}")
    for earlier, later in pairwise(ordered):
        _follows(earlier, later)


def in_force(versions: Sequence[V], on: date) -> V:
    """The one version in force on a day.

    Args:
        versions: in any order; together without gap or overlap.
        on: a calendar day, as in the jurisdiction of the book.

    Raises:
        InvalidPolicy: the periods overlap or leave a gap, or none covers the day.
    """
    check_periods(versions)
    started = [version for version in versions if version.effective_from <= on]
    if not started:
        first = min(version.effective_from for version in versions)
        raise InvalidPolicy(f"nothing is in force on {on}: the first version starts on {first}")
    latest = max(started, key=lambda version: version.effective_from)
    if latest.effective_to is not None and latest.effective_to < on:
        raise InvalidPolicy(f"nothing is in force on {on}: the last version ended on {latest.effective_to}")
    return latest


def _follows(earlier: Dated, later: Dated) -> None:
    if earlier.effective_from == later.effective_from:
        raise InvalidPolicy(f"two versions start on {later.effective_from}")
    if earlier.effective_to is None:
        return
    expected = earlier.effective_to + timedelta(days=1)
    if later.effective_from < expected:
        raise InvalidPolicy(f"versions overlap from {later.effective_from} to {earlier.effective_to}")
    if later.effective_from > expected:
        raise InvalidPolicy(f"no version from {expected} to {later.effective_from - timedelta(days=1)}")


def _day(written: object, name: str, place: Place) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written if isinstance(written, str) else "")
    except ValueError as error:
        raise place.invalid(f"{name} must be a date such as 2026-01-01, and is {written!r}") from error
