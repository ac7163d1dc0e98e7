"""When effects may happen: by the clocks of a place, with cut-offs, holidays and freezes; and what waits together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Verdict, worst
from domain.hours import Freeze, Hours, Row, Span, opening, stamp
from domain.rating import Rated
from guardrails.execution.outside_hours import OutsideHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def hours(**changes: object) -> Hours:
    """Monday to Friday from 08:00 to the cut-off at 17:00 in New York."""
    row = {
        "id": "H1",
        "effects": ["book_offer"],
        "zone": "America/New_York",
        "open": [Span.model_validate({"days": WEEKDAYS, "opens": "08:00", "closes": "17:00"})],
        "source": "test",
    }
    return Hours.model_validate(row | changes)


def freeze(begins: str, ends: str) -> Freeze:
    return Freeze.model_validate(
        {
            "id": "F1",
            "effects": ["book_offer"],
            "begins": begins,
            "ends": ends,
            "why": "release",
            "source": "test",
        }
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-02 15:00", "2026-03-02 15:00"),  # Monday, 10:00 in New York
        ("2026-03-02 21:59:59", "2026-03-02 21:59:59"),  # the last second before the cut-off
        ("2026-03-02 22:00", "2026-03-03 13:00"),  # the cut-off itself
        ("2026-03-02 12:00", "2026-03-02 13:00"),  # before it opens
        ("2026-03-06 23:00", "2026-03-09 12:00"),  # over the weekend in which the clocks go forward
        ("2026-10-30 21:30", "2026-11-02 13:00"),  # and back
    ],
)
def test_hours_follow_the_clocks_of_their_place(now: str, opens: str) -> None:
    assert hours().opening(utc(now)) == utc(opens)


def test_holiday_is_skipped() -> None:
    closed = hours(closed_on=["2026-07-03"])
    assert closed.opening(utc("2026-07-02 22:00")) == utc("2026-07-06 12:00")


def test_day_without_a_cut_off_ends_at_its_midnight() -> None:
    monday = hours(open=[Span.model_validate({"days": ["mon"]})])
    assert monday.opening(utc("2026-03-03 04:59")) == utc("2026-03-03 04:59")
    assert monday.opening(utc("2026-03-03 05:00")) == utc("2026-03-09 04:00")


def test_freeze_that_ends_outside_hours_leads_to_the_next_morning() -> None:
    rows = (hours(), freeze("2026-03-02T15:00:00+00:00", "2026-03-02T23:00:00+00:00"))
    assert opening(rows, utc("2026-03-02 15:00")) == utc("2026-03-03 13:00")
    assert opening(rows, utc("2026-03-02 14:59")) == utc("2026-03-02 14:59")


def test_rows_that_are_never_open_together_have_no_opening() -> None:
    monday = hours(open=[Span.model_validate({"days": ["mon"]})])
    tuesday = hours(id="H2", open=[Span.model_validate({"days": ["tue"]})])
    assert opening((monday, tuesday), utc("2026-03-02 15:00")) is None


@given(st.integers(min_value=0, max_value=60 * 24 * 365))
def test_opening_is_open_and_nothing_between_is(minutes: int) -> None:
    now, rows = utc("2026-01-01 00:00") + timedelta(minutes=minutes), (hours(),)
    at = opening(rows, now)
    assert at is not None
    assert opening(rows, at) == at >= now
    between = (now + (at - now) * part / 7 for part in range(7) if at > now)
    assert all(opening(rows, each) == at for each in between)


async def ruled(now: str, *rows: Row, **released: int) -> Verdict:
    """What the guardrail says at a moment."""
    intended = Intended("book_offer", Rated("low", ()), "high", True, utc(now), rows, released=released)
    return await OutsideHours().check(Passage("case-1", "{}", {"intended": intended}))


async def test_effect_after_the_cut_off_is_held_until_it_opens() -> None:
    held = await ruled("2026-03-02 22:00", hours())
    assert (held.ruling, held.rule, held.until) == (Ruling.HOLD, "H1", utc("2026-03-03 13:00"))
    assert "book_offer waits until 2026-03-03 13:00 UTC" in held.reason
    assert held.measures == {}


async def test_release_covers_the_opening_that_was_seen_and_no_later_one() -> None:
    row = hours(releasable=True)
    held = await ruled("2026-03-02 22:00", row)
    assert held.measures == {"H1": 202603031300}
    assert (await ruled("2026-03-02 23:00", row, **held.measures)).ruling is Ruling.PASS
    assert (await ruled("2026-03-03 22:00", row, **held.measures)).ruling is Ruling.HOLD
    assert (await ruled("2026-03-02 23:00", hours(), **held.measures)).ruling is Ruling.HOLD


async def test_effect_that_does_not_open_within_a_year_is_refused() -> None:
    monday = hours(open=[Span.model_validate({"days": ["mon"]})], releasable=True)
    tuesday = hours(id="H2", open=[Span.model_validate({"days": ["tue"]})], releasable=True)
    assert (await ruled("2026-03-04 15:00", monday, tuesday)).ruling is Ruling.REFUSE


def test_what_waits_for_time_and_for_a_person_is_asked_of_the_person() -> None:
    time = Verdict(Ruling.HOLD, "H1", "shut", measures={"H1": 1}, until=utc("2026-03-03 13:00"))
    person = Verdict(Ruling.HOLD, "T1", "too much", measures={"T1": 2})
    both = worst([Verdict(Ruling.PASS, "X0"), time, person])
    assert (both.rule, both.reason, both.until) == ("H1+T1", "shut; too much", None)
    assert both.measures == {"H1": 1, "T1": 2}


def test_what_waits_for_two_moments_waits_for_the_later_and_is_released_only_whole() -> None:
    first = Verdict(Ruling.HOLD, "H1", "shut", measures={"H1": 1}, until=utc("2026-03-03 13:00"))
    second = Verdict(Ruling.HOLD, "H2", "shut", until=utc("2026-03-04 13:00"))
    both = worst([first, second])
    assert (both.until, both.measures) == (utc("2026-03-04 13:00"), {})


def test_moment_is_released_as_a_number_that_grows() -> None:
    assert stamp(utc("2026-03-02 14:30")) == 202603021430
