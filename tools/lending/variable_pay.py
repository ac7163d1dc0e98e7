"""Overtime, bonus and commission as qualifying income.

Owns the average over full years and what a falling or a short history does to it. Never reads a record,
never decides whether the pay will continue and never sets the years that are needed. Amounts in cents;
rounding half up to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tools.lending import not_negative, positive


@dataclass(frozen=True, slots=True)
class VariableIncome:
    """What one kind of variable pay adds, cents a month, and what was seen of it.

    Args:
        monthly_cents: 0 when the history is too short.
        years: how many consecutive full years up to the last one are documented.
        too_short: fewer than needed: nothing counts.
        declining: the last year is below the one before: the last year alone counts.
    """

    monthly_cents: int
    years: int
    too_short: bool = False
    declining: bool = False


def variable_income(paid: Mapping[int, int], last_year: int, years_needed: int) -> VariableIncome:
    """Monthly income of one kind of variable pay.

    Formula: sum of the ``years_needed`` latest full years / months; when the last year is below the one
    before it, the last year / 12. Too few consecutive years up to ``last_year``: 0.
    Source: Fannie Mae Selling Guide B3-3.1-03 and -04 (two years' history, averaged, trend considered);
    the last year alone when declining, and nothing below the history, are house rules.

    Args:
        paid: year to cents paid in it.
        last_year: the last full calendar year.
        years_needed: from the book, above zero.

    Raises:
        BadInput: when an amount is negative or ``years_needed`` is not above zero.
    """
    positive(years_needed, "years_needed")
    for cents in paid.values():
        not_negative(cents, "variable_pay")
    years = _run(paid, last_year)
    if years < years_needed:
        return VariableIncome(0, years, too_short=True)
    counted = [paid[last_year - back] for back in range(years_needed)]
    declining = years_needed > 1 and counted[0] < counted[1]
    months = 12 if declining else 12 * years_needed
    total = counted[0] if declining else sum(counted)
    monthly = int((Decimal(total) / months).quantize(Decimal(1), ROUND_HALF_UP))
    return VariableIncome(monthly, years, declining=declining)


def _run(paid: Mapping[int, int], last_year: int) -> int:
    years = 0
    while last_year - years in paid:
        years += 1
    return years
