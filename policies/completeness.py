"""Whether a decision table is complete: gaps, contradictions and dead rows, decided, not sampled.

Owns the decomposition of a table into elementary regions: every number input is cut at the bounds
that its cells use, so that inside one piece all rows agree; codes and flags are their own pieces. A
row is then one set of pieces per input, and coverage is decided by splitting one input at a time,
keeping only the rows that are still alive (remembered by rows and inputs left). Never evaluates
facts, never changes a table. Results hold for the possible values of the inputs; what lies outside
is an unknown fact and has no answer anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, islice
from typing import NamedTuple

from policies.cell import Anything, Cell, CodeInput, Input, Interval, IntInput, Value
from policies.table import DecisionTable, HitPolicy, Row

MOST_GAPS = 5  # reported per table; a table with one gap is refused as much as one with all of them

Box = tuple[int, ...]  # per input, the pieces it takes, as a bit set


class DefectKind(StrEnum):
    """What can be wrong with a table as a whole."""

    GAP = "gap"
    """Inputs that no row answers (not for ``collect``, where no row is an answer)."""
    OVERLAP = "overlap"
    """Inputs on which two rows of a ``unique`` table say different things."""
    UNREACHABLE = "unreachable"
    """A row of a ``first`` or ``priority`` table that other rows always precede."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong, with a proof.

    Args:
        kind: what is wrong.
        table: name of the table.
        rows: ids of the rows concerned; none for a gap.
        witness: a value for every input that shows it.
        sentence: the same for people.
    """

    kind: DefectKind
    table: str
    rows: tuple[str, ...]
    witness: Mapping[str, Value]
    sentence: str


def check(table: DecisionTable) -> tuple[Defect, ...]:
    """Every overlap and dead row of a table, and up to ``MOST_GAPS`` gaps; empty when it is sound."""
    grid = _Grid(table)
    if table.hit_policy is HitPolicy.COLLECT:
        return ()
    if table.hit_policy is HitPolicy.UNIQUE:
        return (*_gaps(table, grid), *_overlaps(table, grid))
    return (*_gaps(table, grid), *_unreachable(table, grid))


def unanswered(table: DecisionTable) -> tuple[Defect, ...]:
    """Gaps of any table, one that collects as well; empty when a row answers whatever the facts are."""
    return tuple(_gaps(table, _Grid(table)))


def lets_through(
    table: DecisionTable, case: Mapping[str, Cell], safe: Callable[[Row], bool]
) -> Mapping[str, Value] | None:
    """Facts inside ``case`` on which the table does not answer safely, or ``None`` when there are none: decided.

    In a table that collects one safe row makes the answer safe (worst wins); in the others the answering row has to
    be. What no row answers is none of this question: see ``unanswered``.
    """
    probe = Row("?", {name: case.get(name, Anything()) for name in table.inputs}, {})
    grid = _Grid(replace(table, rows=(*table.rows, probe)))
    region = grid.box(probe)
    rows = [(row, common) for row in table.precedence() if (common := _common(region, grid.box(row)))]
    for n, (row, box) in enumerate(rows):
        if safe(row):
            continue
        rivals = [each for each, _ in (rows if table.hit_policy is HitPolicy.COLLECT else rows[:n])]
        covering = [
            inside
            for each in rivals
            if (table.hit_policy is not HitPolicy.COLLECT or safe(each))
            and table.hit_policy is not HitPolicy.UNIQUE
            if (inside := _common(box, grid.box(each)))
        ]
        left = next(_Cover(box, covering).gaps(), None)
        if left is not None:
            return grid.witness(left)
    return None


def _gaps(table: DecisionTable, grid: _Grid) -> Iterator[Defect]:
    cover = _Cover(grid.everything, [grid.box(row) for row in table.rows])
    for box in islice(cover.gaps(), MOST_GAPS):
        sentence = f"{table.name}: no row answers {grid.describe(box)}"
        yield Defect(DefectKind.GAP, table.name, (), grid.witness(box), sentence)


def _overlaps(table: DecisionTable, grid: _Grid) -> Iterator[Defect]:
    for one, other in combinations(table.rows, 2):
        common = _common(grid.box(one), grid.box(other))
        if common is None or one.outputs == other.outputs:
            continue
        where = grid.describe(common)
        sentence = f"{table.name}: rows {one.id} and {other.id} contradict each other on {where}"
        yield Defect(DefectKind.OVERLAP, table.name, (one.id, other.id), grid.witness(common), sentence)


def _unreachable(table: DecisionTable, grid: _Grid) -> Iterator[Defect]:
    rows = table.precedence()
    for number, row in enumerate(rows):
        box = grid.box(row)
        rivals = [(rival.id, common) for rival in rows[:number] if (common := _common(box, grid.box(rival)))]
        if not _Cover(box, [common for _, common in rivals]).complete():
            continue
        names = tuple(name for name, _ in rivals)
        sentence = f"{table.name}: row {row.id} never answers, {', '.join(names)} always precede it"
        yield Defect(DefectKind.UNREACHABLE, table.name, (row.id, *names), grid.witness(box), sentence)


def _common(one: Box, other: Box) -> Box | None:
    both = tuple(left & right for left, right in zip(one, other, strict=True))
    return both if all(both) else None


class _Piece(NamedTuple):
    """Values of one input that all rows treat alike: one of them, and the words for all."""

    value: Value
    words: str


class _Grid:
    """A table as sets of pieces."""

    def __init__(self, table: DecisionTable) -> None:
        self._pieces = {
            name: _pieces(kind, [row.cells[name] for row in table.rows])
            for name, kind in table.inputs.items()
        }
        self._boxes = {row.id: self._taken(row) for row in table.rows}
        self.everything: Box = tuple((1 << len(pieces)) - 1 for pieces in self._pieces.values())

    def box(self, row: Row) -> Box:
        return self._boxes[row.id]

    def witness(self, box: Box) -> dict[str, Value]:
        return {name: self._first(name, taken).value for name, taken in self._named(box)}

    def describe(self, box: Box) -> str:
        free = dict(self._named(self.everything))
        parts = [
            f"{name} {self._first(name, taken).words}"
            for name, taken in self._named(box)
            if taken != free[name]
        ]
        return ", ".join(parts) or "anything"

    def _taken(self, row: Row) -> Box:
        return tuple(
            sum(1 << place for place, piece in enumerate(pieces) if row.cells[name].matches(piece.value))
            for name, pieces in self._pieces.items()
        )

    def _named(self, box: Box) -> Iterator[tuple[str, int]]:
        return zip(self._pieces, box, strict=True)

    def _first(self, name: str, taken: int) -> _Piece:
        return self._pieces[name][(taken & -taken).bit_length() - 1]


def _pieces(kind: Input, cells: Sequence[Cell]) -> tuple[_Piece, ...]:
    if isinstance(kind, IntInput):
        return tuple(_number_pieces(kind, cells))
    if isinstance(kind, CodeInput):
        return tuple(_Piece(code, code) for code in kind.values)
    return (_Piece(False, "false"), _Piece(True, "true"))


def _number_pieces(kind: IntInput, cells: Sequence[Cell]) -> Iterator[_Piece]:
    intervals = [cell for cell in cells if isinstance(cell, Interval)]
    starts = {cell.low for cell in intervals if cell.low is not None}
    starts |= {cell.high + 1 for cell in intervals if cell.high is not None}
    inside = sorted(
        start
        for start in starts
        if (kind.minimum is None or start > kind.minimum) and (kind.maximum is None or start <= kind.maximum)
    )
    lows = [kind.minimum, *inside]
    highs = [*(start - 1 for start in inside), kind.maximum]
    for low, high in zip(lows, highs, strict=True):
        yield _Piece(_some(low, high), f"{_words(low, high)} {kind.unit}")


def _some(low: int | None, high: int | None) -> int:
    if low is not None:
        return low
    return 0 if high is None else high


def _words(low: int | None, high: int | None) -> str:
    if low is None:
        return f"<= {high}"
    if high is None:
        return f">= {low}"
    return str(low) if low == high else f"{low}..{high}"


class _Cover:
    """Decides whether boxes together fill a region.

    Sets of boxes and of columns are bit sets. With ``live`` boxes and ``free`` columns left, the rest
    of the region is filled if one live box leaves nothing of it out; otherwise some column is split,
    and only the smallest sets of boxes that are found on its pieces need to be looked at: where
    fewer boxes suffice, more do.
    """

    def __init__(self, region: Box, boxes: Sequence[Box]) -> None:
        self._region = region
        self._all = (1 << len(boxes)) - 1
        self._columns = (1 << len(region)) - 1
        self._known: dict[tuple[int, int], bool] = {}
        self._full = [
            sum(1 << number for number, box in enumerate(boxes) if not taken & ~box[column])
            for column, taken in enumerate(region)
        ]
        self._on = [
            {piece: sum(1 << number for number, box in enumerate(boxes) if box[column] & piece)
             for piece in _bits(taken)}
            for column, taken in enumerate(region)
        ]  # fmt: skip

    def complete(self) -> bool:
        """Whether nothing of the region is left out."""
        return self._filled(self._all, self._columns)

    def gaps(self) -> Iterator[Box]:
        """Boxes of the region that are left out; disjoint, and together everything left out."""
        return self._left_out(self._all, self._columns, self._region)

    def _left_out(self, live: int, free: int, region: Box) -> Iterator[Box]:
        if not live:
            yield region
        elif not self._filled(live, free):
            column = self._choose(live, free)
            for boxes, pieces in self._split(live, column).items():
                part = (*region[:column], pieces, *region[column + 1 :])
                yield from self._left_out(boxes, free & ~(1 << column), part)

    def _filled(self, live: int, free: int) -> bool:
        if not live or self._whole(live, free):
            return bool(live)
        key = (live, free)
        if key not in self._known:
            column = self._choose(live, free)
            rest = free & ~(1 << column)
            fewest = _smallest(self._split(live, column))
            self._known[key] = all(self._filled(boxes, rest) for boxes in fewest)
        return self._known[key]

    def _whole(self, live: int, free: int) -> bool:
        """Whether one live box leaves nothing out in any free column; always so without free columns."""
        for bit in _bits(free):
            live &= self._full[bit.bit_length() - 1]
        return bool(live)

    def _choose(self, live: int, free: int) -> int:
        """The free column that most live boxes restrict."""
        columns = (bit.bit_length() - 1 for bit in _bits(free))
        return max(columns, key=lambda column: (live & ~self._full[column]).bit_count())

    def _split(self, live: int, column: int) -> dict[int, int]:
        """Live boxes found on pieces of a column → those pieces."""
        parts: dict[int, int] = {}
        for piece, boxes in self._on[column].items():
            parts[live & boxes] = parts.get(live & boxes, 0) | piece
        return parts


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest
        number &= ~lowest


def _smallest(sets: Mapping[int, int]) -> list[int]:
    kept: list[int] = []
    for each in sorted(sets, key=int.bit_count):
        if not any(other & each == other for other in kept):
            kept.append(each)
    return kept
