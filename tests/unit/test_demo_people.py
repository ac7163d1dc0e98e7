"""The demo has somebody for every group that a shipped book names, licences for advice included."""

from __future__ import annotations

import pytest

from api.demo.identities import PEOPLE
from graphs.catalog import VOCABULARY
from policies.authority import LICENCES, LICENSED
from policies.book import NOBODY_NAMED, Book
from policies.loader import shipped

GROUPS = frozenset(group for person in PEOPLE.values() for group in person.groups)
NOBODY = "nobody"  # of the chat: whom nothing is asked


def named(book: Book) -> set[str]:
    """Whoever may be asked about a case of this book, at once or later."""
    rules = book.rules
    boundaries = {group for each in rules.boundaries.values() for group in (*each.groups, each.escalates_to)}
    referrals = {group for each in rules.referrals.values() for group in (each.owner, each.escalates_to)}
    return {*rules.limits, *boundaries, *referrals} - {NOBODY}


@pytest.mark.parametrize("book", shipped(VOCABULARY), ids=lambda each: each.rules.kind)
def test_somebody_of_the_demo_can_decide_whatever_a_case_comes_to(book: Book) -> None:
    assert named(book) - GROUPS == set()


def test_somebody_of_the_demo_owns_what_fails_where_no_book_says_whose_it_is() -> None:
    assert {NOBODY_NAMED.owner, NOBODY_NAMED.escalates_to} <= GROUPS


def test_each_licence_is_held_by_a_person_who_decides_nothing_else() -> None:
    for licence in (f"{LICENSED}{each}" for each in LICENCES):
        (holder,) = [person for person in PEOPLE.values() if licence in person.groups]
        assert holder.groups == {licence}
        assert "(demo)" in holder.name
