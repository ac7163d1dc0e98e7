"""Rent as qualifying income.

Owns the share of a lease that counts and the cash flow of a rental schedule. Never reads a record and
never sets the share. The payment on a let property's own mortgage stays among the debts that the bureau
file lists, so it is not taken off the rent here. Amounts in cents; rounding half up to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tools.lending import not_negative, positive, refuse_unless


@dataclass(frozen=True, slots=True)
class RentalYear:
    """One property in one year's Schedule E; amounts in cents, none negative.

    Args:
        rents: received.
        expenses: all of them.
        addbacks: of the expenses: depreciation, mortgage interest, taxes, insurance and dues.
        months: that the property was let, 1 to 12.
    """

    rents: int
    expenses: int
    addbacks: int
    months: int


def lease_income(monthly_rent_cents: int, share_bps: int) -> int:
    """Gross rent x the share that counts, cents a month; the rest is for vacancy and upkeep.

    Source: Fannie Mae Selling Guide B3-3.1-08 (75 % of gross rent); the share is the book's.

    Raises:
        BadInput: when the rent or the share is negative.
    """
    not_negative(monthly_rent_cents, "monthly_rent_cents")
    not_negative(share_bps, "share_bps")
    return _whole(Decimal(monthly_rent_cents) * share_bps / 10_000)


def schedule_income(year: RentalYear) -> int:
    """(Rents - expenses + additions) / months let, cents a month; negative for a loss.

    Source: Fannie Mae Form 1038, Method A.

    Raises:
        BadInput: when an amount is negative, the months are not 1 to 12, or more is added than was spent.
    """
    for name in ("rents", "expenses", "addbacks"):
        not_negative(getattr(year, name), name)
    positive(year.months, "months")
    refuse_unless(
        year.months <= 12 and year.addbacks <= year.expenses,
        "A year has twelve months, and no more can be added back than was spent.",
        field="months" if year.months > 12 else "addbacks",
        remedy="Correct it against Schedule E.",
    )
    return _whole(Decimal(year.rents - year.expenses + year.addbacks) / year.months)


def _whole(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
