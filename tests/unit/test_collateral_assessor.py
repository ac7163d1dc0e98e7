"""Collateral assessment from appraisals and automated valuations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from agents.contract import Conclusion
from agents.mortgage.collateral_assessor import SPECIALIST
from domain.errors import InvalidPolicy
from domain.identity import Record
from domain.records import TitleReport, Valuation
from tests.fakes.context import codes, facts, home_loan, run_playbook, tool_context
from tools import property_records, title_records

pytestmark = pytest.mark.asyncio
TOOLS = (*property_records.TOOLS, *title_records.TOOLS)
PARAMETERS = {
    "avm_min_confidence_bps": 8_000,
    "avm_max_range_bps": 2_000,
    "valuation_tolerance_bps": 1_000,
    "valuation_max_age_days": 365,
}


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
        "valuation_confidence": "strong",
        "property_type": "single_family",
        "dwelling_units": 1,
        "occupancy": "principal",
        "flood_zone": False,
        "title_status": "not_examined",
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
    conclusion = await assess(valued(360_000_00), valued(380_000_00, "avm", date(2026, 2, 20)))
    assert facts(conclusion)["appraised_value_cents"] == 360_000_00
    assert not codes(conclusion)


async def test_valuations_that_disagree_are_both_shown_and_the_lower_counts() -> None:
    conclusion = await assess(
        valued(410_000_00), valued(360_000_00, "avm", confidence_bps=9_000, vendor="demo-avm")
    )
    assert facts(conclusion)["appraised_value_cents"] == 360_000_00
    assert facts(conclusion)["valuation_confidence"] == "weak"
    assert codes(conclusion) == ("valuations_disagree",)
    told = conclusion.flags[0].detail
    assert "avm by demo-avm of 2026-02-01: USD 360,000.00" in told
    assert "appraisal of 2026-02-01: USD 410,000.00" in told


@pytest.mark.parametrize(("second", "confidence"), [(385_000_00, "strong"), (385_100_00, "weak")])
async def test_two_valuations_agree_up_to_exactly_the_tolerance(second: int, confidence: str) -> None:
    conclusion = await assess(valued(350_000_00), valued(second, "avm"))
    assert facts(conclusion)["valuation_confidence"] == confidence


async def test_of_two_appraisals_the_later_counts_and_on_one_day_the_last_to_arrive() -> None:
    early, late = valued(360_000_00, on=date(2026, 1, 5)), valued(350_000_00)
    assert facts(await assess(late, early))["appraised_value_cents"] == 350_000_00
    assert facts(await assess(late, valued(355_000_00)))["appraised_value_cents"] == 355_000_00


@pytest.mark.parametrize(("confidence", "sure"), [(8_000, "strong"), (7_999, "weak")])
async def test_an_automated_valuation_below_the_least_confidence_is_weak(confidence: int, sure: str) -> None:
    conclusion = await assess(valued(350_000_00, "avm", confidence_bps=confidence))
    assert facts(conclusion)["valuation_method"] == "avm"
    assert facts(conclusion)["valuation_confidence"] == sure


@pytest.mark.parametrize(("low", "sure"), [(320_000_00, "strong"), (319_900_00, "weak")])
async def test_an_automated_valuation_of_a_wide_range_is_weak(low: int, sure: str) -> None:
    conclusion = await assess(valued(350_000_00, "avm", low_cents=low, high_cents=390_000_00))
    assert facts(conclusion)["valuation_confidence"] == sure


async def test_one_weak_valuation_asks_for_a_second() -> None:
    conclusion = await assess(valued(350_000_00, "avm", confidence_bps=6_000))
    assert codes(conclusion) == ("weak_valuation", "second_valuation")
    assert conclusion.gaps[0].needs == "valuation"


async def test_a_weak_valuation_that_a_second_confirms_is_strong() -> None:
    weak = valued(350_000_00, "avm", confidence_bps=6_000)
    conclusion = await assess(weak, valued(352_000_00, "avm", confidence_bps=6_500, vendor="second-avm"))
    assert facts(conclusion)["valuation_confidence"] == "strong"
    assert not codes(conclusion)


async def test_a_valuation_older_than_the_book_allows_is_none() -> None:
    conclusion = await assess(valued(350_000_00, on=date(2025, 3, 1)))
    assert codes(conclusion) == ("missing:valuation",)
    assert "older" in conclusion.gaps[0].detail


async def test_a_range_that_does_not_hold_the_value_is_impossible() -> None:
    with pytest.raises(ValidationError, match="value_cents between them"):
        valued(350_000_00, "avm", low_cents=351_000_00, high_cents=390_000_00)
    with pytest.raises(ValidationError, match="come together"):
        valued(350_000_00, "avm", low_cents=300_000_00)


async def test_a_dwelling_of_other_size_than_stated_is_flagged_and_counts_as_found() -> None:
    conclusion = await assess(valued(360_000_00, units=2))
    assert facts(conclusion)["dwelling_units"] == 2
    assert codes(conclusion) == ("dwelling_contradicted",)


def searched(**found: Any) -> TitleReport:
    return TitleReport.model_validate({"kind": "title_report", "reported_on": date(2026, 2, 20)} | found)


async def test_a_title_without_liens_or_defects_is_clear() -> None:
    assert facts(await assess(valued(400_000_00), searched()))["title_status"] == "clear"


async def test_an_open_lien_of_record_encumbers_the_title_and_counts_in_cltv() -> None:
    lien = {"lien": "tax", "amount_cents": 35_000_00, "settled": "open"}
    conclusion = await assess(valued(400_000_00), searched(liens=[lien]))
    assert facts(conclusion)["title_status"] == "encumbered"
    assert facts(conclusion)["cltv_bps"] == 9_000
    assert codes(conclusion) == ("title_lien", "liens_contradicted")


async def test_a_lien_that_is_paid_at_closing_leaves_the_title_clear() -> None:
    lien = {"lien": "mortgage", "amount_cents": 200_000_00, "settled": "paid_at_closing"}
    conclusion = await assess(valued(400_000_00), searched(liens=[lien]))
    assert facts(conclusion)["title_status"] == "clear"
    assert facts(conclusion)["cltv_bps"] == 8_000


async def test_a_defect_clouds_the_title_whatever_the_liens() -> None:
    conclusion = await assess(valued(400_000_00), searched(defects=["litigation", "boundary"]))
    assert facts(conclusion)["title_status"] == "clouded"
    assert "boundary, litigation" in conclusion.flags[0].detail


async def test_a_flood_zone_on_any_valuation_is_flagged() -> None:
    conclusion = await assess(valued(360_000_00, "avm", flood_zone=True), valued(350_000_00))
    assert facts(conclusion)["flood_zone"] is True
    assert codes(conclusion) == ("flood_zone",)


async def test_without_a_valuation_there_is_a_gap_and_no_ratio() -> None:
    conclusion = await assess()
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:valuation",)
    assert conclusion.gaps[0].needs == "valuation"


async def test_an_automated_valuation_is_not_assessed_without_a_limit_in_the_book() -> None:
    without = {name: value for name, value in PARAMETERS.items() if name != "avm_min_confidence_bps"}
    context = tool_context(valued(350_000_00, "avm"), parameters=without)
    with pytest.raises(InvalidPolicy, match="avm_min_confidence_bps"):
        await run_playbook(SPECIALIST, TOOLS, context)
