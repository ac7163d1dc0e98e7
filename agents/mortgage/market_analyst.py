"""Market analyst: whether house prices of the property's county rise, hold or fall.

Owns the classification of a reported trend. Never forecasts and never decides what a falling market
means for the loan.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, missing
from agents.mortgage import limit
from domain.assignment import Assignment


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The latest report on the county."""
    await call("market_report", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The trend as a code; a falling market asks for an outlook.

    Formula: rising above ``market_stable_bps``, declining below minus that, else stable (both ends
    included). Units: basis points over twelve months.

    Raises:
        InvalidPolicy: when the book gives no ``market_stable_bps``.
    """
    answer = evidence.first("market_report")
    if answer is None or not answer.result["found"]:
        gap = missing("market_report", "no market report on the property's county")
        return Conclusion("The market is not known.", gaps=(gap,))
    trend = _trend(answer.result["trend_bps"], limit(assignment, "market_stable_bps"))
    return Conclusion(
        f"The market is {trend}.",
        figures=(figure("market_trend", trend, "code", answer),),
        asks=("market_outlook",) if trend == "declining" else (),
    )


def _trend(change_bps: int, stable_bps: int) -> str:
    if change_bps > stable_bps:
        return "rising"
    return "declining" if change_bps < -stable_bps else "stable"


SPECIALIST = Specialist(
    job="market_analyst",
    worker="mortgage",
    provides=("market_trend",),
    needs=(),
    tools=("market_report",),
    required=("market_report",),
    records=("market_report",),
    gather=gather,
    conclude=conclude,
)
