"""Rate sheets and the HMDA rate spread."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import BadInput
from tools.lending.rate_sheet import (
    Adjustment,
    BaseRate,
    Quote,
    RateRequest,
    RateSheet,
    TraitAdjustment,
    quote,
)
from tools.lending.rate_spread import Apor, AporTable, SpreadRequest, rate_spread_bps

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SHEET = RateSheet(
    sheet_id="demo-1",
    effective_from=date(2026, 11, 1),
    effective_to=date(2026, 11, 30),
    base=(BaseRate("fixed", 360, Decimal("637.5")), BaseRate("fixed", 180, 575)),
    adjustments=(
        Adjustment(740, 850, 0, 8_000, 0),
        Adjustment(740, 850, 8_000, 9_700, Decimal("12.5")),
        Adjustment(620, 739, 0, 9_700, 50),
    ),
)
REQUEST = RateRequest("fixed", 360, 760, 8_001, date(2026, 11, 24))


def test_rate_is_the_base_plus_the_adjustment_of_score_and_ltv() -> None:
    assert quote(SHEET, REQUEST) == Quote("demo-1", Decimal("637.5"), Decimal("12.5"))
    assert quote(SHEET, REQUEST).rate_bps == 650
    assert quote(SHEET, replace(REQUEST, ltv_bps=8_000)).rate_bps == Decimal("637.5")
    assert quote(SHEET, replace(REQUEST, score=739, months=180)).rate_bps == 625


def test_second_home_pays_the_row_of_its_occupancy_on_top() -> None:
    rows = (TraitAdjustment("occupancy", "principal", 0), TraitAdjustment("occupancy", "second", 38, "T2"))
    offer = quote(replace(SHEET, traits=rows), replace(REQUEST, traits={"occupancy": "second"}))
    assert (offer.rate_bps, [row.id for row in offer.by_trait]) == (688, ["T2"])


def test_trait_that_the_sheet_prices_and_the_request_lacks_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        quote(replace(SHEET, traits=(TraitAdjustment("occupancy", "second", 38),)), REQUEST)
    assert refused.value.attributes["field"] == "occupancy"


@pytest.mark.parametrize(
    ("field", "request_"),
    [
        ("product", replace(REQUEST, product="unknown")),
        ("product", replace(REQUEST, months=240)),
        ("score", replace(REQUEST, score=619)),
        ("score", replace(REQUEST, ltv_bps=9_701)),
        ("on", replace(REQUEST, on=date(2026, 12, 1))),
    ],
)
def test_request_that_the_sheet_does_not_answer_is_refused(field: str, request_: RateRequest) -> None:
    with pytest.raises(BadInput) as refused:
        quote(SHEET, request_)
    assert refused.value.attributes["field"] == field


def test_sheet_that_answers_twice_is_refused() -> None:
    doubled = replace(SHEET, adjustments=SHEET.adjustments + (Adjustment(300, 850, 0, 10_000, 0),))
    with pytest.raises(BadInput, match="2 rows"):
        quote(doubled, REQUEST)


def test_impossible_request_is_refused() -> None:
    with pytest.raises(BadInput, match="ltv_bps"):
        replace(REQUEST, ltv_bps=0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
def test_rate_spread_is_the_published_one() -> None:
    facts = json.loads((SHARED / "facts" / "rate_spread.json").read_text(), parse_float=Decimal)
    kinds = {Apor.FIXED: facts["apor_fixed"], Apor.VARIABLE: facts["apor_variable"]}
    table = AporTable({kind: [rate * 100 for rate in rates] for kind, rates in kinds.items()})
    for case in facts["cases"]:
        request = SpreadRequest(
            apr_bps=case["apr"] * 100,
            kind=Apor(case["amort"].lower()),
            years=case["term_years"],
            action=case["action"],
            reverse_mortgage=case["reverse"] == 1,
        )
        spread = rate_spread_bps(table, request)
        assert spread is not None and f"{spread / 100:.3f}" == case["published"]


SHORT_TABLE = AporTable({Apor.FIXED: [101, 102]})


def test_denied_loan_and_reverse_mortgage_have_no_rate_spread() -> None:
    assert rate_spread_bps(SHORT_TABLE, SpreadRequest(300, Apor.FIXED, 1, action=3)) is None
    assert rate_spread_bps(SHORT_TABLE, SpreadRequest(300, Apor.FIXED, 1, 1, reverse_mortgage=True)) is None


@pytest.mark.parametrize(("kind", "years"), [(Apor.FIXED, 0), (Apor.FIXED, 3), (Apor.VARIABLE, 1)])
def test_term_outside_the_table_is_refused(kind: Apor, years: int) -> None:
    with pytest.raises(BadInput, match="years"):
        rate_spread_bps(SHORT_TABLE, SpreadRequest(300, kind, years, action=1))


def test_unknown_action_code_is_refused() -> None:
    with pytest.raises(BadInput, match="action"):
        SpreadRequest(300, Apor.FIXED, 1, action=9)
