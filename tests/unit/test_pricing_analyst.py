"""Pricing of a home loan with the tests that follow from the price."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.mortgage.pricing_analyst import SPECIALIST
from domain.errors import InvalidPolicy
from domain.finding import Fact
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tools.pricing import TOOLS

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PUBLISHED = {"QM rebuttable presumption": "rebuttable", "non-QM(price)": "not_qm"}
pytestmark = pytest.mark.asyncio
INPUTS: dict[str, Fact] = {
    "monthly_income_cents": 6_500_00,
    "ltv_bps": 8_000,
    "credit_score": 740,
    "monthly_debts_cents": 300_00,
}
SCORES = {"score_from": 620, "score_to": 850}
BOOK: dict[str, Any] = {
    "rate_base": [
        {"product": "fixed_30", "months": 360, "rate_bps": 650},
        {"product": "fixed_15", "months": 180, "rate_bps": 600},
    ],
    "rate_adjustments": [
        SCORES | {"ltv_above_bps": 0, "ltv_to_bps": 8_000, "adjustment_bps": 0},
        SCORES | {"ltv_above_bps": 8_000, "ltv_to_bps": 9_700, "adjustment_bps": 50},
    ],
    "apor": [{"years": 30, "rate_bps": 640}, {"years": 15, "rate_bps": 590}],
    "qm_price": [
        {"lien": "first_lien", "from_cents": 137_958_00, "below_cents": None, "limit_bps": 225},
        {"lien": "first_lien", "from_cents": 82_775_00, "below_cents": 137_958_00, "limit_bps": 350},
    ],
    "qm_fees": [
        {"from_cents": 137_958_00, "below_cents": None, "share_bps": 300, "amount_cents": None},
        {"from_cents": 82_775_00, "below_cents": 137_958_00, "share_bps": None, "amount_cents": 4_139_00},
    ],
    "hpml_appraisal_exempt_cents": 34_200_00,
    "high_cost": [
        {
            "first_lien_spread_bps": 650,
            "large_from_cents": 27_592_00,
            "large_share_bps": 500,
            "small_share_bps": 800,
            "small_amount_cents": 1_380_00,
        }
    ],
    "conforming_limit": [{"units": 1, "baseline_cents": 832_750_00, "ceiling_cents": 1_249_125_00}],
    "spread_limits": [
        {"table": table, "first_lien_bps": 150, "subordinate_bps": 350, "special_first_lien_bps": special}
        for table, special in (("safe_harbour", 350), ("higher_priced", 250))
    ],
}


async def price(
    book: dict[str, Any] | None = None, inputs: dict[str, Fact] | None = None, **application: Any
) -> Conclusion:
    context = tool_context(
        application=home_loan(**application), inputs=INPUTS | (inputs or {}), parameters=BOOK | (book or {})
    )
    return await run_playbook(SPECIALIST, TOOLS, context)


def apor(rate: int) -> dict[str, Any]:
    return {"apor": [{"years": 30, "rate_bps": rate}]}


async def test_a_routine_loan_is_priced_with_its_ratios_and_tests() -> None:
    conclusion = await price()
    assert facts(conclusion) == {
        "note_rate_bps": 650,
        "monthly_payment_cents": 1_769_79,
        "apr_bps": 660,
        "dti_front_bps": 3_338,
        "dti_back_bps": 3_800,
        "qm_status": "safe_harbour",
        "fees_within_limit": True,
        "fees_limit_cents": 8_316_00,
        "rate_spread": "0.197",
        "higher_priced": False,
        "hpml_appraisal_required": False,
        "high_cost": False,
        "conforming_status": "conforming",
        "conforming_limit_cents": 832_750_00,
        "conforming_limit_source": "book_baseline",
    }
    assert not codes(conclusion)
    assert not conclusion.asks


async def test_fifteen_years_are_priced_with_the_rate_and_apor_of_fifteen_years() -> None:
    conclusion = await price(product="fixed_15", loan_amount_cents=150_000_00, points_and_fees_cents=0)
    assert facts(conclusion)["note_rate_bps"] == 600
    assert facts(conclusion)["apr_bps"] == 600


@pytest.mark.parametrize(
    ("product", "months", "principal", "rate", "payment"),
    [("fixed_15", 180, 150_000_00, 650, 1_306_66), ("fixed_30", 360, 350_000_00, 725, 2_387_62)],
)
async def test_the_payment_is_the_published_one(
    product: str, months: int, principal: int, rate: int, payment: int
) -> None:
    base = {"rate_base": [{"product": product, "months": months, "rate_bps": rate}]}
    conclusion = await price(base, product=product, loan_amount_cents=principal)
    assert facts(conclusion)["monthly_payment_cents"] == payment


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
async def test_priced_loans_get_the_published_status_and_fee_limit() -> None:
    published = json.loads((SHARED / "facts/qm_2026.json").read_text())
    for fact in published:
        base = [{"product": "fixed_30", "months": 360, "rate_bps": int(Decimal(fact["apr"]) * 100)}]
        loan = home_loan(loan_amount_cents=fact["loan"] * 100, points_and_fees_cents=0)
        book = BOOK | {"rate_base": base} | apor(int(Decimal(fact["apor"]) * 100))
        context = tool_context(application=loan, inputs=INPUTS, parameters=book)
        result = (await run_tool(TOOLS[0], context, {})).result
        assert result["qm_status"] == PUBLISHED[fact["expected"]]
        assert result["price_limit_bps"] == Decimal(fact["limit"]) * 100
        assert result["fees_limit_cents"] == Decimal(fact["points_fees_cap"]) * 100


async def test_a_loan_to_value_above_the_step_pays_its_adjustment() -> None:
    assert facts(await price(inputs={"ltv_bps": 8_001}))["note_rate_bps"] == 700


@pytest.mark.parametrize(("spread", "status"), [(149, "safe_harbour"), (150, "rebuttable"), (225, "not_qm")])
async def test_the_spread_over_apor_decides_the_presumption(spread: int, status: str) -> None:
    conclusion = await price(apor(650 - spread), points_and_fees_cents=0)
    assert facts(conclusion)["qm_status"] == status
    assert bool(conclusion.asks) is (status != "safe_harbour")


async def test_the_exact_apr_is_tested_and_the_rounded_one_is_stated() -> None:
    context = tool_context(application=home_loan(), inputs=INPUTS, parameters=BOOK | apor(435))
    result = (await run_tool(TOOLS[0], context, {})).result
    exact = Decimal(result["apr_exact_bps"])
    assert Decimal("659.5") <= exact < 660 == result["apr_bps"]
    assert result["qm_status"] == "rebuttable"  # the rounded spread would be 225, the limit


@pytest.mark.parametrize(("fees", "within"), [(8_155_33, True), (8_155_34, False)])
async def test_fees_are_limited_to_a_share_of_the_loan_less_them(fees: int, within: bool) -> None:
    assert facts(await price(points_and_fees_cents=fees))["fees_within_limit"] is within


@pytest.mark.parametrize(
    "inputs",
    [{"credit_score": 610}, {"ltv_bps": 9_701}, {"monthly_income_cents": 0}, {"credit_score": "high"}],
)
async def test_a_loan_that_no_row_prices_goes_to_a_person(inputs: dict[str, Fact]) -> None:
    conclusion = await price(inputs=inputs)
    assert conclusion.figures == ()
    assert codes(conclusion) == ("no_price",)
    assert conclusion.gaps[0].needs == "person"
    assert conclusion.gaps[0].detail


async def test_a_loan_whose_facts_are_not_known_waits_for_their_records() -> None:
    conclusion = await run_playbook(SPECIALIST, TOOLS, tool_context(parameters=BOOK))
    assert codes(conclusion) == ("missing:bureau_file", "missing:pay_stub", "missing:valuation")
    assert "credit_score" in conclusion.gaps[0].detail


async def test_unknown_income_of_the_self_employed_waits_for_their_tax_returns() -> None:
    known = {name: value for name, value in INPUTS.items() if name != "monthly_income_cents"}
    application = home_loan(borrower(employment="self_employed"))
    context = tool_context(application=application, inputs=known, parameters=BOOK)
    assert codes(await run_playbook(SPECIALIST, TOOLS, context)) == ("missing:tax_return",)


async def test_a_book_with_two_rates_for_one_product_prices_nothing() -> None:
    assert codes(await price({"rate_base": BOOK["rate_base"] * 2})) == ("no_price",)


LATER = ("hpml_appraisal_exempt_cents", "high_cost", "conforming_limit")  # older books have no such rows


@pytest.mark.parametrize("parameter", sorted(set(BOOK) - set(LATER)))
async def test_a_book_without_a_table_is_refused_by_its_name(parameter: str) -> None:
    book = {name: rows for name, rows in BOOK.items() if name != parameter}
    context = tool_context(application=home_loan(), inputs=INPUTS, parameters=book)
    with pytest.raises(InvalidPolicy, match=parameter):
        await run_tool(TOOLS[0], context, {})


async def test_a_case_under_an_older_book_is_priced_and_what_that_book_lacks_stays_unknown() -> None:
    older = {name: rows for name, rows in BOOK.items() if name not in LATER}
    context = tool_context(application=home_loan(), inputs=INPUTS, parameters=older)
    known = facts(await run_playbook(SPECIALIST, TOOLS, context))
    assert known["note_rate_bps"] == 650
    assert not {"high_cost", "hpml_appraisal_required", "conforming_limit_cents"} & set(known)
