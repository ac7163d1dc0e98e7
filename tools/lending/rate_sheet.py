"""Rates looked up in sheets that are handed in.

Owns the lookup of a base rate with its adjustments by score and loan-to-value, and of the
average prime offer rate with the HMDA rate spread. Holds no price and invents none: a
request that no row or more than one row answers is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tools.lending import Rate, not_negative, positive, refuse_unless

_THOUSANDTH_OF_A_POINT = Decimal("0.1")
_ACTIONS_WITH_SPREAD = (1, 2, 8)
"""Originated; approved not accepted; preapproval approved not accepted (HMDA codes)."""


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Base note rate of a product and term, basis points."""

    product: str
    months: int
    rate_bps: Rate


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Added to the base rate, basis points, may be negative.

    Scores run from ``score_from`` to ``score_to``, both included; LTV is above
    ``ltv_above_bps`` and up to ``ltv_to_bps`` included (the way "60.01-70 %" is written).
    """

    score_from: int
    score_to: int
    ltv_above_bps: int
    ltv_to_bps: int
    adjustment_bps: Rate


@dataclass(frozen=True, slots=True)
class RateSheet:
    """A sheet in force from ``effective_from`` to ``effective_to`` (both included; None is open)."""

    sheet_id: str
    effective_from: date
    effective_to: date | None
    base: tuple[BaseRate, ...]
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What is priced: product, term in months, credit score, LTV in basis points and the pricing date."""

    product: str
    months: int
    score: int
    ltv_bps: int
    on: date

    def __post_init__(self) -> None:
        positive(self.months, "months")
        positive(self.score, "score")
        positive(self.ltv_bps, "ltv_bps")


@dataclass(frozen=True, slots=True)
class Quote:
    """The rate with its parts, basis points, and the sheet that gave it."""

    sheet_id: str
    base_bps: Decimal
    adjustment_bps: Decimal

    @property
    def rate_bps(self) -> Decimal:
        """Base plus adjustment, basis points, exact."""
        return self.base_bps + self.adjustment_bps


def quote(sheet: RateSheet, request: RateRequest) -> Quote:
    """Base rate plus the one adjustment of score and LTV; no rounding.

    Raises:
        BadInput: when the sheet is not in force, or not exactly one row answers.
    """
    refuse_unless(
        sheet.effective_from <= request.on
        and (sheet.effective_to is None or request.on <= sheet.effective_to),
        f"Rate sheet {sheet.sheet_id} is not in force on {request.on.isoformat()}.",
        field="on",
        remedy="Take the sheet of the pricing date.",
    )
    bases = [row for row in sheet.base if (row.product, row.months) == (request.product, request.months)]
    _only_one(len(bases), "product")
    rows = [row for row in sheet.adjustments if _applies(row, request)]
    _only_one(len(rows), "score")
    return Quote(sheet.sheet_id, Decimal(bases[0].rate_bps), Decimal(rows[0].adjustment_bps))


class Apor(StrEnum):
    """Which average prime offer rate table a loan is compared with."""

    FIXED = "fixed"  # rate fixed for the term
    VARIABLE = "variable"  # rate that can change, by its first fixed period


@dataclass(frozen=True, slots=True)
class AporTable:
    """One week's average prime offer rates, basis points, by whole years from 1."""

    rates: Mapping[Apor, Sequence[Rate]]

    def rate_bps(self, kind: Apor, years: int) -> Decimal:
        """Rate for ``years``; ``BadInput`` when the table has no such term."""
        rates = self.rates.get(kind, ())
        refuse_unless(
            1 <= years <= len(rates),
            f"The {kind} table has terms of 1 to {len(rates)} years.",
            field="years",
            remedy="Send the term (fixed) or first fixed period (variable) in whole years.",
        )
        return Decimal(rates[years - 1])


@dataclass(frozen=True, slots=True)
class SpreadRequest:
    """A loan whose HMDA rate spread is asked: APR in basis points, table, years and HMDA action code."""

    apr_bps: Rate
    kind: Apor
    years: int
    action: int
    reverse_mortgage: bool = False

    def __post_init__(self) -> None:
        not_negative(self.apr_bps, "apr_bps")
        refuse_unless(
            self.action in range(1, 9),
            "The HMDA action code is 1 to 8.",
            field="action",
            remedy="Take it from the loan application register.",
        )


def rate_spread_bps(table: AporTable, request: SpreadRequest) -> Decimal | None:
    """HMDA rate spread: APR less APOR of the week in which the rate was set.

    Units: basis points; rounding: half up to 0.1 (three places of a percentage). None (not
    applicable) for reverse mortgages and for loans neither originated nor approved.
    Source: 12 CFR 1003.4(a)(12).

    Raises:
        BadInput: when the table has no such term.
    """
    if request.reverse_mortgage or request.action not in _ACTIONS_WITH_SPREAD:
        return None
    spread = Decimal(request.apr_bps) - table.rate_bps(request.kind, request.years)
    return spread.quantize(_THOUSANDTH_OF_A_POINT, ROUND_HALF_UP)


def _applies(row: Adjustment, request: RateRequest) -> bool:
    in_score = row.score_from <= request.score <= row.score_to
    return in_score and row.ltv_above_bps < request.ltv_bps <= row.ltv_to_bps


def _only_one(rows: int, field: str) -> None:
    refuse_unless(
        rows == 1,
        f"{rows} rows of the rate sheet answer this request.",
        field=field,
        remedy="Check product, term, score and LTV; a sheet must answer each request with one row.",
    )
