"""Qualified-mortgage tests against the published 2026 tables."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BadInput
from domain.money import Money
from tools.lending.qm import (
    CoveredLoan,
    FeeTier,
    Lien,
    PriceTier,
    QmStatus,
    QmThresholds,
    SpreadLimits,
    is_higher_priced,
    points_and_fees_limit,
    price_limit_bps,
    qm_status,
    thresholds_on,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")

HIGHER_PRICED = SpreadLimits(150, 350, 250)  # 12 CFR 1026.35(a)(1)(i)-(iii)


def shared(name: str) -> Any:
    return json.loads((SHARED / name).read_text(), parse_float=Decimal)


def cents(dollars: int | None) -> int | None:
    return None if dollars is None else dollars * 100


def fee_tier(low: int, high: int | None, limit: str) -> FeeTier:
    if limit.endswith("%"):
        return FeeTier(low * 100, cents(high), share_bps=int(limit[:-1]) * 100)
    return FeeTier(low * 100, cents(high), amount_cents=Money.of(limit[1:].replace(",", "")).cents)


def price_tiers(rows: list[tuple[int, int | None, Decimal]], lien: Lien) -> list[PriceTier]:
    return [PriceTier(lien, low * 100, cents(high), int(limit * 100)) for low, high, limit in rows]


@pytest.fixture(scope="module")
def table() -> QmThresholds:
    rules = shared("rules/mortgage_us.json")
    price, spread = rules["general_qm_price"], rules["qm_presumption"]["safe_harbor_spread_lt"]
    manufactured = int(price["manufactured_home_below_137958"] * 100)
    tiers = price_tiers(price["first_lien"], Lien.FIRST) + price_tiers(price["subordinate"], Lien.SUBORDINATE)
    tiers.append(PriceTier(Lien.FIRST, 0, 137_958_00, manufactured, manufactured_home=True))
    limits = [int(spread[name] * 100) for name in ("first_lien", "subordinate", "small_creditor_first_lien")]
    return QmThresholds(
        effective_from=date.fromisoformat(price["effective_from"]),
        effective_to=None,
        price=tuple(tiers),
        fees=tuple(fee_tier(*tier) for tier in rules["qm_points_fees"]["tiers"]),
        safe_harbour=SpreadLimits(*limits),
        higher_priced=HIGHER_PRICED,
    )


def first_lien(amount: int, spread_bps: int) -> CoveredLoan:
    return CoveredLoan(amount * 100, 675 + spread_bps, 675)


def test_price_test_and_fee_limit_give_the_published_answers(table: QmThresholds) -> None:
    facts = shared("facts/qm_2026.json")
    assert len(facts) == 5
    for fact in facts:
        loan = CoveredLoan(fact["loan"] * 100, Decimal(fact["apr"]) * 100, Decimal(fact["apor"]) * 100)
        assert loan.spread_bps == Decimal(fact["spread"]) * 100
        assert price_limit_bps(table, loan) == Decimal(fact["limit"]) * 100
        assert qm_status(table, loan) == fact["expected"]
        limit = points_and_fees_limit(table, loan.amount_cents, loan.amount_cents)
        assert Money(limit) == Money.of(fact["points_fees_cap"])


@pytest.mark.parametrize(
    ("amount", "limit_cents"),
    [(82_775, 4_139_00), (82_774, 4_138_70), (27_592, 1_379_60), (27_591, 1_380_00), (17_244, 1_379_52)],
)
def test_fee_limit_changes_at_each_tier(table: QmThresholds, amount: int, limit_cents: int) -> None:
    assert points_and_fees_limit(table, amount * 100, amount * 100) == limit_cents


def test_fee_share_is_taken_of_the_total_loan_amount_and_rounded_down(table: QmThresholds) -> None:
    assert points_and_fees_limit(table, 350_000_00, 345_000_33) == 10_350_00


@pytest.mark.parametrize(("spread", "status"), [(149, QmStatus.SAFE_HARBOUR), (150, QmStatus.REBUTTABLE)])
def test_safe_harbour_ends_where_the_loan_is_higher_priced(
    table: QmThresholds, spread: int, status: QmStatus
) -> None:
    assert qm_status(table, first_lien(350_000, spread)) is status
    assert is_higher_priced(table, first_lien(350_000, spread)) is (status is QmStatus.REBUTTABLE)


def test_spread_just_below_the_limit_is_not_rounded_up_to_it(table: QmThresholds) -> None:
    loan = CoveredLoan(350_000_00, Decimal("899.99"), 675)
    assert qm_status(table, loan) is QmStatus.REBUTTABLE


def test_small_manufactured_home_loan_has_its_own_price_limit(table: QmThresholds) -> None:
    home = replace(first_lien(137_957, 0), manufactured_home=True)
    assert price_limit_bps(table, home) == 650
    assert price_limit_bps(table, replace(home, amount_cents=137_958_00)) == 225


def test_small_creditor_keeps_the_safe_harbour_up_to_its_own_limit(table: QmThresholds) -> None:
    loan = replace(first_lien(350_000, 349), small_creditor=True)
    assert qm_status(table, loan) is QmStatus.SAFE_HARBOUR
    assert qm_status(table, replace(loan, apr_bps=1_025)) is QmStatus.REBUTTABLE


def test_subordinate_lien_and_large_loan_have_their_own_higher_priced_limits(table: QmThresholds) -> None:
    second = replace(first_lien(90_000, 349), lien=Lien.SUBORDINATE)
    assert not is_higher_priced(table, second)
    assert qm_status(table, replace(second, apr_bps=1_025)) is QmStatus.NOT_QM
    assert not is_higher_priced(table, replace(first_lien(1_300_000, 249), above_conforming_limit=True))


def test_tables_are_chosen_by_application_date(table: QmThresholds) -> None:
    closed = replace(table, effective_from=date(2025, 1, 1), effective_to=date(2025, 12, 31))
    assert thresholds_on([closed, table], date(2025, 12, 31)) is closed
    assert thresholds_on([closed, table], date(2026, 1, 1)) is table


@pytest.mark.parametrize("tables", [0, 2])
def test_date_without_exactly_one_table_is_refused(table: QmThresholds, tables: int) -> None:
    with pytest.raises(BadInput) as refused:
        thresholds_on([table] * tables, date(2026, 3, 1))
    assert refused.value.attributes["field"] == "application_date"


def test_amount_that_no_tier_holds_is_refused(table: QmThresholds) -> None:
    with pytest.raises(BadInput, match="amount_cents"):
        qm_status(replace(table, price=table.price[:1]), first_lien(50_000, 100))
    with pytest.raises(BadInput, match="amount_cents"):
        CoveredLoan(0, 700, 675)


def test_fee_tier_without_a_limit_is_refused(table: QmThresholds) -> None:
    with pytest.raises(BadInput, match="fees"):
        points_and_fees_limit(replace(table, fees=(FeeTier(0, None),)), 100_00, 100_00)
