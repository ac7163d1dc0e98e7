"""DTI, LTV and PITIA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.ratios import (
    HousingPayment,
    back_dti_bps,
    cltv_bps,
    front_dti_bps,
    ltv_bps,
    pitia,
    property_value,
)

HOUSING = HousingPayment(2_387_62, property_tax=400_00, hazard_insurance=120_00, association_dues=50_00)
cents = st.integers(1, 10_000_000_00)


def test_housing_payment_is_the_sum_of_its_components() -> None:
    assert pitia(HOUSING) == 2_957_62


def test_front_ratio_counts_housing_and_back_ratio_adds_debts() -> None:
    assert front_dti_bps(HOUSING, 10_000_00) == 2_958
    assert back_dti_bps(HOUSING, 600_00, 10_000_00) == 3_558


def test_purchase_is_valued_at_the_lower_of_price_and_appraisal() -> None:
    assert property_value(400_000_00, 390_000_00) == 390_000_00
    assert property_value(400_000_00) == 400_000_00


def test_loan_to_value_counts_subordinate_liens_only_when_combined() -> None:
    assert ltv_bps(320_000_00, 400_000_00) == 8_000
    assert cltv_bps(320_000_00, [40_000_00, 0], 400_000_00) == 9_000


@pytest.mark.parametrize("income", [0, -1])
def test_ratio_without_income_is_refused(income: int) -> None:
    with pytest.raises(BadInput) as refused:
        back_dti_bps(HOUSING, 0, income)
    assert refused.value.attributes["field"] == "monthly_income_cents"


def test_ratio_of_a_property_without_value_is_refused() -> None:
    with pytest.raises(BadInput, match="value_cents"):
        ltv_bps(320_000_00, 0)


def test_negative_debts_liens_and_components_are_refused() -> None:
    with pytest.raises(BadInput, match="other_debts_cents"):
        back_dti_bps(HOUSING, -1, 10_000_00)
    with pytest.raises(BadInput, match="subordinate_cents"):
        cltv_bps(320_000_00, [-1], 400_000_00)
    with pytest.raises(BadInput, match="mortgage_insurance"):
        HousingPayment(2_387_62, mortgage_insurance=-1)


@given(cents, cents, cents, st.integers(0, 1_000_000_00))
def test_back_ratio_rises_with_debts_and_falls_with_income(
    pay: int, debts: int, income: int, more: int
) -> None:
    housing = HousingPayment(pay)
    ratio = back_dti_bps(housing, debts, income)
    assert back_dti_bps(housing, debts + more, income) >= ratio
    assert back_dti_bps(housing, debts, income + more) <= ratio
    assert front_dti_bps(housing, income) <= ratio


@given(cents, cents, cents)
def test_loan_to_value_rises_with_the_loan_and_falls_with_the_value(loan: int, value: int, more: int) -> None:
    assert ltv_bps(loan + more, value) >= ltv_bps(loan, value) >= ltv_bps(loan, value + more)
    assert cltv_bps(loan, [more], value) == ltv_bps(loan + more, value)
