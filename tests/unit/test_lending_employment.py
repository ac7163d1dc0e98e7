"""Employment dates, variable pay and rent as arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.employment import Break, Spell, breaks, days_worked, undocumented_days
from tools.lending.rental import RentalYear, lease_income, schedule_income
from tools.lending.variable_pay import VariableIncome, variable_income

SINCE, UNTIL = date(2024, 3, 2), date(2026, 3, 2)
FIRST, SECOND = Spell(date(2020, 1, 1), date(2025, 3, 31)), Spell(date(2025, 6, 1))


def test_a_break_counts_both_of_its_days() -> None:
    assert breaks([SECOND, FIRST], SINCE, UNTIL) == (Break(date(2025, 4, 1), date(2025, 5, 31)),)
    assert breaks([SECOND, FIRST], SINCE, UNTIL)[0].days == 61


def test_employments_that_overlap_or_follow_the_next_day_leave_no_break() -> None:
    overlapping = [FIRST, Spell(date(2025, 3, 1), date(2025, 5, 31)), SECOND]
    assert breaks(overlapping, SINCE, UNTIL) == ()


def test_a_break_before_the_time_looked_at_is_cut_or_left_out() -> None:
    early = [Spell(date(2020, 1, 1), date(2023, 12, 31)), Spell(date(2024, 4, 1))]
    assert breaks(early, SINCE, UNTIL) == (Break(SINCE, date(2024, 3, 31)),)
    assert breaks(early, date(2024, 4, 1), UNTIL) == ()


def test_after_the_last_employment_the_break_lasts_until_today() -> None:
    assert breaks([FIRST], SINCE, UNTIL)[0].last == UNTIL
    assert breaks([FIRST, Spell(date(2026, 5, 1))], SINCE, UNTIL)[0].last == UNTIL


def test_days_before_the_first_employment_are_undocumented_not_a_break() -> None:
    assert breaks([SECOND], SINCE, UNTIL) == ()
    assert undocumented_days([SECOND], SINCE) == 456
    assert undocumented_days([FIRST], SINCE) == 0
    assert undocumented_days([], SINCE) == 0


def test_days_of_a_year_in_two_jobs_at_once_are_counted_once() -> None:
    assert days_worked([FIRST, SECOND], 2025) == 365 - 61
    assert days_worked([FIRST, Spell(date(2024, 1, 1), date(2025, 3, 31))], 2025) == 90
    assert days_worked([SECOND], 2024) == 0


def test_an_employment_cannot_end_before_it_starts() -> None:
    with pytest.raises(BadInput, match="ended_on"):
        Spell(date(2025, 1, 2), date(2025, 1, 1))


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=6))
def test_days_in_work_and_breaks_together_are_all_days(pairs: list[tuple[int, int]]) -> None:
    start = date(2023, 1, 1)
    spells = [Spell(start + timedelta(days=min(pair)), start + timedelta(days=max(pair))) for pair in pairs]
    end = date(2025, 12, 31)
    first = min(spell.started_on for spell in spells)
    worked = sum(days_worked(spells, year) for year in (2023, 2024, 2025))
    idle = sum(each.days for each in breaks(spells, start, end))
    assert worked + idle == (end - first).days + 1


def test_variable_pay_is_averaged_unless_it_falls_or_is_too_young() -> None:
    assert variable_income({2024: 12_000, 2025: 24_000}, 2025, 2) == VariableIncome(1_500, 2)
    assert variable_income({2024: 24_000, 2025: 12_000}, 2025, 2) == VariableIncome(1_000, 2, declining=True)
    assert variable_income({2025: 12_000}, 2025, 2) == VariableIncome(0, 1, too_short=True)
    assert variable_income({2023: 1, 2024: 1}, 2025, 2) == VariableIncome(0, 0, too_short=True)


def test_negative_variable_pay_and_no_years_are_refused() -> None:
    with pytest.raises(BadInput, match="variable_pay"):
        variable_income({2025: -1}, 2025, 2)
    with pytest.raises(BadInput, match="years_needed"):
        variable_income({2025: 1}, 2025, 0)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_variable_income_is_never_above_the_average_of_the_years(earlier: int, later: int) -> None:
    income = variable_income({2024: earlier, 2025: later}, 2025, 2)
    assert income.monthly_cents * 24 <= earlier + later + 24
    assert income.declining is (later < earlier)


def test_rent_of_a_lease_and_of_a_schedule_round_half_up() -> None:
    assert lease_income(1_000_01, 7_500) == 750_01
    assert schedule_income(RentalYear(12_000_00, 6_000_00, 3_000_00, 12)) == 750_00


def test_an_impossible_schedule_is_refused() -> None:
    with pytest.raises(BadInput, match="addbacks"):
        schedule_income(RentalYear(1, 1, 2, 12))
    with pytest.raises(BadInput, match="months"):
        schedule_income(RentalYear(1, 1, 1, 13))
