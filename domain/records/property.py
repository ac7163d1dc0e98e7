"""Source records of the dwelling and its market."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record


class Valuation(Record):
    """An appraisal or automated valuation of the property."""

    kind: Literal["valuation"]
    method: Literal["appraisal", "avm"]
    valued_on: date
    value_cents: Annotated[int, Field(gt=0, le=10**13)]
    confidence_bps: Annotated[int, Field(ge=0, le=10_000)] = 10_000
    flood_zone: bool = False


class MarketReport(Record):
    """House-price trend of the county."""

    kind: Literal["market_report"]
    area: str
    reported_on: date
    trend_bps: Annotated[int, Field(ge=-10_000, le=10_000)]  # change over twelve months
