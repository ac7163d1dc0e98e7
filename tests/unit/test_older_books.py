"""Cases under a book from before limits on ranges, ages, gaps and counties are still worked on."""

from __future__ import annotations

import pytest

from agents.contract import Specialist
from agents.mortgage import collateral_assessor, income_verifier, market_analyst
from domain.records import MarketReport, Valuation
from tests.fakes.context import codes, facts, run_playbook, tool_context
from tests.fakes.earners import paid
from tools.catalog import TOOLS

pytestmark = pytest.mark.asyncio
OLDER_BOOK = {"income_tolerance_bps": 500, "avm_min_confidence_bps": 8_000, "market_stable_bps": 200}
RECORDS = (
    paid(),
    Valuation.model_validate(
        {"kind": "valuation", "method": "avm", "valued_on": "2024-01-05", "value_cents": 400_000_00}
    ),
    MarketReport.model_validate(
        {"kind": "market_report", "area": "19153", "reported_on": "2026-02-01", "trend_bps": 0}
    ),
)


@pytest.mark.parametrize(
    ("specialist", "fact", "value"),
    [
        (income_verifier.SPECIALIST, "monthly_income_cents", 650_000),
        (collateral_assessor.SPECIALIST, "appraised_value_cents", 400_000_00),
        (market_analyst.SPECIALIST, "market_trend", "stable"),
    ],
    ids=["income", "collateral", "market"],
)
async def test_records_of_that_time_are_measured_by_the_limits_of_that_time(
    specialist: Specialist, fact: str, value: int | str
) -> None:
    context = tool_context(*RECORDS, parameters=OLDER_BOOK)
    conclusion = await run_playbook(specialist, tuple(TOOLS.values()), context)
    assert facts(conclusion)[fact] == value
    assert not codes(conclusion)
