"""Level payment and amortisation: published figures, and what always holds."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.money import Money
from tools.lending.payment import LoanTerms, amortise, monthly_payment, principal_paid

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
needs_facts = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
SAMPLE = LoanTerms(162_000_00, Decimal("387.5"), 360)

amounts = st.integers(1, 5_000_000_00)
rates = st.integers(0, 3_000)
terms = st.integers(1, 480)


@needs_facts
def test_monthly_payment_is_the_published_one() -> None:
    facts = json.loads((SHARED / "facts" / "formulas.json").read_text(), parse_float=Decimal)
    loans = [fact for fact in facts if "monthly_pi" in fact]
    assert len(loans) == 6
    for fact in loans:
        terms_of_fact = LoanTerms(fact["principal"] * 100, Decimal(fact["rate_pct"]) * 100, fact["months"])
        assert Money(monthly_payment(terms_of_fact)) == Money.of(fact["monthly_pi"])


def test_sample_loan_pays_the_published_principal_in_five_years() -> None:
    assert principal_paid(SAMPLE, 60) == 15_772_58  # published as 15,773 in H-24(B) and H-25(B)


def test_schedule_ends_at_zero_with_the_term() -> None:
    schedule = amortise(SAMPLE)
    assert (len(schedule), schedule[-1].balance_cents) == (360, 0)
    assert abs(schedule[-1].payment_cents - monthly_payment(SAMPLE)) < 500


@pytest.mark.parametrize(
    ("field", "principal", "rate", "months"),
    [
        ("principal_cents", 0, 650, 360),
        ("principal_cents", -1, 650, 360),
        ("rate_bps", 100_00, -1, 360),
        ("rate_bps", 100_00, Decimal("NaN"), 360),
        ("months", 100_00, 650, 0),
        ("months", 100_00, 650, 1_201),
    ],
)
def test_impossible_loan_is_refused(field: str, principal: int, rate: Decimal | int, months: int) -> None:
    with pytest.raises(BadInput) as refused:
        LoanTerms(principal, rate, months)
    assert refused.value.attributes["field"] == field
    assert refused.value.attributes["remedy"]


@given(amounts, rates, terms)
def test_payment_rises_with_amount_and_rate_and_covers_the_principal(
    amount: int, rate: int, term: int
) -> None:
    payment = monthly_payment(LoanTerms(amount, rate, term))
    assert monthly_payment(LoanTerms(amount + 100_00, rate, term)) >= payment
    assert monthly_payment(LoanTerms(amount, rate + 25, term)) >= payment
    assert payment * term >= amount - term


@given(amounts, rates, terms)
def test_longer_term_never_raises_the_payment(amount: int, rate: int, term: int) -> None:
    assert monthly_payment(LoanTerms(amount, rate, term + 1)) <= monthly_payment(
        LoanTerms(amount, rate, term)
    )


@given(amounts, rates, st.integers(1, 60))
def test_schedule_repays_exactly_what_was_lent(amount: int, rate: int, term: int) -> None:
    schedule = amortise(LoanTerms(amount, rate, term))
    assert sum(line.principal_cents for line in schedule) == amount
    assert all(line.payment_cents == line.principal_cents + line.interest_cents for line in schedule)
    assert len(schedule) <= term
