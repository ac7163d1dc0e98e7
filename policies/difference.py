"""What differs between two versions of a book, row by row, and which way each change goes where that can be told.

Owns the comparison and its direction: ``looser`` lets more happen with less, ``tighter`` the contrary. A direction is
stated only where it follows from the change alone, whatever else stands in the book; everywhere else it is said to
be open, and a simulation shows what comes of it. Never decides a case. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from domain.decision import WORST_FIRST, Outcome
from domain.errors import InvalidPolicy
from policies.book import Book
from policies.cell import Anything, Cell, CodeInput, Input, Interval, IntInput, OneOf
from policies.difference_of_rules import Direction, rules_changes
from policies.effective import Section, in_force
from policies.table import DecisionTable, HitPolicy, Row


class What(StrEnum):
    """What happened to a row or a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Args:
        where: the place in the book, with the day from which it counts, e.g. ``decision from 2026-01-01, row D1``.
        what: added, removed or changed.
        before: as it was written; empty when added.
        after: as it is written now; empty when removed.
        direction: looser or tighter, where that follows from this change alone.
    """

    where: str
    what: What
    before: str
    after: str
    direction: Direction


class _Extent(StrEnum):
    """How the facts that a row speaks about changed."""

    SAME = "same"
    GROWN = "grown"
    SHRUNK = "shrunk"
    OTHER = "other"


def differences(old: Book, new: Book) -> tuple[Change, ...]:
    """Every difference between two versions of a book: rules, then tables, then parameters."""
    return (*_rules(old, new), *_tables(old, new), *_parameters(old, new))


def _rules(old: Book, new: Book) -> Iterator[Change]:
    for where, before, after, direction in rules_changes(old.rules, new.rules):
        yield Change(where, _what(before, after), before or "", after or "", direction)


def _tables(old: Book, new: Book) -> Iterator[Change]:
    for name in dict.fromkeys((*old.tables, *new.tables)):
        sections = [each for book in (old, new) for each, _ in book.tables.get(name, ())]
        for day in _turning(sections):
            was, is_now = _table(old, name, day), _table(new, name, day)
            if was is None or is_now is None:
                yield from _whole(f"{name} from {day}", was, is_now)
            elif was != is_now:
                yield from _table_changes(f"{name} from {day}", was, is_now)


def _turning(sections: list[Section]) -> list[date]:
    """Days on which something starts or has just ended."""
    ends = {each.effective_to + timedelta(days=1) for each in sections if each.effective_to is not None}
    return sorted({each.effective_from for each in sections} | ends)


def _table(book: Book, name: str, day: date) -> DecisionTable | None:
    try:
        return book.table(name, day)
    except InvalidPolicy:
        return None


def _whole(where: str, was: object, is_now: object) -> Iterator[Change]:
    if was is not None or is_now is not None:
        told = "nothing is in force" if is_now is None else "in force"
        what = What.REMOVED if is_now is None else What.ADDED
        yield Change(where, what, "" if was is None else "in force", told, Direction.OPEN)


def _table_changes(where: str, was: DecisionTable, is_now: DecisionTable) -> Iterator[Change]:
    if was.hit_policy is not is_now.hit_policy:
        yield Change(f"{where}, hit policy", What.CHANGED, was.hit_policy, is_now.hit_policy, Direction.OPEN)
    for name in dict.fromkeys((*was.inputs, *is_now.inputs)):
        before, after = _said(was.inputs.get(name)), _said(is_now.inputs.get(name))
        if before != after:
            yield Change(f"{where}, input {name}", _what(before, after), before, after, Direction.OPEN)
    before_rows, after_rows = ({row.id: row for row in table.rows} for table in (was, is_now))
    for row_id in dict.fromkeys((*before_rows, *after_rows)):
        yield from _row_change(
            f"{where}, row {row_id}", before_rows.get(row_id), after_rows.get(row_id), is_now
        )
    order = [
        [row.id for row in each.rows if row.id in before_rows.keys() & after_rows.keys()]
        for each in (was, is_now)
    ]
    if is_now.hit_policy is HitPolicy.FIRST and order[0] != order[1]:
        yield Change(
            f"{where}, order of rows", What.CHANGED, ", ".join(order[0]), ", ".join(order[1]), Direction.OPEN
        )


def _row_change(where: str, was: Row | None, is_now: Row | None, table: DecisionTable) -> Iterator[Change]:
    before, after = ("" if row is None else written(row) for row in (was, is_now))
    if before == after:
        return
    if was is None or is_now is None:
        direction = _lone(was or is_now, table, removed=is_now is None)
    else:
        direction = _direction(was, is_now, table)
    yield Change(where, _what(before, after), before, after, direction)


def _lone(row: Row | None, table: DecisionTable, *, removed: bool) -> Direction:
    """A row that came or went: in a table that collects, every row but an approval only makes outcomes worse."""
    outcome = None if row is None else _outcome(row)
    if table.hit_policy is not HitPolicy.COLLECT or outcome is None:
        return Direction.OPEN
    tighter = (outcome is not Outcome.APPROVE) != removed
    return Direction.TIGHTER if tighter else Direction.LOOSER


def _direction(was: Row, is_now: Row, table: DecisionTable) -> Direction:
    extent = _extent(was, is_now, table.inputs)
    before, after = _outcome(was), _outcome(is_now)
    if before is None or after is None:
        return _signers(was, is_now) if extent is _Extent.SAME else Direction.OPEN
    if before is after:
        return _moved(extent, before, table) if extent is not _Extent.SAME else _terms(was, is_now)
    worse = WORST_FIRST.index(after) < WORST_FIRST.index(before)
    approves = Outcome.APPROVE in (before, after) and table.hit_policy is HitPolicy.COLLECT
    fits = (_Extent.SAME, _Extent.GROWN if worse else _Extent.SHRUNK)
    if approves or extent is _Extent.SAME or (extent in fits and table.hit_policy is HitPolicy.COLLECT):
        return Direction.TIGHTER if worse else Direction.LOOSER
    return Direction.OPEN


def _moved(extent: _Extent, outcome: Outcome, table: DecisionTable) -> Direction:
    """The same outcome for more or for fewer facts."""
    if extent is _Extent.OTHER or table.hit_policy is not HitPolicy.COLLECT:
        return Direction.OPEN
    tighter = (extent is _Extent.GROWN) == (outcome is not Outcome.APPROVE)
    return Direction.TIGHTER if tighter else Direction.LOOSER


def _terms(was: Row, is_now: Row) -> Direction:
    """Same facts, same outcome: a condition that came is tighter; another source changes nothing that is decided."""
    if was.outputs == is_now.outputs:
        return Direction.NEITHER
    had, has = bool(was.outputs.get("condition")), bool(is_now.outputs.get("condition"))
    if had == has:
        return Direction.OPEN
    return Direction.TIGHTER if has else Direction.LOOSER


def _signers(was: Row, is_now: Row) -> Direction:
    """Same facts, other signatures: more of them, or fewer groups that may give them, is tighter."""
    if was.outputs == is_now.outputs:
        return Direction.NEITHER
    if not {"groups", "quorum"} <= was.outputs.keys() & is_now.outputs.keys():
        return Direction.OPEN
    before, after = (_groups(row) for row in (was, is_now))
    quorums = [int(row.outputs["quorum"]) for row in (was, is_now)]
    if after <= before and quorums[1] >= quorums[0]:
        return Direction.TIGHTER
    return Direction.LOOSER if before <= after and quorums[1] <= quorums[0] else Direction.OPEN


def _groups(row: Row) -> frozenset[str]:
    return frozenset(name.strip() for name in str(row.outputs["groups"]).split(","))


def _extent(was: Row, is_now: Row, inputs: Mapping[str, Input]) -> _Extent:
    names = was.cells.keys() | is_now.cells.keys()
    if not names <= inputs.keys():
        return _Extent.OTHER
    pairs = [
        (was.cells.get(name, Anything()), is_now.cells.get(name, Anything()), inputs[name]) for name in names
    ]
    inside = all(within(after, before, kind) for before, after, kind in pairs)
    around = all(within(before, after, kind) for before, after, kind in pairs)
    if inside and around:
        return _Extent.SAME
    return _Extent.SHRUNK if inside else _Extent.GROWN if around else _Extent.OTHER


def within(one: Cell, other: Cell, kind: Input) -> bool:
    """Whether every possible value of an input that the one cell matches is matched by the other too."""
    if isinstance(other, Anything):
        return True
    if isinstance(kind, IntInput):
        return _inside(_span(one, kind), _span(other, kind))
    return _codes(one, kind) <= _codes(other, kind)


def _span(cell: Cell, kind: IntInput) -> tuple[int | None, int | None]:
    low, high = (cell.low, cell.high) if isinstance(cell, Interval) else (None, None)
    lows = [bound for bound in (low, kind.minimum) if bound is not None]
    highs = [bound for bound in (high, kind.maximum) if bound is not None]
    return max(lows) if lows else None, min(highs) if highs else None


def _inside(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    low = other[0] is None or (one[0] is not None and one[0] >= other[0])
    high = other[1] is None or (one[1] is not None and one[1] <= other[1])
    return low and high


def _codes(cell: Cell, kind: Input) -> frozenset[Any]:
    every = frozenset(kind.values) if isinstance(kind, CodeInput) else frozenset((True, False))
    return frozenset(cell.values) if isinstance(cell, OneOf) else every


def _outcome(row: Row) -> Outcome | None:
    said = row.outputs.get("outcome")
    return Outcome(str(said)) if said in set(Outcome) else None


def _parameters(old: Book, new: Book) -> Iterator[Change]:
    for day in _turning([*old.parameters, *new.parameters]):
        was, is_now = (_values(book, day) for book in (old, new))
        if was is None or is_now is None:
            yield from _whole(f"parameters from {day}", was, is_now)
            continue
        for name in dict.fromkeys((*was, *is_now)):
            before, after = _said(was.get(name)), _said(is_now.get(name))
            if before != after:
                yield Change(
                    f"parameter {name} from {day}", _what(before, after), before, after, Direction.OPEN
                )


def _values(book: Book, day: date) -> Mapping[str, Any] | None:
    try:
        values = in_force(book.parameters, day).content.get("values")
    except InvalidPolicy:
        return None
    return values if isinstance(values, Mapping) else None


def written(row: Row) -> str:
    """A row in a line: when, then, and where from."""
    told = {name: _cell(cell) for name, cell in row.cells.items() if not isinstance(cell, Anything)}
    when = ", ".join(f"{name} {cell}" for name, cell in told.items()) or "anything"
    then = ", ".join(f"{name} {value}" for name, value in row.outputs.items())
    source = f" ({row.source}, {row.source_status})" if row.source else ""
    return f"{when} → {then}{source}"


def _cell(cell: Cell) -> str:
    if isinstance(cell, OneOf):
        return ", ".join(
            sorted(str(each).lower() if isinstance(each, bool) else each for each in cell.values)
        )
    if not isinstance(cell, Interval):
        return "-"
    if cell.low is None or cell.high is None:
        return f"<= {cell.high}" if cell.low is None else f">= {cell.low}"
    return str(cell.low) if cell.low == cell.high else f"{cell.low}..{cell.high}"


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _what(before: str | None, after: str | None) -> What:
    if not before:
        return What.ADDED
    return What.CHANGED if after else What.REMOVED
