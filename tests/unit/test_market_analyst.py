"""Market analysis from county reports."""

from __future__ import annotations

from datetime import date

import pytest

from agents.contract import Conclusion
from agents.mortgage.market_analyst import SPECIALIST
from domain.identity import Record
from domain.records import MarketReport
from tests.fakes.context import codes, facts, run_playbook, tool_context
from tools.property_records import TOOLS

pytestmark = pytest.mark.asyncio


def report(trend: int, area: str = "19153", on: date = date(2026, 2, 1)) -> MarketReport:
    return MarketReport(kind="market_report", area=area, reported_on=on, trend_bps=trend)


async def analyse(*records: Record) -> Conclusion:
    context = tool_context(*records, parameters={"market_stable_bps": 200})
    return await run_playbook(SPECIALIST, TOOLS, context)


@pytest.mark.parametrize(
    ("change", "trend"),
    [(201, "rising"), (200, "stable"), (0, "stable"), (-200, "stable"), (-201, "declining")],
)
async def test_a_change_within_the_stable_band_is_stable(change: int, trend: str) -> None:
    assert facts(await analyse(report(change))) == {"market_trend": trend}


async def test_only_a_declining_market_asks_for_an_outlook() -> None:
    assert (await analyse(report(-500))).asks == ("market_outlook",)
    assert (await analyse(report(500))).asks == ()


async def test_the_latest_report_of_the_county_counts() -> None:
    reports = report(-500), report(500, on=date(2025, 6, 1)), report(900, area="06037", on=date(2026, 3, 1))
    assert facts(await analyse(*reports)) == {"market_trend": "declining"}


async def test_a_report_on_another_county_is_no_report() -> None:
    conclusion = await analyse(report(100, area="06037"))
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:market_report",)
