"""APR: the examples of Regulation Z, appendix J, and what always holds."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.errors import BadInput
from tools.lending.apr import Stream, apr_bps, mortgage_apr_bps, unit_periods
from tools.lending.payment import LoanTerms

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LOAN = [Stream(5_000_00)]


def published(rate: Decimal) -> Decimal:
    """An APR as it is disclosed: percent with two places."""
    return (rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_apr_of_the_regular_loan_is_the_published_one() -> None:
    facts = json.loads((SHARED / "facts" / "formulas.json").read_text(), parse_float=Decimal)
    computed = next(fact["computed"] for fact in facts if "App. J" in fact.get("case", ""))
    rate = apr_bps(LOAN, [Stream(230_00, 24, 1)])
    assert rate / 100 == computed
    assert published(rate) == Decimal("9.69")


@pytest.mark.parametrize(
    ("example", "advanced", "payments", "a_year", "apr"),
    [
        ("(c)(1)(ii)", 6_000_00, [Stream(200_00, 36, 1, Decimal(19) / 30)], 12, "11.82"),
        ("(c)(1)(iii)", 5_000_00, [Stream(219_17, 24, 0, Decimal(6) / 15)], 24, "10.34"),
        ("(c)(1)(iv)", 10_000_00, [Stream(385_00, 40, 1, Decimal(39) / 90)], 4, "8.97"),
        ("(c)(1)(v)", 500_00, [Stream(17_60, 30, 4, Decimal(4) / 7)], 52, "14.96"),
        ("(c)(2)(i)", 5_000_00, [Stream(250_00, 1, 1), Stream(230_00, 23, 2)], 12, "10.08"),
        ("(c)(3)(i)", 5_000_00, [Stream(230_00, 23, 1), Stream(280_00, 1, 24)], 12, "10.50"),
        (
            "(c)(4)(i)",
            5_000_00,
            [Stream(250_00, 1, 1), Stream(230_00, 22, 2), Stream(280_00, 1, 24)],
            12,
            "10.90",
        ),
    ],
)
def test_apr_of_irregular_loans_is_the_published_one(
    example: str, advanced: int, payments: list[Stream], a_year: int, apr: str
) -> None:
    assert published(apr_bps([Stream(advanced)], payments, a_year)) == Decimal(apr), example


def test_odd_first_period_is_counted_back_from_the_first_payment() -> None:
    assert unit_periods(date(1978, 2, 10), date(1978, 4, 1)) == (1, Decimal(19) / 30)
    assert unit_periods(date(2026, 1, 31), date(2026, 2, 28)) == (0, Decimal(28) / 30)
    assert unit_periods(date(2026, 2, 28), date(2026, 3, 31)) == (1, Decimal(0))


def test_thirty_days_left_over_are_a_whole_month() -> None:
    assert unit_periods(date(2026, 1, 2), date(2026, 3, 1)) == (2, Decimal(0))


def test_apr_without_charges_is_the_note_rate() -> None:
    assert abs(mortgage_apr_bps(LoanTerms(350_000_00, 725, 360), 0) - 725) < Decimal("0.1")
    assert mortgage_apr_bps(LoanTerms(250_000_00, 0, 120), 0) == 0


def test_loan_that_never_repays_its_advance_has_no_apr() -> None:
    with pytest.raises(BadInput, match="payments") as refused:
        apr_bps(LOAN, [Stream(200_00, 24, 1)])
    assert refused.value.attributes["field"] == "payments"


def test_charges_that_eat_up_the_loan_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        mortgage_apr_bps(LoanTerms(1_000_00, 650, 12), 1_000_00)
    assert refused.value.attributes["field"] == "prepaid_finance_charge_cents"


def test_first_payment_before_the_advance_is_refused() -> None:
    with pytest.raises(BadInput, match="first_payment"):
        unit_periods(date(2026, 4, 1), date(2026, 4, 1))


@settings(max_examples=40, deadline=None)
@given(st.integers(10_000_00, 900_000_00), st.integers(25, 1_500), st.integers(12, 360), st.integers(0, 900))
def test_apr_rises_with_prepaid_charges(amount: int, rate: int, months: int, charge_bps: int) -> None:
    loan = LoanTerms(amount, rate, months)
    charge = amount * charge_bps // 10_000
    assume(charge > 0)
    assert mortgage_apr_bps(loan, charge) > mortgage_apr_bps(loan, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 5_000_00))
def test_apr_rises_with_the_payment(count: int, more: int) -> None:
    payment = 5_000_00 // count + 1
    dearer = apr_bps(LOAN, [Stream(payment + more, count, 1)])
    assert dearer >= apr_bps(LOAN, [Stream(payment, count, 1)]) >= 0
