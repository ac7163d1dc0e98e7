"""Which of several valuations counts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.valuation import Opinion, counting, range_bps, spread_bps

VALUES = st.integers(min_value=1_000_00, max_value=10_000_000_00)


def opinion(value: int, day: int = 1, *, appraisal: bool = True) -> Opinion:
    return Opinion(appraisal, date(2026, 2, day), value)


def test_the_spread_is_measured_from_the_lowest_value() -> None:
    assert spread_bps([opinion(400_000_00), opinion(440_000_00), opinion(420_000_00)]) == 1_000
    assert spread_bps([opinion(400_000_00)]) == 0


def test_within_tolerance_an_appraisal_then_the_later_day_counts() -> None:
    opinions = [opinion(400_000_00, 1), opinion(410_000_00, 5), opinion(405_000_00, 9, appraisal=False)]
    assert counting(opinions, 1_000) == 1


def test_beyond_tolerance_the_lowest_counts_whatever_made_it() -> None:
    assert counting([opinion(400_000_00), opinion(350_000_00, appraisal=False)], 1_000) == 1


def test_without_a_valuation_or_with_a_range_upside_down_nothing_is_said() -> None:
    with pytest.raises(BadInput, match="opinions"):
        counting([], 1_000)
    with pytest.raises(BadInput, match="high_cents"):
        range_bps(Opinion(False, date(2026, 2, 1), 100, 120, 90))


@given(st.lists(VALUES, min_size=1, max_size=5), st.integers(0, 10_000))
def test_the_value_that_counts_is_one_that_somebody_gave(values: list[int], tolerance: int) -> None:
    opinions = [opinion(value, day) for day, value in enumerate(values, start=1)]
    chosen = opinions[counting(opinions, tolerance)].value_cents
    assert chosen in values
    assert chosen == min(values) or spread_bps(opinions) <= tolerance
