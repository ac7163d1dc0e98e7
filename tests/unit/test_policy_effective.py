"""Which version is in force on a day."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import InvalidPolicy
from policies.cell import Place
from policies.effective import Section, in_force

HERE = Place("mortgage.limits")


def section(start: str, end: str | None = None) -> Section:
    return Section.parse({"effective_from": start, "effective_to": end, "name": start[:4]}, HERE)


def test_the_version_of_the_application_date_is_chosen() -> None:
    versions = [section("2026-01-01"), section("2025-01-01", "2025-12-31")]
    assert in_force(versions, date(2025, 12, 31)).content == {"name": "2025"}
    assert in_force(versions, date(2026, 1, 1)).content == {"name": "2026"}


def test_an_open_version_ends_when_the_next_one_starts() -> None:
    versions = [section("2025-01-01"), section("2026-01-01")]
    assert in_force(versions, date(2025, 12, 31)).content == {"name": "2025"}
    assert in_force(versions, date(2030, 1, 1)).content == {"name": "2026"}


@pytest.mark.parametrize(
    ("versions", "complaint"),
    [
        ([], "no version"),
        ([section("2025-01-01", "2025-12-31"), section("2025-12-31")], "overlap"),
        ([section("2025-01-01", "2025-12-30"), section("2026-01-01")], "no version from 2025-12-31"),
        ([section("2025-01-01"), section("2025-01-01")], "two versions start"),
        ([section("2025-06-01", "2025-01-01")], "ends before"),
    ],
)
def test_versions_with_a_gap_or_an_overlap_are_refused(versions: list[Section], complaint: str) -> None:
    with pytest.raises(InvalidPolicy, match=complaint):
        in_force(versions, date(2025, 6, 1))


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 1, 1)])
def test_a_day_that_no_version_covers_is_refused(day: date) -> None:
    with pytest.raises(InvalidPolicy, match="nothing is in force"):
        in_force([section("2025-01-01", "2025-12-31")], day)


@pytest.mark.parametrize("written", ["01/02/2026", None, 2026])
def test_a_section_without_a_readable_date_is_refused(written: object) -> None:
    with pytest.raises(InvalidPolicy, match="effective_from"):
        Section.parse({"effective_from": written}, HERE)
