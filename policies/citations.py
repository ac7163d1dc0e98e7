"""Which rows of a book rest on something else than a text that was read itself: whoever publishes acknowledges them.

Owns the list and its digest. Judges no source. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.canonical import digest
from domain.identity import Record
from policies.book import Book
from policies.table import SourceStatus

NONE = "none"  # a row that names no source at all


class Cited(Record):
    """One row with where it stands and what it rests on."""

    where: str
    source: str
    status: str  # secondary, unverified or none


def not_primary(book: Book) -> tuple[Cited, ...]:
    """Every row whose source is not primary, as the book has it: rows of tables, parameters and rules."""
    return tuple(dict.fromkeys((*_tables(book), *_parameters(book), *_rules(book))))


def digest_of(rows: tuple[Cited, ...]) -> str:
    """What an acknowledgement names: exactly these rows."""
    return digest([each.model_dump(mode="json") for each in rows])


def _tables(book: Book) -> Iterator[Cited]:
    for name, versions in book.tables.items():
        for section, table in versions:
            for row in table.rows:
                where = f"{name} from {section.effective_from}, row {row.id}"
                yield from _cited(where, row.source, row.source_status)


def _parameters(book: Book) -> Iterator[Cited]:
    for section in book.parameters:
        for name, value in dict(section.content.get("values") or {}).items():  # type: ignore[call-overload]
            for n, row in enumerate(value if isinstance(value, list) else (), 1):
                where = f"parameter {name} from {section.effective_from}, row {row.get('id', n)}"
                yield from _cited(where, row.get("source"), row.get("source_status"))


def _rules(book: Book) -> Iterator[Cited]:
    yield from _walked("", book.rules.model_dump(mode="json"))


def _walked(path: str, value: Any) -> Iterator[Cited]:
    if isinstance(value, list):
        for n, each in enumerate(value, 1):
            name = each.get("id", n) if isinstance(each, dict) else n
            yield from _walked(f"{path}.{name}", each)
    elif isinstance(value, dict):
        if "source_status" in value:
            yield from _cited(path, value.get("source"), value["source_status"])
        for name, each in value.items():
            yield from _walked(f"{path}.{name}" if path else str(name), each)


def _cited(where: str, source: Any, status: Any) -> Iterator[Cited]:
    if not source:
        yield Cited(where=where, source="", status=NONE)
    elif status != SourceStatus.PRIMARY:
        yield Cited(where=where, source=str(source), status=str(status or SourceStatus.UNVERIFIED))
