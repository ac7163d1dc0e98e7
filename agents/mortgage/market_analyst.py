"""Market analyst: whether house prices of the property's county rise, hold or fall, and what the bank has there.

Owns the classification of a reported trend and of the bank's share in the county. Never forecasts and
never decides what a falling market or a full county means for the loan.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from agents.mortgage import limit
from domain.assignment import Assignment
from domain.finding import Flag
from domain.money import percent
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The latest report on the county, then the bank's own exposure there."""
    await call("market_report", {})
    await call("portfolio_report", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The trend as a code, and whether the county stays within the book's limit; a falling market asks for an outlook.

    Formula: rising above ``market_stable_bps``, declining below minus that, else stable (both ends
    included); above when the share is beyond ``county_share_limit_bps``. Units: basis points.

    Raises:
        InvalidPolicy: when the book lacks one that a report is measured by.
    """
    answer, portfolio = evidence.first("market_report"), evidence.first("portfolio_report")
    if answer is None or portfolio is None or not answer.result["found"]:
        gap = missing("market_report", "no market report on the property's county")
        return Conclusion("The market is not known.", gaps=(gap,))
    trend = _trend(answer.result["trend_bps"], limit(assignment, "market_stable_bps"))
    most = limit(assignment, "county_share_limit_bps") if portfolio.result["found"] else 0
    concentration = _concentration(portfolio, most)
    return Conclusion(
        f"The market is {trend}.",
        figures=(
            figure("market_trend", trend, "code", answer),
            figure("county_concentration", concentration, "code", portfolio),
        ),
        flags=_full(portfolio, most) if concentration == "above_limit" else (),
        asks=("market_outlook",) if trend == "declining" else (),
    )


def _trend(change_bps: int, stable_bps: int) -> str:
    if change_bps > stable_bps:
        return "rising"
    return "declining" if change_bps < -stable_bps else "stable"


def _concentration(portfolio: ToolAnswer, most: int) -> str:
    if not portfolio.result["found"]:
        return "not_reported"
    return "above_limit" if portfolio.result["share_bps"] > most else "within_limit"


def _full(portfolio: ToolAnswer, most: int) -> tuple[Flag, ...]:
    share, area = percent(portfolio.result["share_bps"]), portfolio.result["area"]
    detail = f"with this loan {share} of the bank's mortgages stand in county {area}, limit {percent(most)}"
    return (flag("county_concentration", detail, portfolio),)


SPECIALIST = Specialist(
    job="market_analyst",
    worker="mortgage",
    provides=("market_trend", "county_concentration"),
    needs=(),
    tools=("market_report", "portfolio_report"),
    required=("market_report", "portfolio_report"),
    records=("market_report", "portfolio_report"),
    gather=gather,
    conclude=conclude,
    limits=("market_stable_bps", "county_share_limit_bps"),
)
