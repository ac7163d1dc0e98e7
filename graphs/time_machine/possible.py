"""What a figure can be at all, for figures that no decision table bounds.

Owns ranges by unit and the figures whose range is another. Says nothing of what is allowed: that is the book's,
and a table's own range comes first.
"""

from __future__ import annotations

from domain.application import MOST_CENTS
from policies.cell import Input, IntInput

MOST_BPS = 100_000  # 1,000 %, as the shipped tables bound their ratios
MOST_COUNTED = 36_500  # of days, months or things: a century of days
RANGES: dict[str, tuple[int, int]] = {  # both ends included
    "cents": (0, MOST_CENTS),
    "bps": (0, MOST_BPS),
    "times": (-MOST_CENTS, MOST_CENTS),  # a coverage is below zero when the earnings are
    "score": (300, 850),
    "months": (0, MOST_COUNTED),
    "days": (0, MOST_COUNTED),
    "count": (0, MOST_COUNTED),
}
ABOVE_ZERO = {  # what is divided by, or a ratio to something that is there: none of them is nothing
    *("appraised_value_cents", "monthly_income_cents", "ltv_bps", "cltv_bps"),
    *("conforming_limit_cents", "monthly_payment_cents"),
}
BELOW_ZERO = {"rental_income_cents"}  # a let home may cost more than it brings


def possible(name: str, unit: str) -> Input | None:
    """The range of a figure; nothing for codes, dates and flags."""
    if unit not in RANGES:
        return None
    low, high = RANGES[unit]
    if name in BELOW_ZERO:
        low = -high
    return IntInput(unit, max(low, 1) if name in ABOVE_ZERO else low, high)
