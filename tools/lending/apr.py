"""Annual percentage rate by the actuarial method.

Owns the general equation of Regulation Z, appendix J, and the counting of unit-periods.
Never decides which charges are finance charges and never compares a rate with a limit.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from tools.lending import not_negative, positive, refuse_unless
from tools.lending.payment import LoanTerms, amortise

_PRECISION = Context(prec=40)
_STEPS = 100
_HUNDREDTH = Decimal("0.01")
_DAYS_IN_A_STANDARD_MONTH = Decimal(30)
_HIGHEST_PERIOD_RATE = Decimal(16)


@dataclass(frozen=True, slots=True)
class Stream:
    """Equal amounts, one each unit-period.

    Args:
        amount_cents: each amount, cents, above zero.
        count: how many, at least 1.
        period: full unit-periods from the first advance to the first amount of the stream.
        fraction: fraction of a unit-period on top of ``period``, from 0 to below 1.

    Raises:
        BadInput: when a figure is impossible.
    """

    amount_cents: int
    count: int = 1
    period: int = 0
    fraction: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        positive(self.amount_cents, "amount_cents")
        positive(self.count, "count")
        not_negative(self.period, "period")
        not_negative(self.fraction, "fraction")
        refuse_unless(
            self.fraction < 1,
            "The fraction of a unit-period must be below 1.",
            field="fraction",
            remedy="Count whole unit-periods in period.",
        )

    @property
    def total_cents(self) -> int:
        """Sum of the stream, cents."""
        return self.amount_cents * self.count

    def present_value(self, rate: Decimal) -> Decimal:
        """Value at the first advance, cents, at ``rate`` a unit-period (a fraction)."""
        if rate == 0:
            return Decimal(self.total_cents)
        annuity = (1 - (1 + rate) ** -self.count) * (1 + rate) / rate
        return self.amount_cents * annuity / ((1 + self.fraction * rate) * (1 + rate) ** self.period)


def apr_bps(advances: Sequence[Stream], payments: Sequence[Stream], periods_a_year: int = 12) -> Decimal:
    """Annual percentage rate.

    Formula: the unit-period rate ``i`` at which
    ``sum A/((1 + e*i)(1 + i)**q) == sum P/((1 + f*i)(1 + i)**t)``, times ``periods_a_year``.
    Units: basis points. Rounding: half up to 0.01 basis point. Domain: payments not below
    advances. Source: 12 CFR 1026, appendix J, (b)(1) and (b)(8).

    Raises:
        BadInput: when nothing is advanced or paid, or payments do not repay the advances.
    """
    positive(periods_a_year, "periods_a_year")
    positive(sum(stream.total_cents for stream in advances), "advances")
    positive(sum(stream.total_cents for stream in payments), "payments")
    with localcontext(_PRECISION):
        rate = _period_rate(advances, payments)
        return (rate * periods_a_year * 10_000).quantize(_HUNDREDTH, ROUND_HALF_UP)


def mortgage_apr_bps(loan: LoanTerms, prepaid_finance_charge_cents: int) -> Decimal:
    """APR of a level monthly loan with a regular first period.

    Formula: amount financed is the note amount less prepaid finance charges (12 CFR
    1026.18(b)); payments are those of ``amortise``. Units and rounding as ``apr_bps``.

    Raises:
        BadInput: when the charge is negative or eats up the loan.
    """
    not_negative(prepaid_finance_charge_cents, "prepaid_finance_charge_cents")
    financed = loan.principal_cents - prepaid_finance_charge_cents
    positive(financed, "prepaid_finance_charge_cents")
    paid = [Stream(line.payment_cents, period=line.number) for line in amortise(loan)]
    return apr_bps([Stream(financed)], _level(paid))


def unit_periods(advanced: date, first_payment: date) -> tuple[int, Decimal]:
    """Full months and fraction of a month from the advance to the first payment.

    Formula: months are counted back from the later date; days left over are divided by 30.
    Source: 12 CFR 1026, appendix J, (b)(5)(ii).

    Raises:
        BadInput: when the payment is not after the advance.
    """
    refuse_unless(
        first_payment > advanced,
        "The first payment is not after the advance.",
        field="first_payment",
        remedy="Check the two dates against the note.",
    )
    months = (first_payment.year - advanced.year) * 12 + first_payment.month - advanced.month
    if _months_before(first_payment, months) < advanced:
        months -= 1
    days = (_months_before(first_payment, months) - advanced).days
    whole, left = divmod(days, 30)
    return months + whole, Decimal(left) / _DAYS_IN_A_STANDARD_MONTH


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _level(payments: Sequence[Stream]) -> list[Stream]:
    """Join neighbours of one amount, so that a long loan is a few annuities."""
    joined: list[Stream] = []
    for payment in payments:
        last = joined[-1] if joined else None
        if last and last.amount_cents == payment.amount_cents:
            joined[-1] = Stream(last.amount_cents, last.count + 1, last.period)
        else:
            joined.append(payment)
    return joined


def _period_rate(advances: Sequence[Stream], payments: Sequence[Stream]) -> Decimal:
    def shortfall(rate: Decimal) -> Decimal:
        owed = sum((stream.present_value(rate) for stream in advances), Decimal(0))
        return owed - sum(stream.present_value(rate) for stream in payments)

    low, high = Decimal(0), _HIGHEST_PERIOD_RATE
    refuse_unless(
        shortfall(low) <= 0 <= shortfall(high),
        "No rate equates these payments with these advances.",
        field="payments",
        remedy="Check amounts and dates: payments must repay at least what was advanced.",
    )
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if shortfall(middle) > 0 else (middle, high)
    return (low + high) / 2
