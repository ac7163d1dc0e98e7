"""Rates looked up in sheets that are handed in.

Owns the lookup of a base rate with its adjustments: one by score and loan-to-value, one by each
further trait that the sheet prices (occupancy, units, ...). Holds no price and invents none: a
request that no row or more than one row answers is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.lending import Rate, positive, refuse_unless


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
    id: str = ""  # of the row, as the sheet names it


@dataclass(frozen=True, slots=True)
class TraitAdjustment:
    """Added for one value of one trait of the loan (``occupancy`` = ``second``), basis points."""

    trait: str
    value: str
    adjustment_bps: Rate
    id: str = ""  # of the row, as the sheet names it


@dataclass(frozen=True, slots=True)
class RateSheet:
    """A sheet in force from ``effective_from`` to ``effective_to`` (both included; None is open)."""

    sheet_id: str
    effective_from: date
    effective_to: date | None
    base: tuple[BaseRate, ...]
    adjustments: tuple[Adjustment, ...]
    traits: tuple[TraitAdjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What is priced: product, term in months, credit score, LTV in basis points and the pricing date.

    ``traits`` are the further things that a sheet may price, by name.
    """

    product: str
    months: int
    score: int
    ltv_bps: int
    on: date
    traits: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        positive(self.months, "months")
        positive(self.score, "score")
        positive(self.ltv_bps, "ltv_bps")


@dataclass(frozen=True, slots=True)
class Quote:
    """The rate with its parts, basis points, the sheet that gave it and the rows that answered."""

    sheet_id: str
    base_bps: Decimal
    adjustment_bps: Decimal  # for score and LTV
    by_trait: tuple[TraitAdjustment, ...] = ()
    row: str = ""  # of the adjustment for score and LTV

    @property
    def trait_bps(self) -> Decimal:
        """What the traits add, basis points, exact."""
        return sum((Decimal(each.adjustment_bps) for each in self.by_trait), Decimal(0))

    @property
    def rate_bps(self) -> Decimal:
        """Base plus adjustments, basis points, exact."""
        return self.base_bps + self.adjustment_bps + self.trait_bps


def quote(sheet: RateSheet, request: RateRequest) -> Quote:
    """Base rate plus the one adjustment of score and LTV plus one for each trait of the sheet; no rounding.

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
    by_trait = tuple(
        _of_trait(sheet, trait, request) for trait in dict.fromkeys(t.trait for t in sheet.traits)
    )
    base, adjustment = Decimal(bases[0].rate_bps), Decimal(rows[0].adjustment_bps)
    return Quote(sheet.sheet_id, base, adjustment, by_trait, rows[0].id)


def _of_trait(sheet: RateSheet, trait: str, request: RateRequest) -> TraitAdjustment:
    rows = [row for row in sheet.traits if (row.trait, row.value) == (trait, request.traits.get(trait))]
    _only_one(len(rows), trait)
    return rows[0]


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
