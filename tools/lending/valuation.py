"""Which of several valuations counts, and how far they lie apart.

Owns the choice among valuations and the width of a model's range. Never reads a record and never sets
a tolerance. Values in cents; distances in basis points, half even.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.money import basis_points
from tools.lending import not_negative, positive, refuse_unless


@dataclass(frozen=True, slots=True)
class Opinion:
    """One valuation.

    Args:
        appraisal: made by an appraiser; otherwise by a model.
        valued_on: its date.
        value_cents: above zero.
        low_cents: low end of the model's range, if it gives one.
        high_cents: high end, not below ``low_cents``.
    """

    appraisal: bool
    valued_on: date
    value_cents: int
    low_cents: int | None = None
    high_cents: int | None = None


def spread_bps(opinions: Sequence[Opinion]) -> int:
    """(Highest value - lowest value) / lowest value; 0 for a single valuation.

    Raises:
        BadInput: when there is none, or a value is not above zero.
    """
    _some(opinions)
    values = [opinion.value_cents for opinion in opinions]
    positive(min(values), "value_cents")
    return basis_points(max(values) - min(values), min(values))


def counting(opinions: Sequence[Opinion], tolerance_bps: int) -> int:
    """Index of the valuation that counts.

    Rule: an appraisal before a model, then the latest, then the last given. When they lie further
    apart than ``tolerance_bps`` the lowest counts, whatever made it; no average is ever taken.
    Source: house rule; Fannie Mae Selling Guide B2-1.2-01 takes one value and no mean.

    Raises:
        BadInput: when there is none, or the tolerance is negative.
    """
    _some(opinions)
    not_negative(tolerance_bps, "tolerance_bps")
    order = range(len(opinions))
    if spread_bps(opinions) > tolerance_bps:
        return min(order, key=lambda index: opinions[index].value_cents)
    return max(order, key=lambda index: (opinions[index].appraisal, opinions[index].valued_on, index))


def range_bps(opinion: Opinion) -> int | None:
    """(High - low) / value of a model's range, or nothing when it gave none.

    Raises:
        BadInput: when the value is not above zero or the range is the wrong way round.
    """
    if opinion.low_cents is None or opinion.high_cents is None:
        return None
    positive(opinion.value_cents, "value_cents")
    not_negative(opinion.high_cents - opinion.low_cents, "high_cents")
    return basis_points(opinion.high_cents - opinion.low_cents, opinion.value_cents)


def _some(opinions: Sequence[Opinion]) -> None:
    refuse_unless(
        bool(opinions),
        "There is no valuation to choose from.",
        field="opinions",
        remedy="Ask for an appraisal or an automated valuation.",
    )
