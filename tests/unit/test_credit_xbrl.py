"""SEC XBRL instances: undimensioned US-dollar facts of fiscal years, and nothing that only looks like them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from tests.fakes.companies import HEAD, context, fact, instance
from tools.credit.ratios import ratios
from tools.credit.spread import Document, spread
from tools.credit.xbrl import Instance, lines, parse_instance, unbalanced

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILING = SHARED / "data" / "credit" / "xbrl" / "aapl-20230930_htm.xml"
FACTS = SHARED / "facts" / "xbrl_aapl_fy2023.json"
real = pytest.mark.skipif(not FILING.exists(), reason="the real filing is not on this machine")


def read(*extra: str) -> Instance:
    return parse_instance(
        instance({"2025-12-31": {"total_assets": 1_000, "revenue": 500}}, *extra), "demo.xml"
    )


def cents(instance: Instance, account: str, end: str = "2025-12-31") -> int:
    return next(each.cents for each in lines(instance) if (each.account, each.period_end) == (account, end))


def test_accounts_come_in_cents_with_the_id_of_their_fact() -> None:
    (line,) = [each for each in lines(read()) if each.account == "total_assets"]
    assert (line.cents, line.where) == (100_000, "us-gaap:Assets f-Assets-i2025-12-31")


def test_amounts_of_a_segment_are_neither_used_nor_added() -> None:
    segment = context("s", "2025-01-01", "2025-12-31", "demo:NorthMember")
    found = read(
        segment,
        fact("Revenues", "s", 300),
        fact("RevenueFromContractWithCustomerExcludingAssessedTax", "s", 300),
    )
    assert cents(found, "revenue") == 50_000


def test_nil_is_not_zero() -> None:
    nil = ' <us-gaap:InventoryNet contextRef="i2025-12-31" unitRef="usd" xsi:nil="true"/>\n'
    found = read(nil)
    assert found.nil == ("InventoryNet",)
    assert "inventory" not in {each.account for each in lines(found)}


def test_of_duplicates_that_agree_within_rounding_the_most_precise_counts() -> None:
    rounded = fact("Goodwill", "i2025-12-31", 300, decimals="-2")
    found = read(rounded, fact("Goodwill", "i2025-12-31", 312, decimals="0"))
    assert cents(found, "goodwill") == 31_200
    assert found.contradictions == ()


def test_of_duplicates_that_contradict_each_other_none_counts() -> None:
    found = read(fact("Goodwill", "i2025-12-31", 300), fact("Goodwill", "i2025-12-31", 390))
    assert [(each.concept, each.dollars) for each in found.contradictions] == [("Goodwill", (300, 390))]
    assert "goodwill" not in {each.account for each in lines(found)}


def test_amounts_of_a_quarter_do_not_stand_for_a_year() -> None:
    quarter = context("q", "2025-10-01", "2025-12-31")
    found = read(quarter, fact("OperatingIncomeLoss", "q", 40))
    assert "ebit" not in {each.account for each in lines(found)}


def test_intangibles_are_added_up_from_their_parts() -> None:
    parts = (("FiniteLivedIntangibleAssetsNet", 20), ("IndefiniteLivedIntangibleAssetsExcludingGoodwill", 5))
    assert cents(read(*(fact(name, "i2025-12-31", amount) for name, amount in parts)), "intangibles") == 2_500


def test_amounts_in_another_currency_are_refused() -> None:
    with pytest.raises(BadInput, match=r"demo\.xml, field InventoryNet: an amount in EUR"):
        read(fact("InventoryNet", "i2025-12-31", 10, unitRef="eur"))


def test_balance_sheet_off_by_more_than_rounding_is_noticed() -> None:
    off = read(fact("LiabilitiesAndStockholdersEquity", "i2025-12-31", 1_002))
    rounded = read(fact("LiabilitiesAndStockholdersEquity", "i2025-12-31", 1_002, decimals="-1"))
    assert (unbalanced(off), unbalanced(rounded)) == ((date(2025, 12, 31),), ())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><xbrl>&a;</xbrl>', "document type or entity"),
        ("<xbrl", "row 1: not XML"),
        ("<html/>", "field html: the first element is not <xbrl>"),
        (HEAD + "</xbrl>", "no fiscal year"),
        (
            HEAD + context("c", "2025-13-01", "2025-12-31") + "</xbrl>",
            "field context c: '2025-13-01' is no date",
        ),
        (HEAD + context("c", None, "2025-12-31") + fact("Assets", "c", "many") + "</xbrl>", "not an amount"),
        (
            HEAD + context("c", None, "2025-12-31") + fact("Assets", "c", "1E+999999") + "</xbrl>",
            "no amount that",
        ),
        (
            HEAD
            + context("c", None, "2025-12-31")
            + fact("Assets", "c", "1", decimals="9999999")
            + "</xbrl>",
            "no amo",
        ),
    ],
)
def test_what_is_no_instance_is_refused_by_name_with_a_remedy(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        parse_instance(text, "demo.xml")
    assert refused.value.attributes["file"] == "demo.xml"
    assert refused.value.attributes["remedy"]


@real
def test_real_filing_gives_every_amount_that_was_computed_independently() -> None:
    found = parse_instance(FILING.read_text(encoding="utf-8"), FILING.name)
    told = {
        (f"{each.start}/" if each.start else "") + f"{each.end} {each.concept}": str(each.dollars)
        for each in found.facts
    }
    expected = json.loads(FACTS.read_text())["facts"]
    wanted = {
        f"{period} {concept}": value for concept, by in expected.items() for period, value in by.items()
    }
    assert {key: told.get(key) for key in wanted} == wanted


@real
def test_real_filing_gives_every_ratio_that_was_computed_independently() -> None:
    found = parse_instance(FILING.read_text(encoding="utf-8"), FILING.name)
    spreaded = spread([Document("10-K", "audited", date(2023, 11, 3), lines(found))])
    assert spreaded.latest is not None
    told = {each.code: each.value_bps for each in ratios(spreaded, spreaded.latest)}
    facts = json.loads(FACTS.read_text())
    expected = {
        "current": facts["current_ratio"],
        "quick": facts["quick_ratio_ex_inventory"],
        "debt_to_ebitda": facts["debt_to_ebitda"],
        "interest_cover": facts["ebit_interest_cover"],
        "leverage": facts["liabilities_to_equity"],  # it reports no goodwill: tangible net worth is equity
        "dscr_ebitda": facts["dscr_ebitda"],
        "dscr_after_tax_capex": facts["dscr_uca_style"],
        "altman_z2": facts["altman_z2"]["z_double_prime_no_const"],
    }
    assert {code: told[code] for code in expected} == {
        code: int(value.replace(".", "")) for code, value in expected.items()
    }
