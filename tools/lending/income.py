"""Qualifying monthly income from source records.

Owns base pay by frequency, what a year to date and a year's wages come to, the two-year average of the
self-employed and the variance between stated and documented income. Never reads a document, never judges
whether income will continue and never sets a tolerance. Amounts in cents; rounding half up to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.money import basis_points
from tools.lending import not_negative, positive, refuse_unless


class PayFrequency(StrEnum):
    """How often base pay is paid."""

    WEEKLY = "weekly"  # 52 a year
    BIWEEKLY = "biweekly"  # 26 a year
    SEMIMONTHLY = "semimonthly"  # 24 a year
    MONTHLY = "monthly"  # 12 a year
    ANNUAL = "annual"  # once a year, as in an offer letter


PAY_PERIODS_A_YEAR = {
    PayFrequency.WEEKLY: 52,
    PayFrequency.BIWEEKLY: 26,
    PayFrequency.SEMIMONTHLY: 24,
    PayFrequency.MONTHLY: 12,
    PayFrequency.ANNUAL: 1,
}


class IncomeFlag(StrEnum):
    """What a person should know about an income figure."""

    BASE_PAY_VARIES = "base_pay_varies"  # the stubs do not all give the monthly pay of the latest
    DECLINING = "declining"  # the later year is below the earlier one
    BUSINESS_LOSS = "business_loss"  # at least one year ended in a loss


@dataclass(frozen=True, slots=True)
class PayStub:
    """One pay stub of one employment.

    Args:
        pay_date: date of payment.
        base_pay_cents: gross base pay of the period, cents, without overtime, bonus or commission.
        frequency: how often it is paid.

    Raises:
        BadInput: when the pay is negative.
    """

    pay_date: date
    base_pay_cents: int
    frequency: PayFrequency

    def __post_init__(self) -> None:
        not_negative(self.base_pay_cents, "base_pay_cents")


@dataclass(frozen=True, slots=True)
class TaxReturn:
    """One year of a business in the owner's tax return.

    Args:
        year: tax year.
        net_cents: net profit, cents; negative for a loss.
        addbacks_cents: depreciation and other non-cash charges added back, cents, not negative.

    Raises:
        BadInput: when the additions are negative.
    """

    year: int
    net_cents: int
    addbacks_cents: int = 0

    def __post_init__(self) -> None:
        not_negative(self.addbacks_cents, "addbacks_cents")

    @property
    def cash_flow_cents(self) -> int:
        """Net profit plus additions, cents."""
        return self.net_cents + self.addbacks_cents


@dataclass(frozen=True, slots=True)
class QualifyingIncome:
    """Monthly income to qualify on, cents (negative for a business loss), and its flags."""

    monthly_cents: int
    flags: tuple[IncomeFlag, ...] = ()


def monthly_base_pay(stub: PayStub) -> int:
    """Base pay of the period x periods a year / 12, cents a month.

    Source: Fannie Mae Selling Guide B3-3.1-03 (base pay by frequency).
    """
    return _whole(Decimal(stub.base_pay_cents * PAY_PERIODS_A_YEAR[stub.frequency]) / 12)


def income_from_pay_stubs(stubs: Sequence[PayStub]) -> QualifyingIncome:
    """Monthly base pay of one employment: that of the latest stub, flagged when others differ.

    Raises:
        BadInput: when there is no stub.
    """
    refuse_unless(
        bool(stubs),
        "There is no pay stub to take income from.",
        field="stubs",
        remedy="Ask for the latest pay stub.",
    )
    latest = monthly_base_pay(max(stubs, key=lambda stub: stub.pay_date))
    varies = any(monthly_base_pay(stub) != latest for stub in stubs)
    return QualifyingIncome(latest, (IncomeFlag.BASE_PAY_VARIES,) if varies else ())


def self_employed_income(earlier: TaxReturn, later: TaxReturn) -> QualifyingIncome:
    """Monthly income of the self-employed from two consecutive years.

    Formula: (earlier + later cash flow) / 24; when the later year is lower, the later year
    alone / 12, flagged as declining. A loss stays negative: it reduces other income.
    Source: cash flow after Fannie Mae Form 1084; the lower year when declining is the house rule.

    Raises:
        BadInput: when the years do not follow each other.
    """
    refuse_unless(
        later.year == earlier.year + 1,
        "The two returns are not of consecutive years.",
        field="later.year",
        remedy="Send the returns of the two latest tax years, the earlier first.",
    )
    declining = later.cash_flow_cents < earlier.cash_flow_cents
    total = later.cash_flow_cents * 2 if declining else earlier.cash_flow_cents + later.cash_flow_cents
    flags = [IncomeFlag.DECLINING] if declining else []
    if min(earlier.cash_flow_cents, later.cash_flow_cents) < 0:
        flags.append(IncomeFlag.BUSINESS_LOSS)
    return QualifyingIncome(_whole(Decimal(total) / 24), tuple(flags))


def year_to_date_shortfall_bps(latest: PayStub, ytd_cents: int, started_on: date | None = None) -> int:
    """How far gross pay of the year to date falls short of the base pay of its periods.

    Formula: periods = days from 1 January, or from a later start, to the stub's date x periods a year / 365,
    whole ones, less one for the day of payment; (base pay x periods - year to date) / base pay x periods.
    0 when the year to date is not below. Basis points, half even.
    Source: Fannie Mae Selling Guide B3-3.1-03 (year-to-date pay must support the base pay).

    Raises:
        BadInput: when the year to date is negative.
    """
    not_negative(ytd_cents, "ytd_cents")
    first = max(date(latest.pay_date.year, 1, 1), started_on or date.min)
    days = (latest.pay_date - first).days + 1
    periods = max(0, days * PAY_PERIODS_A_YEAR[latest.frequency] // 365 - 1)
    least = latest.base_pay_cents * periods
    return basis_points(least - ytd_cents, least) if least > ytd_cents else 0


def monthly_wages(wages_cents: int, days_worked: int) -> int:
    """Wages of one year brought to a month of work: wages x 365 / days worked / 12, cents.

    Raises:
        BadInput: when the wages are negative or the days are not 1 to 366.
    """
    not_negative(wages_cents, "wages_cents")
    refuse_unless(
        1 <= days_worked <= 366,
        "A year has 1 to 366 days of work.",
        field="days_worked",
        remedy="Correct the dates of the employments.",
    )
    return _whole(Decimal(wages_cents) * 365 / days_worked / 12)


def variance_bps(stated_cents: int, documented_cents: int) -> int:
    """(Stated - documented) / documented income, basis points, half even; above zero is overstated.

    Raises:
        BadInput: when stated income is negative or documented income is not above zero.
    """
    not_negative(stated_cents, "stated_cents")
    positive(documented_cents, "documented_cents")
    return basis_points(stated_cents - documented_cents, documented_cents)


def _whole(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
