"""Statements in CSV and JSON: read exactly, or refused with row, field and remedy."""

from __future__ import annotations

import json

import pytest

from domain.errors import BadInput
from tests.fakes.companies import FY2025, csv
from tools.credit.statement import parse_statement

ONE_YEAR = csv({"2025-12-31": FY2025})


def changed(old: str, new: str) -> str:
    assert old in ONE_YEAR
    return ONE_YEAR.replace(old, new)


def refusal(text: str, form: str = "csv") -> str:
    with pytest.raises(BadInput) as refused:
        parse_statement(text, form, "demo.csv")  # type: ignore[arg-type]
    assert refused.value.attributes["remedy"]
    return str(refused.value)


def test_lines_come_in_cents_with_the_line_they_stand_in() -> None:
    first = parse_statement(ONE_YEAR, "csv", "demo.csv")[0]
    assert (first.account, first.cents, first.where) == ("cash", 90_000_000, "line 2")


def test_json_lines_say_the_same_as_csv_lines() -> None:
    rows = [row.split(",") for row in ONE_YEAR.split()[1:]]
    listed = json.dumps([dict(zip(("period_end", "account", "amount"), row, strict=True)) for row in rows])
    told = [(line.account, line.cents) for line in parse_statement(listed, "json", "demo.json")]
    assert told == [(line.account, line.cents) for line in parse_statement(ONE_YEAR, "csv", "demo.csv")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("period_end,account,amount", "date,account,amount", "row 1: the header is 'date,account,amount'"),
        (
            "revenue,",
            "revenues,",
            "row 16, field account: no account 'revenues'. Remedy: did you mean revenue?",
        ),
        ("revenue,14000000.00", "revenue,14 million", "row 16, field amount: '14 million' is no amount"),
        ("revenue,14000000.00", 'revenue,"14,000,000"', "row 16, field amount"),
        ("revenue,14000000.00", "revenue,14,000,000", "row 16: 5 cells, not 3"),
        ("2025-12-31,cash", "31/12/2025,cash", "row 2, field period_end: '31/12/2025' is no date"),
        ("cash,900000.00", "cash,-900000.00", "row 2, field amount: 2025-12-31: cash cannot be negative"),
        ("cash,900000.00", "cash,9000000.00", "cash and receivables and inventory exceed current_assets"),
        (
            "equity,5200000.00",
            "equity,5200000.01",
            "row 8, field amount: 2025-12-31: the balance sheet does not balance: off by -1 cents",
        ),
        ("2025-12-31,ebit,1700000.00\n", "", "row 2, field account: 2025-12-31 lacks ebit"),
        ("2025-12-31,goodwill", "2025-12-31,cash", "row 6, field account: cash stands twice"),
    ],
)
def test_impossible_statement_is_refused_at_its_row(old: str, new: str, says: str) -> None:
    assert says in refusal(changed(old, new))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "row 1: not JSON"),
        ("{}", "a list is expected"),
        ('[{"account": "cash"}]', "row 1: not an object of period_end, account and amount"),
        ('[{"period_end": "2025-12-31", "account": "cash", "amount": true}]', "row 1: not an object"),
        ("[]", "no lines"),
    ],
)
def test_json_that_is_no_statement_is_refused(text: str, says: str) -> None:
    assert says in refusal(text, "json")


def test_csv_that_is_not_closed_is_refused() -> None:
    assert "not CSV" in refusal('period_end,account,amount\n2025-12-31,"cash,1')
