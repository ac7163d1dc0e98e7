"""Regulation Z over the shipped book: dated limits, higher-priced status with its duties, the county's limit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.mortgage.pricing_analyst import SPECIALIST
from graphs.catalog import VOCABULARY
from policies.book import InForce
from policies.loader import shipped
from tests.fakes.context import codes, facts, home_loan, run_playbook, run_tool, tool_context
from tools.lending.conforming import CountyLimits
from tools.pricing import TOOLS

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
BOOK = next(each for each in shipped(VOCABULARY) if each.rules.kind == "home_loan")
INPUTS = {
    "monthly_income_cents": 9_800_00,
    "ltv_bps": 8_000,
    "credit_score": 768,
    "monthly_debts_cents": 610_00,
}
pytestmark = pytest.mark.asyncio


def in_force(day: str, **parameters: Any) -> InForce:
    book = BOOK.on(date.fromisoformat(day))
    return InForce(book.version, book.rules, book.decision, book.authority, {**book.parameters, **parameters})


async def priced(day: str, lists: dict[str, Any] | None = None, **application: Any) -> dict[str, Any]:
    loan = home_loan(application_date=day, **application)
    parameters = in_force(day).parameters
    context = tool_context(application=loan, inputs=INPUTS, parameters=parameters, lists=lists)
    return (await run_tool(TOOLS[0], context, {})).result


@pytest.mark.parametrize(
    ("day", "price_limit", "fees_limit", "conforming"),
    [("2025-12-31", 225, 4_088_10, 806_500_00), ("2026-01-01", 350, 4_139_00, 832_750_00)],
)
async def test_the_same_file_has_the_limits_of_its_application_date(
    day: str, price_limit: int, fees_limit: int, conforming: int
) -> None:
    result = await priced(day, loan_amount_cents=137_000_00, points_and_fees_cents=730_00)
    assert (result["price_limit_bps"], result["fees_limit_cents"]) == (price_limit, fees_limit)
    assert result["conforming_limit_cents"] == conforming


@pytest.mark.parametrize(
    ("occupancy", "higher_priced"), [("principal", True), ("second", False), ("investment", False)]
)
async def test_higher_priced_status_belongs_to_principal_dwellings(
    occupancy: str, higher_priced: bool
) -> None:
    home = {**home_loan()["property"], "occupancy": occupancy}
    result = await priced("2026-03-02", points_and_fees_cents=40_000_00, property=home)
    assert result["higher_priced"] is higher_priced


@pytest.mark.parametrize(
    ("fees", "duties"),
    [
        (2_800_00, []),
        (40_000_00, ["Escrow account", "Written appraisal", "High-cost disclosures"]),
    ],
)
async def test_duties_of_a_higher_priced_loan_are_conditions_of_the_decision(
    fees: int, duties: list[str]
) -> None:
    loan = home_loan(points_and_fees_cents=fees)
    book = in_force("2026-03-02")
    context = tool_context(application=loan, inputs=INPUTS, parameters=book.parameters)
    known = facts(await run_playbook(SPECIALIST, TOOLS, context))
    hit = [row.outputs for row in book.decision.rows if row.cells and not row.misses(known)]
    rows = book.rules.conditions
    conditions = [rows[str(each["condition"])].text for each in hit if "condition" in each]
    assert [any(each.startswith(duty) for each in conditions) for duty in duties] == [True] * len(duties)
    assert duties or not conditions


async def test_qualified_higher_priced_loan_owes_escrow_but_no_written_appraisal() -> None:
    apor = [{"years": 30, "rate_bps": 450}]
    book = in_force("2026-03-02", apor=apor)
    context = tool_context(application=home_loan(), inputs=INPUTS, parameters=book.parameters)
    known = facts(await run_playbook(SPECIALIST, TOOLS, context))
    assert (known["higher_priced"], known["qm_status"]) == (True, "rebuttable")
    assert known["hpml_appraisal_required"] is False


@pytest.mark.parametrize(("day", "required"), [("2025-06-02", True), ("2026-06-02", False)])
async def test_small_higher_priced_loan_is_exempt_from_the_appraisal_up_to_the_years_threshold(
    day: str, required: bool
) -> None:
    result = await priced(day, loan_amount_cents=34_000_00, points_and_fees_cents=6_000_00)
    assert result["qm_status"] == "safe_harbour" or not result["fees_within_limit"]
    assert (result["higher_priced"], result["hpml_appraisal_required"]) == (True, required)


async def test_loan_between_baseline_and_ceiling_is_flagged_until_a_list_says_more() -> None:
    loan = home_loan(loan_amount_cents=900_000_00, points_and_fees_cents=0)
    book = in_force("2026-03-02")
    conclusion = await run_playbook(
        SPECIALIST, TOOLS, tool_context(application=loan, inputs=INPUTS, parameters=book.parameters)
    )
    assert facts(conclusion)["conforming_status"] == "undetermined"
    assert "conforming_limit_cents" not in facts(conclusion)
    assert codes(conclusion) == ("county_limit_unknown",)


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
async def test_county_of_the_published_list_decides_for_its_year() -> None:
    counties = {"conforming_limits": CountyLimits.load(SHARED / "data/mortgage/gse_limits_2025.csv")}
    dear = {**home_loan()["property"], "area": "06001"}
    loan = {"loan_amount_cents": 1_000_000_00, "points_and_fees_cents": 0, "property": dear}
    before, after = await priced("2025-12-31", counties, **loan), await priced("2026-01-01", counties, **loan)
    assert (before["conforming_status"], before["conforming_limit_source"]) == ("conforming", "county_list")
    assert (after["conforming_status"], after["conforming_limit_source"]) == ("undetermined", "book_baseline")
    assert (len(before["conforming_list_version"]), after["conforming_list_version"]) == (64, "")


async def test_second_home_of_two_units_is_priced_by_the_rows_of_the_sheet() -> None:
    home = {**home_loan()["property"], "occupancy": "second", "units": 2}
    result = await priced("2026-03-02", property=home)
    assert [part["row"] for part in result["adjustments"]] == ["S1", "T2", "T5", "T8"]
    assert result["note_rate_bps"] == 612 + 0 + 38 + 25


@pytest.mark.parametrize("score", [620, 679, 700, 760])
async def test_a_better_score_never_costs_more(score: int) -> None:
    book = in_force("2026-03-02").parameters
    rates = [
        facts(
            await run_playbook(
                SPECIALIST,
                TOOLS,
                tool_context(
                    application=home_loan(), inputs=INPUTS | {"credit_score": each}, parameters=book
                ),
            )
        )["note_rate_bps"]
        for each in (score, score + 60)
    ]
    assert int(rates[0]) >= int(rates[1])


async def test_support_and_other_liens_count_in_the_ratio() -> None:
    plain = await priced("2026-03-02")
    more = await priced("2026-03-02", monthly_support_cents=490_00, other_liens_monthly_cents=490_00)
    assert more["dti_back_bps"] - plain["dti_back_bps"] == 1_000  # 980.00 of 9,800.00
    assert more["dti_front_bps"] - plain["dti_front_bps"] == 500


async def test_manufactured_home_has_its_own_price_limit_below_the_top_tier() -> None:
    home = {**home_loan()["property"], "property_type": "manufactured"}
    small = {"loan_amount_cents": 137_957_00, "points_and_fees_cents": 0}
    limits = [(await priced("2026-03-02", property=each, **small))["price_limit_bps"] for each in (
        home, {**home, "property_type": "single_family"})]  # fmt: skip
    assert limits == [650, 350]
    large = await priced("2026-03-02", property=home, loan_amount_cents=137_958_00, points_and_fees_cents=0)
    assert large["price_limit_bps"] == 225
