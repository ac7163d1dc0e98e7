"""Level monthly payment and its amortisation schedule.

Owns the arithmetic of a fully amortising fixed-rate loan. Never prices a loan, never adds
taxes or insurance (``ratios`` does) and never decides whether a term is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from tools.lending import Rate, not_negative, positive, refuse_unless

LONGEST_TERM_MONTHS = 1_200
"""A guard against days or cents sent as months; not a lending limit (those are policy's)."""

_BPS_A_YEAR_TO_A_MONTH = Decimal(120_000)
_PRECISION = Context(prec=40)


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """A fixed-rate loan repaid in equal monthly payments.

    Args:
        principal_cents: note amount, cents, above zero.
        rate_bps: nominal annual note rate, basis points, not negative (387.5 is 3.875 %).
        months: number of monthly payments, 1 to ``LONGEST_TERM_MONTHS``.

    Raises:
        BadInput: when a term is impossible.
    """

    principal_cents: int
    rate_bps: Rate
    months: int

    def __post_init__(self) -> None:
        positive(self.principal_cents, "principal_cents")
        not_negative(self.rate_bps, "rate_bps")
        positive(self.months, "months")
        refuse_unless(
            self.months <= LONGEST_TERM_MONTHS,
            "The term is longer than a century.",
            field="months",
            remedy="Send the term in months.",
        )

    @property
    def monthly_rate(self) -> Decimal:
        """The rate of one month as a fraction: annual basis points / 120,000."""
        return Decimal(self.rate_bps) / _BPS_A_YEAR_TO_A_MONTH


@dataclass(frozen=True, slots=True)
class Instalment:
    """One monthly payment; all amounts in cents, ``principal + interest == payment``."""

    number: int
    payment_cents: int
    interest_cents: int
    principal_cents: int
    balance_cents: int


def monthly_payment(loan: LoanTerms) -> int:
    """Level monthly payment of principal and interest.

    Formula: ``P * r / (1 - (1 + r)**-n)``, and ``P / n`` when the rate is zero.
    Units: cents. Rounding: half up to the cent. Source: annuity formula, as in the
    sample disclosures H-24(B) and H-25(B) of 12 CFR 1026, appendix H.
    """
    with localcontext(_PRECISION):
        rate = loan.monthly_rate
        if rate == 0:
            return _whole(Decimal(loan.principal_cents) / loan.months)
        return _whole(loan.principal_cents * rate / (1 - (1 + rate) ** -loan.months))


def amortise(loan: LoanTerms) -> tuple[Instalment, ...]:
    """The schedule of the level payment.

    Formula: interest of a month is the balance times the monthly rate; the last payment
    takes what is left, so the schedule always ends at zero (earlier than ``months`` when
    rounding pays a very small loan off). Units: cents. Rounding: interest half up to the
    cent each month.
    """
    payment, balance = monthly_payment(loan), loan.principal_cents
    schedule: list[Instalment] = []
    with localcontext(_PRECISION):
        while balance > 0:
            number = len(schedule) + 1
            interest = _whole(balance * loan.monthly_rate)
            due = balance + interest
            paid = due if number == loan.months else min(payment, due)
            balance = due - paid
            schedule.append(Instalment(number, paid, interest, paid - interest, balance))
    return tuple(schedule)


def principal_paid(loan: LoanTerms, months: int) -> int:
    """Principal repaid by the first ``months`` scheduled payments, cents (12 CFR 1026.37(l)(1)).

    Raises:
        BadInput: when ``months`` is negative.
    """
    not_negative(months, "months")
    return sum(line.principal_cents for line in amortise(loan)[:months])


def _whole(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
