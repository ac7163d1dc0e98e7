"""Market analysis from county reports."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from agents.contract import Conclusion
from agents.mortgage.market_analyst import SPECIALIST
from domain.identity import Record
from domain.records import MarketReport, PortfolioReport
from tests.fakes.context import codes, facts, run_playbook, tool_context
from tools.market_records import TOOLS

pytestmark = pytest.mark.asyncio
LIMITS = {"market_stable_bps": 200, "county_share_limit_bps": 2_500}


def report(trend: int, area: str = "19153", on: date = date(2026, 2, 1)) -> MarketReport:
    return MarketReport(kind="market_report", area=area, reported_on=on, trend_bps=trend)


def exposed(cents: int, area: str = "19153") -> PortfolioReport:
    """The rest of a book of 100 million; the demo loan of 280,000.00 comes on top of both."""
    return PortfolioReport(
        kind="portfolio_report",
        area=area,
        reported_on=date(2026, 2, 1),
        exposure_cents=cents,
        total_cents=100_000_000_00,
    )


async def analyse(*records: Record) -> Conclusion:
    context = tool_context(*records, parameters=LIMITS)
    return await run_playbook(SPECIALIST, TOOLS, context)


@pytest.mark.parametrize(
    ("change", "trend"),
    [(201, "rising"), (200, "stable"), (0, "stable"), (-200, "stable"), (-201, "declining")],
)
async def test_a_change_within_the_stable_band_is_stable(change: int, trend: str) -> None:
    assert facts(await analyse(report(change)))["market_trend"] == trend


async def test_only_a_declining_market_asks_for_an_outlook() -> None:
    assert (await analyse(report(-500))).asks == ("market_outlook",)
    assert (await analyse(report(500))).asks == ()


async def test_the_latest_report_of_the_county_counts() -> None:
    reports = report(-500), report(500, on=date(2025, 6, 1)), report(900, area="06037", on=date(2026, 3, 1))
    assert facts(await analyse(*reports))["market_trend"] == "declining"


async def test_a_report_on_another_county_is_no_report() -> None:
    conclusion = await analyse(report(100, area="06037"))
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:market_report",)


@pytest.mark.parametrize(
    ("exposure", "concentration"), [(24_790_000_00, "within_limit"), (24_800_000_00, "above_limit")]
)
async def test_the_county_is_measured_with_this_loan_in_it(exposure: int, concentration: str) -> None:
    conclusion = await analyse(report(0), exposed(exposure))
    assert facts(conclusion)["county_concentration"] == concentration
    assert codes(conclusion) == (("county_concentration",) if concentration == "above_limit" else ())


async def test_a_portfolio_report_on_another_county_says_nothing_of_this_one() -> None:
    conclusion = await analyse(report(0), exposed(90_000_000_00, area="06037"))
    assert facts(conclusion)["county_concentration"] == "not_reported"


async def test_more_in_the_county_than_in_the_whole_book_is_impossible() -> None:
    with pytest.raises(ValidationError, match="exposure_cents is above total_cents"):
        exposed(100_000_000_01)
