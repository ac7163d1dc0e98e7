"""Source records of the dwelling, its title and its market."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.identity import Record
from domain.records.amounts import Cents

PropertyType = Literal["single_family", "condominium", "manufactured"]
County = Annotated[str, Field(pattern="^[0-9]{5}$")]  # FIPS code
Value = Annotated[int, Field(gt=0, le=10**13)]  # cents


class Valuation(Record):
    """An appraisal or automated valuation of the property."""

    kind: Literal["valuation"]
    method: Literal["appraisal", "avm"]
    valued_on: date
    value_cents: Value
    low_cents: Value | None = None  # range of the model, both ends or none
    high_cents: Value | None = None
    confidence_bps: Annotated[int, Field(ge=0, le=10_000)] = 10_000
    vendor: Annotated[str | None, Field(pattern="^[a-z0-9][a-z0-9_.-]{0,39}$")] = None  # never a person
    property_type: PropertyType | None = None  # as inspected or as the model's file has it
    units: Annotated[int | None, Field(ge=1, le=4)] = None
    flood_zone: bool = False

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Valuation:
        low, high = self.low_cents, self.high_cents
        if low is None and high is None:
            return self
        if low is None or high is None or not low <= self.value_cents <= high:
            raise PydanticCustomError(
                "impossible", "low_cents and high_cents come together, with value_cents between them"
            )
        return self


class TitleLien(Record):
    """One lien of record, and what is to become of it at closing."""

    lien: Literal["mortgage", "tax", "judgment", "mechanic", "association"]
    amount_cents: Cents
    settled: Literal["paid_at_closing", "subordinated", "open"]


class TitleReport(Record):
    """A title company's search: liens of record and what clouds the title."""

    kind: Literal["title_report"]
    reported_on: date
    liens: Annotated[tuple[TitleLien, ...], Field(max_length=50)] = ()
    defects: Annotated[
        tuple[Literal["vesting", "boundary", "easement", "litigation", "unreleased_lien", "forgery"], ...],
        Field(max_length=20),
    ] = ()


class HousingCosts(Record):
    """What the dwelling costs a month beside the loan, by tax bill, insurance binder and association."""

    kind: Literal["housing_costs"]
    reported_on: date
    monthly_tax_cents: Cents  # a twelfth of the yearly bill
    monthly_insurance_cents: Cents
    monthly_dues_cents: Cents = 0


class MarketReport(Record):
    """House-price trend of the county."""

    kind: Literal["market_report"]
    area: County
    reported_on: date
    trend_bps: Annotated[int, Field(ge=-10_000, le=10_000)]  # change over twelve months


class PortfolioReport(Record):
    """How much of the bank's own mortgage book stands in one county, by credit risk."""

    kind: Literal["portfolio_report"]
    area: County
    reported_on: date
    exposure_cents: Cents  # outstanding in the county
    total_cents: Value  # outstanding in all

    @model_validator(mode="after")
    def _part_of_the_whole(self) -> PortfolioReport:
        if self.exposure_cents > self.total_cents:
            raise PydanticCustomError("impossible", "exposure_cents is above total_cents")
        return self
