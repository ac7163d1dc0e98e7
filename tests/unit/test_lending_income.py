"""Qualifying income from pay stubs and tax returns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.income import (
    IncomeFlag,
    PayFrequency,
    PayStub,
    QualifyingIncome,
    TaxReturn,
    income_from_pay_stubs,
    monthly_base_pay,
    self_employed_income,
    variance_bps,
)


def stub(day: int, pay: int, frequency: PayFrequency = PayFrequency.BIWEEKLY) -> PayStub:
    return PayStub(date(2026, 10, day), pay, frequency)


@pytest.mark.parametrize(
    ("frequency", "pay", "monthly"),
    [
        (PayFrequency.WEEKLY, 1_500_00, 6_500_00),
        (PayFrequency.BIWEEKLY, 3_000_00, 6_500_00),
        (PayFrequency.SEMIMONTHLY, 3_250_00, 6_500_00),
        (PayFrequency.MONTHLY, 6_500_00, 6_500_00),
        (PayFrequency.ANNUAL, 78_000_00, 6_500_00),
        (PayFrequency.BIWEEKLY, 1_000_01, 2_166_69),  # 2,166.688 rounds half up
    ],
)
def test_base_pay_is_brought_to_a_month_by_its_frequency(
    frequency: PayFrequency, pay: int, monthly: int
) -> None:
    assert monthly_base_pay(stub(9, pay, frequency)) == monthly


def test_latest_stub_gives_the_income_and_a_change_is_flagged() -> None:
    steady = income_from_pay_stubs([stub(9, 3_000_00), stub(23, 3_000_00)])
    assert steady == QualifyingIncome(6_500_00)
    changed = income_from_pay_stubs([stub(23, 3_000_00), stub(9, 3_600_00)])
    assert changed == QualifyingIncome(6_500_00, (IncomeFlag.BASE_PAY_VARIES,))


def test_no_stub_and_negative_pay_are_refused() -> None:
    with pytest.raises(BadInput, match="stubs"):
        income_from_pay_stubs([])
    with pytest.raises(BadInput, match="base_pay_cents"):
        stub(9, -1)


def test_rising_business_income_is_averaged_over_two_years() -> None:
    income = self_employed_income(TaxReturn(2024, 80_000_00, 4_000_00), TaxReturn(2025, 90_000_00, 6_000_00))
    assert income == QualifyingIncome(7_500_00)


def test_declining_business_income_qualifies_at_the_lower_year() -> None:
    income = self_employed_income(TaxReturn(2024, 96_000_00), TaxReturn(2025, 84_000_00))
    assert income == QualifyingIncome(7_000_00, (IncomeFlag.DECLINING,))


def test_business_loss_is_flagged_and_reduces_income() -> None:
    income = self_employed_income(TaxReturn(2024, 12_000_00), TaxReturn(2025, -24_000_00))
    assert income == QualifyingIncome(-2_000_00, (IncomeFlag.DECLINING, IncomeFlag.BUSINESS_LOSS))


def test_returns_of_years_apart_and_negative_additions_are_refused() -> None:
    with pytest.raises(BadInput, match=r"later\.year"):
        self_employed_income(TaxReturn(2023, 1), TaxReturn(2025, 1))
    with pytest.raises(BadInput, match="addbacks_cents"):
        TaxReturn(2025, 1, -1)


def test_overstated_income_shows_as_a_positive_variance() -> None:
    assert variance_bps(11_000_00, 10_000_00) == 1_000
    assert variance_bps(9_000_00, 10_000_00) == -1_000


def test_variance_needs_documented_income() -> None:
    with pytest.raises(BadInput, match="documented_cents"):
        variance_bps(5_000_00, 0)
    with pytest.raises(BadInput, match="stated_cents"):
        variance_bps(-1, 5_000_00)


@given(st.integers(-500_000_00, 500_000_00), st.integers(-500_000_00, 500_000_00))
def test_business_income_never_exceeds_the_two_year_average(earlier: int, later: int) -> None:
    income = self_employed_income(TaxReturn(2024, earlier), TaxReturn(2025, later))
    assert income.monthly_cents <= (earlier + later) / 24 + 1
    assert (IncomeFlag.DECLINING in income.flags) is (later < earlier)
