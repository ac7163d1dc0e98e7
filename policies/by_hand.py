"""Finds what is wrong with a book's rows of work that people do by hand where it failed. Reads books only."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policies.book import Book
from policies.hand import HandRow
from policies.vocabulary import Vocabulary

PAIR = 2  # people


def problems_by_hand(book: Book, must: Collection[str], known: Vocabulary) -> Iterator[str]:
    """A sentence for each problem; ``must``: specialists of the book whose failure may clear nobody."""
    rules = book.rules
    named = {row.specialist for row in rules.by_hand}
    for job in sorted(set(must) - named):
        yield f"by_hand: where {job} fails nobody of compliance is asked, and whoever signs offers would clear it"
    for row in rules.by_hand:
        yield from _row(book, row, known)
    boundary = rules.boundaries.get("compliance")
    if named and (boundary is None or boundary.quorum < PAIR):
        yield "by_hand: boundaries.compliance asks fewer than two people, and they alone would clear what failed"


def _row(book: Book, row: HandRow, known: Vocabulary) -> Iterator[str]:
    if not any(row.specialist in jobs for jobs in book.rules.workers.values()):
        yield f"by_hand: {row.specialist} does not work under this book"
    for fact in sorted(row.settles.keys() - known.provides.get(row.specialist, frozenset())):
        yield f"by_hand.{row.specialist}: it does not find {fact}"
    for section, table in book.tables.get("decision", ()):
        for fact, value in row.settles.items():
            if fact in table.inputs and not table.inputs[fact].holds(value):
                yield f"by_hand.{row.specialist}: from {section.effective_from} {fact} cannot be {value}"
