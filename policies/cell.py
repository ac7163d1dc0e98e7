"""One cell of a decision table, and the typed input it belongs to.

Owns the cell language (``-``, comparisons, intervals, sets of codes, flags) and the check that a
cell can match at least one value of its input. Never reads files, never evaluates a whole row.
Every number is a whole number in the unit of its input; an open bound is stored as the next
whole number inside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.errors import InvalidPolicy

Value = int | str | bool

_NUMBER = r"-?[0-9]+(?:_[0-9]+)*"
_COMPARISON = re.compile(rf"(<=|>=|<|>|=)?\s*({_NUMBER})")
_INTERVAL = re.compile(rf"([\[(])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])])")
_NOT = re.compile(r"not\s*\((.*)\)")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a book something stands; turns a complaint into an ``InvalidPolicy`` that names it."""

    table: str
    row: str | None = None
    column: str | None = None

    def invalid(self, message: str) -> InvalidPolicy:
        """The error to raise, with ``table``, ``row`` and ``column`` in message and attributes."""
        named = {"table": self.table, "row": self.row, "column": self.column}
        where = ", ".join(f"{kind} {name}" for kind, name in named.items() if name is not None)
        return InvalidPolicy(f"{where}: {message}", **named)

    def mapping(self, raw: object, known: Collection[str] | None = None) -> Mapping[str, object]:
        """``raw`` as a mapping from names, all of them ``known`` when that is given."""
        choice = f"; have {', '.join(known)}" if known else ""
        if not isinstance(raw, Mapping):
            raise self.invalid(f"expected a mapping, found {raw!r}{choice}")
        for key in raw:
            if known is not None and key not in known:
                raise self.invalid(f"unknown name {key!r}{choice}")
            self.text(key, "a name")
        return raw

    def text(self, written: object, what: str) -> str:
        """``written`` as text with something in it."""
        if not isinstance(written, str) or not written.strip():
            raise self.invalid(f"{what} must be text, and is {written!r}")
        return written


@dataclass(frozen=True, slots=True)
class Anything:
    """The cell ``-``: matches every value, and a fact that is not known as well."""

    def matches(self, value: Value) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole numbers from ``low`` to ``high``, both included; ``None`` is unbounded."""

    low: int | None
    high: int | None

    def matches(self, value: Value) -> bool:
        """Whether a whole number lies inside."""
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A set of codes, or of flag values."""

    values: frozenset[str] | frozenset[bool]

    def matches(self, value: Value) -> bool:
        """Whether the code or flag is in the set (``1`` is not ``true``)."""
        return isinstance(value, str | bool) and value in self.values


Cell = Anything | Interval | OneOf


@dataclass(frozen=True, slots=True)
class IntInput:
    """A whole number.

    Args:
        unit: what is counted: ``cents``, ``bps``, ``score``, ``count``, ``days``, ``months``, ...
        minimum: smallest possible value, ``None`` when unbounded.
        maximum: largest possible value, ``None`` when unbounded.
    """

    unit: str
    minimum: int | None = None
    maximum: int | None = None

    def __str__(self) -> str:
        bounds = (("from", self.minimum), ("to", self.maximum))
        return " ".join(
            [f"a whole number ({self.unit})", *(f"{word} {at}" for word, at in bounds if at is not None)]
        )

    def holds(self, fact: object) -> bool:
        """Whether a fact is a whole number (no flag, no float) inside the possible values."""
        if isinstance(fact, bool) or not isinstance(fact, int):
            return False
        return Interval(self.minimum, self.maximum).matches(fact)

    def cell(self, written: object, place: Place) -> Cell:
        """Read ``-``, ``12``, ``< 12``, ``>= 12``, ``[1..12]``, ``(0..12]``; else ``InvalidPolicy``."""
        if written == "-":
            return Anything()
        interval = _interval(written)
        if interval is None:
            raise place.invalid(
                f"cannot read {written!r} as whole numbers of {self.unit}; "
                'write "-", 12, "< 12", ">= 12", "[1..12]" or "(0..12]", quoted'
            )
        if self._misses(interval):
            raise place.invalid(f"{written!r} matches no possible value; the input holds {self._span()}")
        return interval

    def _misses(self, cell: Interval) -> bool:
        lows = [bound for bound in (self.minimum, cell.low) if bound is not None]
        highs = [bound for bound in (self.maximum, cell.high) if bound is not None]
        return bool(lows and highs) and max(lows) > min(highs)

    def _span(self) -> str:
        low = "any" if self.minimum is None else self.minimum
        high = "any" if self.maximum is None else self.maximum
        return f"{low}..{high} {self.unit}"


@dataclass(frozen=True, slots=True)
class CodeInput:
    """One code out of a finite closed set.

    Args:
        values: every code there is, in the order of the book.
    """

    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"one of {', '.join(self.values)}"

    def holds(self, fact: object) -> bool:
        """Whether a fact is one of the codes."""
        return isinstance(fact, str) and fact in self.values

    def cell(self, written: object, place: Place) -> Cell:
        """Read ``-``, ``a``, ``a, b`` or ``not(a, b)``; else ``InvalidPolicy``."""
        if not isinstance(written, str):
            raise place.invalid(f"cannot read {written!r} as codes; quote it")
        if written.strip() == "-":
            return Anything()
        negated = _NOT.fullmatch(written.strip())
        named = frozenset(code.strip() for code in (negated[1] if negated else written).split(","))
        unknown = sorted(named - set(self.values))
        if unknown:
            have = ", ".join(self.values)
            raise place.invalid(f"no such code: {', '.join(map(repr, unknown))}; have {have}")
        chosen = frozenset(self.values) - named if negated else named
        if not chosen:
            raise place.invalid(f"{written!r} matches no possible code")
        return OneOf(chosen)


@dataclass(frozen=True, slots=True)
class FlagInput:
    """True or false."""

    def __str__(self) -> str:
        return "true or false"

    def holds(self, fact: object) -> bool:
        """Whether a fact is a flag."""
        return isinstance(fact, bool)

    def cell(self, written: object, place: Place) -> Cell:
        """Read ``-``, ``true`` or ``false``; else ``InvalidPolicy``."""
        if written == "-":
            return Anything()
        if isinstance(written, bool):
            return OneOf(frozenset((written,)))
        if written in ("true", "false"):
            return OneOf(frozenset((written == "true",)))
        raise place.invalid(f'cannot read {written!r} as a flag; write true, false or "-"')


Input = IntInput | CodeInput | FlagInput


def parse_input(raw: object, place: Place) -> Input:
    """Read ``{type: int, unit, min, max}``, ``{type: code, values}`` or ``{type: flag}``."""
    written = place.mapping(raw)
    match written.get("type"):
        case "int":
            return _int_input(place.mapping(raw, ("type", "unit", "min", "max")), place)
        case "code":
            return _code_input(place.mapping(raw, ("type", "values")), place)
        case "flag":
            place.mapping(raw, ("type",))
            return FlagInput()
    raise place.invalid(f"unknown input type {written.get('type')!r}; have int, code, flag")


def _int_input(raw: Mapping[str, object], place: Place) -> IntInput:
    unit = place.text(raw.get("unit"), "the unit (cents, bps, score, days, ...)")
    low, high = _bound(raw.get("min"), place), _bound(raw.get("max"), place)
    if low is not None and high is not None and low > high:
        raise place.invalid(f"min {low} is above max {high}")
    return IntInput(unit, low, high)


def _code_input(raw: Mapping[str, object], place: Place) -> CodeInput:
    values = raw.get("values")
    if not isinstance(values, list | tuple) or not values:
        raise place.invalid("codes need a closed list of values")
    for value in values:
        if not isinstance(value, str) or not _CODE.fullmatch(value) or value == "not":
            raise place.invalid(f"{value!r} is no code; quote it, and use letters, digits and _.:/+-")
    if len(set(values)) != len(values):
        raise place.invalid("a code is listed twice")
    return CodeInput(tuple(values))


def _bound(raw: object, place: Place) -> int | None:
    if raw is not None and (isinstance(raw, bool) or not isinstance(raw, int)):
        raise place.invalid(f"{raw!r} is no whole number")
    return raw


def _interval(written: object) -> Interval | None:
    if isinstance(written, bool) or not isinstance(written, int | str):
        return None
    if isinstance(written, int):
        return Interval(written, written)
    if found := _INTERVAL.fullmatch(written.strip()):
        opening, low, high, closing = found.groups()
        return Interval(int(low) + (opening == "("), int(high) - (closing == ")"))
    if found := _COMPARISON.fullmatch(written.strip()):
        return _comparison(found[1], int(found[2]))
    return None


def _comparison(sign: str | None, number: int) -> Interval:
    match sign:
        case "<":
            return Interval(None, number - 1)
        case "<=":
            return Interval(None, number)
        case ">":
            return Interval(number + 1, None)
        case ">=":
            return Interval(number, None)
        case _:
            return Interval(number, number)
