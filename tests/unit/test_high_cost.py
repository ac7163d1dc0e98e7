"""High-cost status: spread and points and fees against the coverage tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.lending.high_cost import HighCostLimits, high_cost_fees_limit, is_high_cost
from tools.lending.qm import CoveredLoan

LIMITS = HighCostLimits(650, 27_592_00, 500, 800, 1_380_00)


@pytest.mark.parametrize(
    ("total", "limit"),
    [(100_000_00, 5_000_00), (27_592_00, 1_379_60), (27_591_99, 1_380_00), (10_000_00, 800_00)],
)
def test_large_loans_have_a_share_and_small_ones_the_lesser_of_share_and_amount(
    total: int, limit: int
) -> None:
    assert high_cost_fees_limit(LIMITS, total) == limit


@pytest.mark.parametrize(("apr", "high"), [(1_259, False), (1_260, True)])
def test_spread_must_be_above_its_limit(apr: int, high: bool) -> None:
    loan = CoveredLoan(200_000_00, apr, 609)
    assert is_high_cost(LIMITS, loan, 200_000_00, 0, principal=True) is high


@pytest.mark.parametrize(("fees", "high"), [(10_000_00, False), (10_000_01, True)])
def test_fees_must_be_above_their_limit(fees: int, high: bool) -> None:
    loan = CoveredLoan(200_000_00, 650, 609)
    assert is_high_cost(LIMITS, loan, 200_000_00, fees, principal=True) is high


def test_second_home_is_never_high_cost() -> None:
    loan = CoveredLoan(200_000_00, 3_000, 609)
    assert not is_high_cost(LIMITS, loan, 200_000_00, 100_000_00, principal=False)


@given(st.integers(0, 50_000_00), st.integers(0, 50_000_00), st.integers(0, 3_000), st.integers(0, 3_000))
def test_dearer_loan_never_stops_being_high_cost(fees: int, more: int, apr: int, dearer: int) -> None:
    cheap, dear = CoveredLoan(200_000_00, apr, 609), CoveredLoan(200_000_00, apr + dearer, 609)
    before = is_high_cost(LIMITS, cheap, 200_000_00, fees, principal=True)
    assert not before or is_high_cost(LIMITS, dear, 200_000_00, fees + more, principal=True)
