"""The only place that reads the time. Everything else is handed a ``Clock``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the present as an aware UTC time."""

    def now(self) -> datetime:
        """The present, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock, shifted by ``ahead`` (demonstrations and recovery drills)."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return datetime.now(UTC) + self._ahead


class SetClock:
    """A clock that stands still until it is moved: for replay, simulation and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._at

    def reach(self, at: datetime) -> None:
        """Move ahead to ``at``; never back."""
        self._at = max(self._at, at.astimezone(UTC))

    def forward(self, by: timedelta) -> None:
        """Move ahead by ``by``."""
        self._at += by


def parse_time(text: str) -> datetime:
    """ISO 8601 with offset to aware UTC; ``ValueError`` when the offset is missing."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"time without offset: {text!r}")
    return at.astimezone(UTC)


def days_between(earlier: date, later: date) -> int:
    """Calendar days from ``earlier`` to ``later`` (negative when it is before)."""
    return (later - earlier).days
