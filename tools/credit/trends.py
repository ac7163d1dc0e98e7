"""Whether ratios move for the better or the worse from year to year.

Owns the comparison. Holds no tolerance (rows of the book) and never explains a movement: that is judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from domain.identity import Record
from tools.credit.ratios import Ratio

Direction = Literal["improving", "stable", "declining"]


class TrendRow(Record):
    """One row of ``credit_trends``: a ratio whose movement counts, and how much is no movement."""

    ratio: str
    tolerance_bps: int  # of the ratio itself: 500 is 0.05x


class Trend(Record):
    """One ratio over years; ``direction`` compares the latest with the year before."""

    ratio: str
    values: tuple[tuple[str, int], ...]  # fiscal year end and value in basis points, oldest first
    change_bps: int
    tolerance_bps: int
    direction: Direction


def trends(rows: Iterable[TrendRow], years: Sequence[Sequence[Ratio]]) -> tuple[Trend, ...]:
    """One trend for each row whose ratio is known in the last two years; ``years`` oldest first."""
    found = (_trend(row, years) for row in rows)
    return tuple(each for each in found if each is not None)


def overall(found: Sequence[Trend]) -> Direction | None:
    """The worst direction: one declining ratio is not made good by another; none without a trend."""
    order: tuple[Direction, ...] = ("declining", "stable", "improving")
    return min((each.direction for each in found), key=order.index, default=None)


def _trend(row: TrendRow, years: Sequence[Sequence[Ratio]]) -> Trend | None:
    of_years = [next((each for each in year if each.code == row.ratio), None) for year in years]
    if len(of_years) < 2 or any(each is None or each.value_bps is None for each in of_years[-2:]):
        return None
    known = [each for each in of_years if each is not None and each.value_bps is not None]
    values = tuple((each.period_end, each.value_bps or 0) for each in known)
    change = values[-1][1] - values[-2][1]
    better = change if known[-1].higher_is_better else -change
    direction: Direction = "stable"
    if abs(change) > row.tolerance_bps:
        direction = "improving" if better > 0 else "declining"
    return Trend(
        ratio=row.ratio,
        values=values,
        change_bps=change,
        tolerance_bps=row.tolerance_bps,
        direction=direction,
    )
