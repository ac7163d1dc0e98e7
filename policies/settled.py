"""Whether a table's outcome can still change. Pure; never looks a fact up and never guesses one."""

from __future__ import annotations

from collections.abc import Mapping

from domain.decision import WORST_FIRST, Outcome, worst
from policies.cell import Value
from policies.table import DecisionTable, HitPolicy, Row


def certain(table: DecisionTable, facts: Mapping[str, Value]) -> tuple[Row, ...]:
    """Rows that match whatever the unknown facts are, as written."""
    known = _known(table, facts)
    return tuple(row for row in table.rows if not row.misses(known))


def settled(table: DecisionTable, facts: Mapping[str, Value]) -> Outcome | None:
    """The outcome that no unknown fact can change; ``None`` while it is open.

    A row that surely matches sets the outcome so far; it stands when no row that may still match is worse
    (worst wins). Sound for every value of the unknown facts; it may call open what only rows together
    settle, which costs work and never an outcome. Tables that do not collect are never settled here.
    """
    sure = [_outcome(row) for row in certain(table, facts)]
    if table.hit_policy is not HitPolicy.COLLECT or not sure:
        return None
    known, reached = _known(table, facts), worst(sure)
    possible = [_outcome(row) for row in table.rows if row.lacks(known)]
    return None if any(_worse(each, reached) for each in possible) else reached


def _known(table: DecisionTable, facts: Mapping[str, Value]) -> dict[str, Value]:
    return {name: facts[name] for name, kind in table.inputs.items() if kind.holds(facts.get(name))}


def _outcome(row: Row) -> Outcome:
    return Outcome(str(row.outputs["outcome"]))


def _worse(one: Outcome, other: Outcome) -> bool:
    return WORST_FIRST.index(one) < WORST_FIRST.index(other)
