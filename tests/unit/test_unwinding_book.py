"""The book of unwinding is refused where nobody could report, sign, or would know what the customer is told."""

from __future__ import annotations

import pytest

from domain.errors import InvalidPolicy
from domain.unwinding import UNWINDING
from graphs.catalog import VOCABULARY
from policies.loader import BOOKS, read_book
from policies.unwinding import EACH, WHOLE, Unwinding, problems_of_unwinding

BOOK = (BOOKS / "unwinding.yaml").read_text(encoding="utf-8")
REPORTED = "reported_by: [compliance, record_sources]"


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        (REPORTED, "reported_by: []", "nobody could start it"),
        ("one_by_one: [cancel_offer]", "one_by_one: [book_offer]", "book_offer takes nothing back"),
        ("  compensation:\n", "  comparison:\n", "boundaries.compensation"),
        ("notice: reversal", "notice: adverse_action", "the reason in an adverse action notice"),
        ("    sanctions_hit:\n", "    other_hit:\n", "the authority table does not know it"),
        ("overtakes: [wrong_document,", "overtakes: [sanctions_hit,", "no less grave defect"),
        ("kind: unwinding\n", "kind: other\n", "no other book"),
        ("notice_within_days: 30", "notice_within_days: 31", "notice_within_days"),
    ],
)
def test_book_that_could_not_be_followed_is_refused(piece: str, instead: str, complaint: str) -> None:
    assert piece in BOOK
    with pytest.raises(InvalidPolicy, match=complaint):
        read_book(BOOK.replace(piece, instead, 1), VOCABULARY, "unwinding.yaml")


def test_compensations_follow_from_no_end_of_a_case() -> None:
    home = (BOOKS / "home_loan.yaml").read_text(encoding="utf-8")
    ordered = home.replace("effects: {approve: [book_offer,", "effects: {approve: [cancel_offer, book_offer,")
    with pytest.raises(InvalidPolicy, match="cancel_offer does not exist"):
        read_book(ordered, VOCABULARY)


def test_book_that_knows_no_defect_unwinds_nothing_and_is_refused() -> None:
    found = problems_of_unwinding(UNWINDING, Unwinding(defects={}), (WHOLE, EACH), frozenset())
    assert list(found) == ["unwinding.defects: is empty"]
