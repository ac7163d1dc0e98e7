"""Finds what is wrong with a book's bounds of effects: rows that nothing enforces, measures or could let go.

Reads rules only; never counts anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.bounds import Threshold
from policies.book import Rules

RELEASES = "release"  # the boundary at which a person lets a held effect go


@dataclass(frozen=True, slots=True)
class Known:
    """Effects there are; of these, those that move money and those with an account at the other end."""

    effects: frozenset[str]
    money: frozenset[str]
    counterparties: frozenset[str]


def problems_of_bounds(rules: Rules, known: Known) -> Iterable[str]:
    """One sentence for each problem."""
    rows = rules.thresholds
    yield from _not_enforced(rules, "thresholds", "beyond_threshold", bool(rows))
    yield from _twice(row.id for row in rows)
    for row in rows:
        yield from _threshold(row, known)
    boundary = rules.boundaries.get(RELEASES)
    if any(row.breach == "hold" for row in rows) and (boundary is None or not boundary.groups):
        yield f"boundaries.{RELEASES}: rows hold effects, so it must name the groups that may release them"


def _not_enforced(rules: Rules, section: str, guardrail: str, there: bool) -> Iterable[str]:
    if there and guardrail not in rules.guardrails.get("execution", ()):
        yield f"{section}: nothing enforces the rows; add {guardrail} to guardrails.execution"


def _twice(ids: Iterable[str]) -> Iterable[str]:
    yield from (f"thresholds: {id_} is there {n} times" for id_, n in Counter(ids).items() if n > 1)


def _threshold(row: Threshold, known: Known) -> Iterable[str]:
    for effect in row.effects:
        if effect not in known.effects:
            yield f"thresholds.{row.id}: {effect} does not exist"
        elif row.measure == "cents" and effect not in known.money:
            yield f"thresholds.{row.id}: {effect} moves no money; count actions"
        elif row.scope == "counterparty" and effect not in known.counterparties:
            yield f"thresholds.{row.id}: {effect} has nobody at the other end"
