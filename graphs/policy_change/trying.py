"""Tries a book's own example cases with the code that decides cases. Pure; reads no case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.decision import Decision
from domain.errors import InvalidPolicy
from graphs.supervisor.boundaries import signers
from policies.book import Book, InForce
from policies.concluding import conclude
from policies.difference import written
from policies.examples import Example, Examples, Expected
from policies.table import DecisionTable, Row


@dataclass(frozen=True, slots=True)
class Tried:
    """One example: what is not as it must be, and the rows that answered it."""

    name: str
    wrong: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """All examples of a book.

    Args:
        examples: one by one.
        untried: rows of the decision tables that no example answers, as they read.
    """

    examples: tuple[Tried, ...]
    untried: tuple[str, ...]

    @property
    def failed(self) -> tuple[Tried, ...]:
        """Examples that came out otherwise."""
        return tuple(each for each in self.examples if each.wrong)


def try_examples(book: Book, examples: Examples) -> Trial:
    """Decide every example under the book in force on its day.

    Raises:
        InvalidPolicy: the examples are another book's, or declare a fact that none of its tables can hold.
    """
    if examples.book != book.rules.kind:
        raise InvalidPolicy(f"these are examples of the book {examples.book}, not of {book.rules.kind}")
    hit: set[str] = set()
    tried = []
    for example in examples.cases:
        in_force = book.on(example.day)
        concluded = conclude(in_force, _facts(in_force, examples, example))
        hit |= {_read(row) for row in in_force.decision.rows if row.id in concluded.rows_hit}
        tried.append(
            Tried(example.name, tuple(_wrong(in_force, concluded, example.expect)), concluded.rows_hit)
        )
    return Trial(tuple(tried), tuple(_untried(book, hit)))


def _facts(book: InForce, examples: Examples, example: Example) -> dict[str, int | str | bool]:
    known = examples.facts_of(example)
    for table in (book.decision, book.authority):
        _possible(table, known, example.name)
    return known


def _possible(table: DecisionTable, known: dict[str, int | str | bool], name: str) -> None:
    for fact, value in known.items():
        if fact in table.inputs and not table.inputs[fact].holds(value):
            raise InvalidPolicy(f"example {name!r}: {fact} cannot be {value!r}; it is {table.inputs[fact]}")


def _wrong(book: InForce, concluded: Decision, expect: Expected) -> Iterator[str]:
    codes = {text: code for code, text in book.rules.reasons.items()}
    came: dict[str, object] = {
        "outcome": concluded.outcome,
        "rows": concluded.rows_hit,
        "reasons": tuple(codes[each] for each in concluded.principal_reasons),
        "conditions": concluded.condition_codes,
        "unknown": concluded.unknown,
    }
    if expect.groups is not None or expect.quorum is not None:
        named = signers(book, concluded, _boundary(book))
        came |= {"groups": named.groups, "quorum": named.quorum}
    for name, value in came.items():
        wanted = getattr(expect, name)
        if wanted is not None and wanted != value:
            yield f"{name}: expected {_said(wanted)}, came {_said(value)}"


def _boundary(book: InForce) -> str:
    if not book.rules.boundaries:
        raise InvalidPolicy(f"{book.version} has no boundary, so nobody signs: leave out groups and quorum")
    return "offer" if "offer" in book.rules.boundaries else next(iter(book.rules.boundaries))


def _said(value: object) -> str:
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)


def _untried(book: Book, hit: set[str]) -> Iterator[str]:
    """A row that reads the same in several periods is tried once."""
    rows = (row for _, table in book.tables["decision"] for row in table.rows)
    yield from sorted({_read(row) for row in rows} - hit)


def _read(row: Row) -> str:
    return f"{row.id}: {written(row)}"
