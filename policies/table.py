"""Decision tables: what is asked, which rows there are, and which of them answers given facts.

Owns the written form of a table, its hit policies and its evaluation. Never looks a fact up, never
guesses one, and never checks a table as a whole (``completeness`` does).

    hit_policy: first                       # unique | first | priority | collect
    inputs:
      dti_back: {type: int, unit: bps, min: 0, max: 100000}
      product: {type: code, values: [conforming, jumbo]}
      held: {type: flag}
    outputs: [outcome, authority]           # or {outcome: [decline, refer, approve], authority: null}
    rows:
      - {id: R1, when: {dti_back: "> 5000"}, then: {outcome: refer}, source: "...", source_status: primary}

A column that a row leaves out is ``-``. An output that a row leaves out is absent from its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from domain.errors import InvalidPolicy
from policies.cell import Anything, Cell, Input, Place, Value, parse_input

Outputs = dict[str, Value]
W = TypeVar("W", bound=StrEnum)


class HitPolicy(StrEnum):
    """How many rows may match, and which of them answers."""

    UNIQUE = "unique"
    """At most one row matches, or all that match say the same; otherwise there is no answer."""
    FIRST = "first"
    """The first matching row as written."""
    PRIORITY = "priority"
    """The matching row whose outputs come first in the listed order of values; then as written."""
    COLLECT = "collect"
    """Every matching row, as written; none is an answer too."""


class SourceStatus(StrEnum):
    """How a citation was checked."""

    PRIMARY = "primary"
    """Read in the cited text itself."""
    SECONDARY = "secondary"
    """Read in a text about the cited text."""
    UNVERIFIED = "unverified"
    """Not checked; do not rely on it."""


class Step(NamedTuple):
    """What evaluation saw of one row."""

    row: str
    """Id of the row."""
    matched: bool
    """Whether every cell matched."""
    failed_at: str | None
    """The first column whose cell did not match, in the order of the inputs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of a table.

    Args:
        id: unique in the table.
        cells: one per input, by name.
        outputs: what it answers.
        source: citation of what it implements.
        source_status: how the citation was checked; ``None`` without one.
    """

    id: str
    cells: Mapping[str, Cell]
    outputs: Outputs
    source: str | None = None
    source_status: SourceStatus | None = None

    def misses(self, known: Mapping[str, Value]) -> tuple[str, ...]:
        """Columns that do not match; an unknown fact is matched by ``-`` alone."""
        return tuple(
            name
            for name, cell in self.cells.items()
            if not isinstance(cell, Anything) and not (name in known and cell.matches(known[name]))
        )

    def reads(self) -> frozenset[str]:
        """Columns that the row says something about."""
        return frozenset(name for name, cell in self.cells.items() if not isinstance(cell, Anything))

    def lacks(self, known: Mapping[str, Value]) -> tuple[str, ...]:
        """Facts that still decide whether the row matches; empty when that is settled."""
        misses = self.misses(known)
        return () if any(name in known for name in misses) else misses


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of a table and how it came about.

    Args:
        outputs: of the answering row, or for ``collect`` a list with those of every matching row.
            Empty when a needed fact is unknown, when no row matches, or when rows of a ``unique``
            table contradict each other: then nothing is allowed.
        rows_hit: ids of the rows that gave ``outputs`` (of the contradicting rows, if they do).
        trace: one step per row, as written.
        unknown: facts that are missing, ill-typed or outside their possible values and could change
            the answer, in the order of the inputs.
    """

    outputs: Outputs | list[Outputs]
    rows_hit: tuple[str, ...]
    trace: tuple[Step, ...]
    unknown: tuple[str, ...]

    @property
    def answer(self) -> Outputs:
        """Outputs of a single-hit table; ``InvalidPolicy`` for a ``collect`` table."""
        if isinstance(self.outputs, list):
            raise InvalidPolicy("a collect table gives several answers, and one was asked for")
        return self.outputs

    @property
    def answers(self) -> list[Outputs]:
        """Every answer there is, whatever the hit policy; the rows of ``unique`` that agree give one."""
        many = self.outputs if isinstance(self.outputs, list) else [self.outputs]
        return [outputs for outputs in many if outputs]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rows over typed inputs.

    Args:
        name: of the table, unique in its book.
        hit_policy: which matching row answers.
        inputs: by name, in order.
        outputs: by name; each with its values in order of priority, empty when any value will do.
        rows: as written.
    """

    name: str
    hit_policy: HitPolicy
    inputs: Mapping[str, Input]
    outputs: Mapping[str, tuple[Value, ...]]
    rows: tuple[Row, ...]

    @classmethod
    def parse(cls, name: str, raw: Mapping[str, object]) -> DecisionTable:
        """Read the written form; ``InvalidPolicy`` names table, row and column of what is wrong."""
        return _Reader(name, raw).table()

    def needed_facts(self) -> tuple[str, ...]:
        """Inputs that at least one row looks at, in order."""
        looked_at = {
            name for row in self.rows for name, cell in row.cells.items() if not isinstance(cell, Anything)
        }
        return tuple(name for name in self.inputs if name in looked_at)

    def precedence(self) -> tuple[Row, ...]:
        """Rows in the order in which they would answer; as written but for ``priority``."""
        if self.hit_policy is not HitPolicy.PRIORITY:
            return self.rows
        return tuple(sorted(self.rows, key=self._rank))

    def evaluate(self, facts: Mapping[str, Value]) -> Evaluation:
        """Answer for given facts; total, never raises, and empty whenever it is not certain.

        A fact that is missing, ill-typed or outside its possible values is unknown. An answer is
        given only if no value of the unknown facts could change it; otherwise ``outputs`` is empty
        and ``unknown`` names them. Facts that are no inputs are ignored.
        """
        known = {name: facts[name] for name, kind in self.inputs.items() if kind.holds(facts.get(name))}
        trace = tuple(_step(row, known) for row in self.rows)
        unknown = self._open(known)
        hit = () if unknown else self._hit(known)
        outputs = [dict(row.outputs) for row in hit]
        rows_hit = tuple(row.id for row in hit)
        if self.hit_policy is HitPolicy.COLLECT:
            return Evaluation(outputs, rows_hit, trace, unknown)
        agreed = bool(outputs) and all(each == outputs[0] for each in outputs)
        return Evaluation(outputs[0] if agreed else {}, rows_hit, trace, unknown)

    @property
    def _single(self) -> bool:
        return self.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY)

    def _hit(self, known: Mapping[str, Value]) -> tuple[Row, ...]:
        matching = tuple(row for row in self.precedence() if not row.misses(known))
        return matching[:1] if self._single else matching

    def _open(self, known: Mapping[str, Value]) -> tuple[str, ...]:
        lacking: set[str] = set()
        for row in self.precedence():
            if self._single and not row.misses(known):
                break
            lacking.update(row.lacks(known))
        return tuple(name for name in self.inputs if name in lacking)

    def _rank(self, row: Row) -> tuple[int, ...]:
        ranked = [(row.outputs.get(name), values) for name, values in self.outputs.items() if values]
        return tuple(len(values) if value is None else values.index(value) for value, values in ranked)


def _step(row: Row, known: Mapping[str, Value]) -> Step:
    misses = row.misses(known)
    return Step(row.id, not misses, misses[0] if misses else None)


class _Reader:
    """Reads one table; every complaint names its place."""

    def __init__(self, name: str, raw: Mapping[str, object]) -> None:
        self._name, self._at = name, Place(name)
        self._raw = self._at.mapping(raw, ("hit_policy", "inputs", "outputs", "rows"))

    def table(self) -> DecisionTable:
        policy = _member(HitPolicy, self._raw.get("hit_policy"), self._at)
        inputs, outputs = self._inputs(), self._outputs()
        rows = tuple(self._row(raw, at, inputs, outputs) for at, raw in enumerate(self._list("rows"), 1))
        if len({row.id for row in rows}) < len(rows):
            raise self._at.invalid(f"a row id is used twice: {', '.join(row.id for row in rows)}")
        if policy is HitPolicy.PRIORITY and not any(outputs.values()):
            raise self._at.invalid("priority needs an output with its values listed, highest priority first")
        return DecisionTable(self._name, policy, inputs, outputs, rows)

    def _list(self, key: str) -> Sequence[object]:
        written = self._raw.get(key)
        if not isinstance(written, list | tuple) or not written:
            raise self._at.invalid(f"{key} must be a list with at least one entry")
        return written

    def _inputs(self) -> dict[str, Input]:
        raw = self._at.mapping(self._raw.get("inputs"))
        if not raw:
            raise self._at.invalid("a table needs at least one input")
        return {name: parse_input(each, Place(self._name, column=name)) for name, each in raw.items()}

    def _outputs(self) -> dict[str, tuple[Value, ...]]:
        written = self._raw.get("outputs")
        if not isinstance(written, Mapping):
            return {self._at.text(name, "an output name"): () for name in self._list("outputs")}
        return {name: self._values(name, values) for name, values in self._at.mapping(written).items()}

    def _values(self, name: str, values: object) -> tuple[Value, ...]:
        place = Place(self._name, column=name)
        if not isinstance(values, list | tuple | None):
            raise place.invalid("values of an output are a list, highest priority first, or null")
        return tuple(_value(value, place) for value in values or ())

    def _row(
        self, raw: object, at: int, inputs: Mapping[str, Input], outputs: Mapping[str, tuple[Value, ...]]
    ) -> Row:
        here = Place(self._name, f"number {at}")
        row = here.mapping(raw, ("id", "when", "then", "source", "source_status"))
        row_id = here.text(row.get("id"), "a row id")
        here = Place(self._name, row_id)
        source, status = _citation(row, here)
        when, then = here.mapping(row.get("when", {}), inputs), here.mapping(row.get("then"), outputs)
        if not then:
            raise here.invalid("a row answers nothing")
        cells = {
            name: kind.cell(when.get(name, "-"), Place(self._name, row_id, name))
            for name, kind in inputs.items()
        }
        answer = {name: _allowed(name, value, outputs[name], here) for name, value in then.items()}
        return Row(row_id, cells, answer, source, status)


def _citation(row: Mapping[str, object], place: Place) -> tuple[str | None, SourceStatus | None]:
    if "source" not in row:
        if "source_status" in row:
            raise place.invalid("a source_status without a source")
        return None, None
    status = _member(SourceStatus, row.get("source_status", "unverified"), place)
    return place.text(row["source"], "a source"), status


def _member(words: type[W], written: object, place: Place) -> W:
    for word in words:
        if word == written:
            return word
    raise place.invalid(f"unknown {words.__name__} {written!r}; have {', '.join(words)}")


def _allowed(name: str, written: object, values: tuple[Value, ...], row: Place) -> Value:
    place = Place(row.table, row.row, name)
    value = _value(written, place)
    if values and not any(value == each and type(value) is type(each) for each in values):
        raise place.invalid(f"{value!r} is not among {', '.join(map(str, values))}")
    return value


def _value(written: object, place: Place) -> Value:
    if not isinstance(written, int | str | bool):
        raise place.invalid(f"{written!r} is no text, whole number or flag")
    return written
