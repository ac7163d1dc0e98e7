"""Whether the priced parts of a book answer each request with exactly one row: decided when it is loaded.

Owns the reading of rate-sheet and fee-tier rows as decision tables, so that the proof of ``completeness``
covers them: every gap and every overlap is found and named by its rows. Never prices anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from domain.application import Property
from domain.errors import InvalidPolicy
from domain.finding import Fact
from policies.cell import Cell, CodeInput, Input, Interval, IntInput, OneOf
from policies.completeness import DefectKind, check
from policies.table import DecisionTable, HitPolicy, Row

Written = Mapping[str, Any]
MOST_CENTS = 10**13  # of a loan; see ``domain.application``
TRAITS = {  # what a sheet may price beside score and LTV, with every value that the form can carry
    name: tuple(str(each) for each in get_args(Property.model_fields[name].annotation))
    for name in ("occupancy", "property_type")
} | {"units": ("1", "2", "3", "4")}
TIERS = ("qm_price", "qm_fees")  # by loan amount: ``from_cents`` up to below ``below_cents``


def sheet_defects(parameters: Mapping[str, Fact | list[dict[str, Fact | None]]]) -> tuple[str, ...]:
    """A sentence for every gap and overlap of the rate sheet and the amount tiers; empty when sound.

    Raises:
        InvalidPolicy: a row lacks a number, or names a trait or value that the form does not carry.
    """
    return tuple(_defects(parameters))


def _defects(parameters: Mapping[str, Any]) -> Iterable[str]:
    if "rate_adjustments" in parameters:
        yield from _grid(parameters)
    if "rate_traits" in parameters:
        yield from _traits(parameters["rate_traits"])
    for name in TIERS:
        if name in parameters:
            yield from _tiers(name, parameters[name])


def _grid(parameters: Mapping[str, Any]) -> Iterable[str]:
    """Without ``rate_covers`` (books of before it) the sheet must answer whatever lies between its outer bounds."""
    name, rows = "rate_adjustments", parameters["rate_adjustments"]
    cells = [
        (row, {"score": Interval(*_score(row, name)), "ltv_bps": Interval(*_ltv(row, name))}) for row in rows
    ]
    covers = parameters.get("rate_covers") or rows
    scores = [_score(row, "rate_covers") for row in covers]
    ratios = [_ltv(row, "rate_covers") for row in covers]
    inputs: dict[str, Input] = {
        "score": IntInput("score", *_outer(scores)),
        "ltv_bps": IntInput("bps", *_outer(ratios)),
    }
    yield from _sentences(name, inputs, cells)


def _outer(intervals: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _traits(rows: Sequence[Written]) -> Iterable[str]:
    for trait in dict.fromkeys(str(row.get("trait")) for row in rows):
        if trait not in TRAITS:
            raise InvalidPolicy(
                f"rate_traits: {trait} is nothing that a form carries; have {', '.join(TRAITS)}"
            )
        of_trait = [(row, {trait: _value(row, trait)}) for row in rows if row.get("trait") == trait]
        yield from _sentences("rate_traits", {trait: CodeInput(TRAITS[trait])}, of_trait)


def _tiers(name: str, rows: Sequence[Written]) -> Iterable[str]:
    """Tiers of manufactured homes come first where there are any, so they may leave gaps to the ordinary ones."""
    inputs: dict[str, Input] = {"amount_cents": IntInput("cents", 0, MOST_CENTS)}
    for kind in dict.fromkeys(_kind(row) for row in rows):
        of_kind = [(row, {"amount_cents": _tier(row, name)}) for row in rows if _kind(row) == kind]
        yield from _sentences(name, inputs, of_kind, whole=not kind[1])


def _kind(row: Written) -> tuple[object, bool]:
    return row.get("lien"), bool(row.get("manufactured_home"))


def _sentences(
    name: str,
    inputs: Mapping[str, Input],
    rows: Sequence[tuple[Written, Mapping[str, Cell]]],
    *,
    whole: bool = True,
) -> Iterable[str]:
    """Every row answers with its own name, so that two rows on one request always contradict each other."""
    named = [(str(row.get("id", f"number {at}")), cells) for at, (row, cells) in enumerate(rows, 1)]
    table = DecisionTable(
        name,
        HitPolicy.UNIQUE,
        inputs,
        {"row": ()},
        tuple(
            Row(f"{row_id} ({at})", dict(cells), {"row": at}) for at, (row_id, cells) in enumerate(named, 1)
        ),
    )
    found = (defect for defect in check(table) if whole or defect.kind is not DefectKind.GAP)
    yield from (defect.sentence for defect in found)


def _score(row: Written, table: str) -> tuple[int, int]:
    return _bounds(row, table, (_number(row, "score_from", table), _number(row, "score_to", table)))


def _ltv(row: Written, table: str) -> tuple[int, int]:
    return _bounds(row, table, (_number(row, "ltv_above_bps", table) + 1, _number(row, "ltv_to_bps", table)))


def _tier(row: Written, table: str) -> Interval:
    below = MOST_CENTS if row.get("below_cents") is None else _number(row, "below_cents", table) - 1
    return Interval(*_bounds(row, table, (_number(row, "from_cents", table), below)))


def _bounds(row: Written, table: str, bounds: tuple[int, int]) -> tuple[int, int]:
    if bounds[0] > bounds[1]:
        raise InvalidPolicy(f"{table}: row {row.get('id', dict(row))} ends before it starts")
    return bounds


def _value(row: Written, trait: str) -> OneOf:
    if row.get("value") not in TRAITS[trait]:
        raise InvalidPolicy(
            f"rate_traits: row {row.get('id', dict(row))}: {row.get('value')!r} is no {trait}; "
            f"have {', '.join(TRAITS[trait])}, quoted"
        )
    return OneOf(frozenset((str(row["value"]),)))


def _number(row: Written, name: str, table: str) -> int:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidPolicy(f"{table}: row {row.get('id', dict(row))} has no whole number {name}")
    return value
