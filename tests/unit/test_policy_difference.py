"""What differs between two books, and which way it goes where that follows from the change alone."""

from __future__ import annotations

import pytest

from graphs.catalog import VOCABULARY
from policies.book import Book
from policies.cell import Value
from policies.completeness import check
from policies.difference import Change, differences
from policies.loader import BOOKS, parse_book, read_book
from policies.table import DecisionTable

BOOK = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")
LATE = '{id: R2, when: {delinquencies_24m: ">= 3"}, then: {outcome: decline, reason: credit_history}}'
FEW = '{id: R3, when: {delinquencies_24m: "[1..2]"}, then: {outcome: refer}}'


def changed(*pieces: tuple[str, str]) -> tuple[Change, ...]:
    text = BOOK
    for piece, instead in pieces:
        assert piece in text
        text = text.replace(piece, instead, 1)
    return differences(read_book(BOOK, VOCABULARY), parse_book(text))


def test_a_book_does_not_differ_from_itself() -> None:
    assert changed() == ()


@pytest.mark.parametrize(
    ("piece", "instead", "direction"),
    [
        ('">= 3"}, then: {outcome: decline', '">= 2"}, then: {outcome: decline', "tighter"),
        ('">= 3"}, then: {outcome: decline', '">= 5"}, then: {outcome: decline', "looser"),
        (FEW, FEW.replace("refer", "decline, reason: credit_history"), "tighter"),
        (FEW, FEW.replace("refer", "approve"), "looser"),
        (f"        - {FEW}\n", "", "looser"),
        (f"        - {FEW}\n", f"        - {FEW}\n        - {FEW.replace('R3', 'R4')}\n", "tighter"),
        (
            "{id: A1, then: {outcome: approve}}",
            "{id: A1, when: {kyc_risk: low}, then: {outcome: approve}}",
            "tighter",
        ),
        (FEW, FEW.replace('"[1..2]"', '"[2..3]"'), "open"),
        (FEW, "{id: R3, when: {kyc_risk: medium}, then: {outcome: refer}}", "open"),
        ("{groups: servicing, quorum: 1}", "{groups: servicing, quorum: 2}", "tighter"),
        ("{groups: servicing, quorum: 1}", '{groups: "servicing, advisors", quorum: 1}', "looser"),
        ("{groups: servicing, quorum: 1}", "{groups: advisors, quorum: 1}", "open"),
        ('"> 500000"', '"> 900000"', "open"),
        ('servicing: {"*": 500000}', 'servicing: {"*": 500001}', "looser"),
        ("max_cents: 10000", "max_cents: 9999", "tighter"),
        ("sample_bps: 500", "sample_bps: 0", "looser"),
        ("unattended_at_most: high", "unattended_at_most: elevated", "tighter"),
        ("at_most: 50000,", "at_most: 60000,", "looser"),
        ("values_as_arguments, ", "", "looser"),
        ("quorum: 2\n    due_hours", "quorum: 1\n    due_hours", "looser"),
        ("seconds: 60, at_most: 6000", "seconds: 60, at_most: 9000", "looser"),
        ("customers: [US]", "customers: [US, CA]", "looser"),
        ("within_minutes: 60", "within_minutes: 90", "tighter"),
        ("id: S-due-date-refund, scope: customer", "id: S-due-date-refund, scope: employee", "open"),
        ("within_days: 7,", "within_days: 8,", "tighter"),
        ("closed, releasable: true", "closed, releasable: false", "tighter"),
        ("title: Loan amendments", "title: Amendments", "neither"),
    ],
)
def test_a_change_goes_the_way_that_follows_from_it(piece: str, instead: str, direction: str) -> None:
    (found,) = changed((piece, instead))
    assert found.direction == direction


def test_a_change_from_a_day_on_says_the_day() -> None:
    later = BOOK[
        BOOK.index("    - effective_from: 2020-01-01\n      hit_policy: collect") : BOOK.index("  authority:")
    ]
    dated = later.replace("2020-01-01", "2027-01-01").replace('"[1..2]"', '"[2..2]"')
    (found,) = changed(("  authority:\n", dated + "  authority:\n"))
    assert (found.where, found.direction) == ("decision from 2027-01-01, row R3", "looser")


def test_a_parameter_that_differs_is_open() -> None:
    (found,) = changed(("screening_threshold: 750", "screening_threshold: 900"))
    assert (found.where, found.direction) == ("parameter screening_threshold from 2020-01-01", "open")


@pytest.mark.parametrize("piece", ['">= 3"', '"[1..2]"'])
@pytest.mark.parametrize("instead", ['">= 1"', '">= 2"', '">= 9"', '"[1..5]"', '"-"'])
def test_a_stated_direction_holds_for_every_case_there_can_be(piece: str, instead: str) -> None:
    found = changed((piece, instead))
    before, after = (_decision(text) for text in (BOOK, BOOK.replace(piece, instead, 1)))
    points = [_point(n) for n in range(12)]
    worse = [_rank(after, point) < _rank(before, point) for point in points]
    better = [_rank(after, point) > _rank(before, point) for point in points]
    for each in found:
        assert not (each.direction == "tighter" and any(better))
        assert not (each.direction == "looser" and any(worse))
    assert check(after) == ()


def _decision(text: str) -> DecisionTable:
    book: Book = parse_book(text)
    return book.tables["decision"][0][1]


def _point(delinquencies: int) -> dict[str, Value]:
    clear: dict[str, Value] = {
        "sanctions_status": "clear",
        "kyc_risk": "low",
        "open_gaps": 0,
        "degraded": False,
        "text_quarantined": False,
    }
    return clear | {"delinquencies_24m": delinquencies}


def _rank(table: DecisionTable, point: dict[str, Value]) -> int:
    order = ("hold", "decline", "refer", "approve")
    return min(order.index(str(each["outcome"])) for each in table.evaluate(point).answers)
