"""What source records say of the property: its value with the ratios that rest on it, and its market.

Owns the tools that read valuations and market reports. Never decides whether a value, a ratio or a
market is acceptable and holds no threshold. Amounts in cents; ratios in basis points, half even.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext
from tools.lending.ratios import cltv_bps, ltv_bps, property_value


class PropertyValue(Record):
    """The valuation that counts, beside the agreed price, with the loan-to-value ratios."""

    found: bool
    valuations: int = 0  # how many were read
    method: Literal["appraisal", "avm"] | None = None
    valued_on: date | None = None
    appraised_value_cents: int | None = None
    confidence_bps: int | None = None  # of the model; 10,000 for an appraisal
    flood_zone: bool = False  # any valuation on record says so
    price_cents: int
    ltv_bps: int | None = None
    cltv_bps: int | None = None


class MarketTrend(Record):
    """House-price change of the property's county by the latest report."""

    found: bool
    area: str  # county FIPS code
    reported_on: date | None = None
    trend_bps: int | None = None  # change over twelve months


async def valuation(args: NoArguments, context: ToolContext) -> PropertyValue:
    """The latest appraisal, or the latest automated valuation when there is none, and LTV / CLTV.

    Formula: value is the lower of valuation and price; LTV is loan / value; CLTV adds the other liens
    of the application. Of two valuations of one day the one that arrived last counts.
    Source: Fannie Mae Selling Guide B2-1.2-01.
    """
    application = context.application
    price = application["property"]["price_cents"]
    rows = await context.warehouse.records("valuation")
    if not rows:
        return PropertyValue(found=False, price_cents=price)
    best = _counting(rows)
    value = property_value(best["value_cents"], price)
    loan = application["loan_amount_cents"]
    return PropertyValue(
        found=True,
        valuations=len(rows),
        method=best["method"],
        valued_on=best["valued_on"],
        appraised_value_cents=best["value_cents"],
        confidence_bps=best.get("confidence_bps", 10_000),
        flood_zone=any(row.get("flood_zone", False) for row in rows),
        price_cents=price,
        ltv_bps=ltv_bps(loan, value),
        cltv_bps=cltv_bps(loan, [application["other_liens_cents"]], value),
    )


async def market_report(args: NoArguments, context: ToolContext) -> MarketTrend:
    """The latest report on the property's county; reports on other counties are not used."""
    area = context.application["property"]["area"]
    rows = [row for row in await context.warehouse.records("market_report") if row["area"] == area]
    if not rows:
        return MarketTrend(found=False, area=area)
    latest = max(reversed(rows), key=lambda row: str(row["reported_on"]))
    return MarketTrend(
        found=True, area=area, reported_on=latest["reported_on"], trend_bps=latest["trend_bps"]
    )


def _counting(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Appraisal before model, then the latest day, then the latest arrival (rows come oldest first)."""
    return max(reversed(rows), key=lambda row: (row["method"] == "appraisal", row["valued_on"]))


TOOLS: tuple[Tool, ...] = (
    Tool(
        "valuation",
        "The property's appraised or modelled value, the agreed price, LTV, CLTV and flood zone.",
        NoArguments,
        PropertyValue,
        valuation,
        frozenset({"valuation"}),
        ("loan_amount_cents",),  # when an approver's edit replaced the application's
    ),
    Tool(
        "market_report",
        "House-price change over twelve months in the property's county.",
        NoArguments,
        MarketTrend,
        market_report,
        frozenset({"market_report"}),
    ),
)
