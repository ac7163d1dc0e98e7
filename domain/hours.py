"""When effects may happen: business hours with their cut-offs, days on which a system is closed, freezes.

Owns the rows and the one question of when something next may. Pure: it is handed the time and reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from domain.identity import Record

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = 366  # days that are looked ahead for an opening
Effects = Annotated[tuple[str, ...], Field(min_length=1)]
Status = Literal["primary", "secondary", "unverified"]
STAMP = "%Y%m%d%H%M"  # UTC; a number that grows with time and that people can read


def of_clock(written: object) -> object:
    """``"17:00"`` as a time of day; YAML reads 17:00 without quotation marks as a number of minutes."""
    if isinstance(written, str | time):
        return written
    raise ValueError(f'{written!r} is no time of day; write it with quotation marks: "17:00"')


OfClock = Annotated[time, BeforeValidator(of_clock)]


class Span(Record):
    """A part of some days. What runs past midnight is written as two."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: OfClock = time(0)
    closes: OfClock | None = None  # the cut-off: not open any more at that minute; without: the day's end

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.opens.tzinfo or (self.closes and self.closes.tzinfo):
            raise ValueError("opens and closes are local times of the row's zone, without an offset")
        if self.closes is not None and self.closes <= self.opens:
            raise ValueError(
                f"closes {self.closes:%H:%M} is not after opens {self.opens:%H:%M}; write two spans"
            )
        return self


class Hours(Record):
    """When some effects may happen, by the clocks of one place. Several rows on one effect must all be open."""

    id: str
    effects: Effects
    zone: str  # IANA name, America/New_York; its changes of clock are followed
    open: Annotated[tuple[Span, ...], Field(min_length=1)]  # any of them
    closed_on: tuple[date, ...] = ()  # days of that place: holidays
    releasable: bool = False  # a person may let an effect go before it opens, at the boundary ``release``
    source: str
    source_status: Status = "unverified"

    @model_validator(mode="after")
    def _somewhere(self) -> Hours:
        if self.zone not in available_timezones():
            raise ValueError(f"hours {self.id}: {self.zone} is no time zone; write America/New_York")
        return self

    def opening(self, now: datetime) -> datetime | None:
        """``now`` while it is open, else when it next opens (UTC); ``None`` when it does not within a year."""
        for begins, ends in self._spans(now):
            if now < ends:
                return max(begins, now)
        return None

    def _spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every span from the day of ``now`` on, in order."""
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        for day in (today + timedelta(days=n) for n in range(AHEAD)):
            if day in self.closed_on:
                continue
            for span in sorted(self.open, key=lambda each: each.opens):
                if WEEK[day.weekday()] in span.days:
                    last, at = (day, span.closes) if span.closes else (day + timedelta(days=1), time(0))
                    begins = datetime.combine(day, span.opens, zone).astimezone(UTC)
                    yield begins, datetime.combine(last, at, zone).astimezone(UTC)


class Freeze(Record):
    """A stretch in which some effects do not happen: a release, a year's end, an incident."""

    id: str
    effects: Effects
    begins: AwareDatetime
    ends: AwareDatetime  # not frozen any more at that moment
    why: str
    releasable: bool = False  # a person may let an effect go in spite of it, at the boundary ``release``
    source: str
    source_status: Status = "unverified"

    @model_validator(mode="after")
    def _forwards(self) -> Freeze:
        if self.ends <= self.begins:
            raise ValueError(f"freeze {self.id} ends before it begins")
        return self

    def opening(self, now: datetime) -> datetime | None:
        """``now`` while nothing is frozen, else when the freeze ends (UTC)."""
        return self.ends.astimezone(UTC) if self.begins <= now < self.ends else now


Row = Hours | Freeze


def opening(rows: tuple[Row, ...], now: datetime) -> datetime | None:
    """``now`` while every row is open, else the first moment at which all are; ``None`` without one in a year."""
    at, last = now, now + timedelta(days=AHEAD)
    while at <= last:
        found = [row.opening(at) for row in rows]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        latest = max(known, default=at)
        if latest == at:
            return at
        at = latest
    return None


def stamp(moment: datetime) -> int:
    """A moment as the number that a person releases up to: 202603021430 is 2 March 2026, 14:30 UTC."""
    return int(moment.astimezone(UTC).strftime(STAMP))
