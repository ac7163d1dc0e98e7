"""Collateral assessment from appraisals and automated valuations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.mortgage.collateral_assessor import SPECIALIST
from domain.errors import InvalidPolicy
from domain.identity import Record
from domain.records import Valuation
from tests.fakes.context import codes, facts, home_loan, run_playbook, tool_context
from tools.property_records import TOOLS

pytestmark = pytest.mark.asyncio
PARAMETERS = {"avm_min_confidence_bps": 8_000}


def valued(value: int, method: str = "appraisal", on: date = date(2026, 2, 1), **more: Any) -> Valuation:
    fields = {"kind": "valuation", "method": method, "valued_on": on, "value_cents": value}
    return Valuation.model_validate(fields | more)


async def assess(*records: Record, **application: Any) -> Conclusion:
    context = tool_context(*records, application=home_loan(**application), parameters=PARAMETERS)
    return await run_playbook(SPECIALIST, TOOLS, context)


async def test_the_price_counts_when_it_is_below_the_appraisal() -> None:
    conclusion = await assess(valued(400_000_00), other_liens_cents=35_000_00)
    assert facts(conclusion) == {
        "appraised_value_cents": 400_000_00,
        "ltv_bps": 8_000,
        "cltv_bps": 9_000,
        "valuation_method": "appraisal",
    }
    assert not codes(conclusion)
    assert not conclusion.asks


async def test_a_price_above_the_appraisal_is_a_gap_that_a_model_judges() -> None:
    conclusion = await assess(valued(320_000_00))
    assert facts(conclusion)["ltv_bps"] == 8_750
    assert codes(conclusion) == ("appraisal_gap",)
    assert "USD 30,000.00" in conclusion.flags[0].detail
    assert conclusion.asks == ("appraisal_gap_acceptable",)


async def test_an_appraisal_beats_a_later_automated_valuation() -> None:
    conclusion = await assess(valued(360_000_00), valued(500_000_00, "avm", date(2026, 2, 20)))
    assert facts(conclusion)["appraised_value_cents"] == 360_000_00


async def test_of_two_appraisals_the_later_counts_and_on_one_day_the_last_to_arrive() -> None:
    early, late = valued(360_000_00, on=date(2026, 1, 5)), valued(350_000_00)
    assert facts(await assess(late, early))["appraised_value_cents"] == 350_000_00
    assert facts(await assess(late, valued(355_000_00)))["appraised_value_cents"] == 355_000_00


@pytest.mark.parametrize(("confidence", "flags"), [(8_000, ()), (7_999, ("low_avm_confidence",))])
async def test_an_automated_valuation_below_the_least_confidence_is_flagged(
    confidence: int, flags: tuple[str, ...]
) -> None:
    conclusion = await assess(valued(350_000_00, "avm", confidence_bps=confidence))
    assert facts(conclusion)["valuation_method"] == "avm"
    assert codes(conclusion) == flags


async def test_a_flood_zone_on_any_valuation_is_flagged() -> None:
    conclusion = await assess(valued(360_000_00, "avm", flood_zone=True), valued(350_000_00))
    assert codes(conclusion) == ("flood_zone",)


async def test_without_a_valuation_there_is_a_gap_and_no_ratio() -> None:
    conclusion = await assess()
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:valuation",)
    assert conclusion.gaps[0].needs == "valuation"


async def test_an_automated_valuation_is_not_assessed_without_a_limit_in_the_book() -> None:
    with pytest.raises(InvalidPolicy, match="avm_min_confidence_bps"):
        await run_playbook(SPECIALIST, TOOLS, tool_context(valued(350_000_00, "avm")))
