"""What is known of the property's market: the county's price trend, and how much the bank has there already.

Owns the tools that read market reports and the bank's own portfolio reports. Never forecasts and never
decides how much is too much. Amounts in cents; shares in basis points, half even.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.identity import Record
from domain.money import basis_points
from tools.contract import NoArguments, Tool, ToolContext


class MarketTrend(Record):
    """House-price change of the property's county by the latest report."""

    found: bool
    area: str  # county FIPS code
    reported_on: date | None = None
    trend_bps: int | None = None  # change over twelve months


class CountyShare(Record):
    """Share of the bank's mortgage book in the property's county, this loan included."""

    found: bool
    area: str  # county FIPS code
    reported_on: date | None = None
    exposure_cents: int | None = None  # before this loan
    total_cents: int | None = None
    share_bps: int | None = None  # after this loan


async def market_report(args: NoArguments, context: ToolContext) -> MarketTrend:
    """The latest report on the property's county; reports on other counties are not used."""
    area, latest = await _latest("market_report", context)
    if latest is None:
        return MarketTrend(found=False, area=area)
    return MarketTrend(
        found=True, area=area, reported_on=latest["reported_on"], trend_bps=latest["trend_bps"]
    )


async def portfolio_report(args: NoArguments, context: ToolContext) -> CountyShare:
    """The latest portfolio report on the county.

    Formula: (exposure in the county + this loan) / (whole book + this loan).
    """
    area, latest = await _latest("portfolio_report", context)
    if latest is None:
        return CountyShare(found=False, area=area)
    loan = context.application["loan_amount_cents"]
    exposure, total = latest["exposure_cents"], latest["total_cents"]
    return CountyShare(
        found=True,
        area=area,
        reported_on=latest["reported_on"],
        exposure_cents=exposure,
        total_cents=total,
        share_bps=basis_points(exposure + loan, total + loan),
    )


async def _latest(kind: str, context: ToolContext) -> tuple[str, dict[str, Any] | None]:
    """The county, and of its reports the latest by date, then by arrival (rows come oldest first)."""
    area = context.application["property"]["area"]
    rows = [row for row in await context.warehouse.records(kind) if row["area"] == area]
    return area, max(reversed(rows), key=lambda row: str(row["reported_on"])) if rows else None


TOOLS: tuple[Tool, ...] = (
    Tool(
        "market_report",
        "House-price change over twelve months in the property's county.",
        NoArguments,
        MarketTrend,
        market_report,
        frozenset({"market_report"}),
    ),
    Tool(
        "portfolio_report",
        "Share of the bank's own mortgage book in the property's county, this loan included.",
        NoArguments,
        CountyShare,
        portfolio_report,
        frozenset({"portfolio_report"}),
        ("loan_amount_cents",),
    ),
)
