"""Finds what is wrong with a book's bounds of effects: rows that nothing enforces, measures or could let go.

Reads rules only; never counts anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.bounds import Threshold
from domain.hours import Row
from domain.rating import Rating, rank
from policies.book import Rules

RELEASES = "release"  # the boundary at which a person lets a held effect go


@dataclass(frozen=True, slots=True)
class Known:
    """Effects there are; of these, those that move money, those with an account at the other end, their ratings."""

    effects: frozenset[str]
    money: frozenset[str]
    counterparties: frozenset[str]
    ratings: Mapping[str, Rating]


def problems_of_bounds(rules: Rules, known: Known) -> Iterable[str]:
    """One sentence for each problem."""
    rows = rules.thresholds
    yield from _not_enforced(rules, "thresholds", "beyond_threshold", bool(rows))
    said = "unattended_at_most" in rules.model_fields_set  # books from before say nothing of it
    yield from _not_enforced(rules, "unattended_at_most", "unattended_risk", said)
    when: tuple[Row, ...] = (*rules.hours, *rules.freezes)
    yield from _not_enforced(rules, "hours and freezes", "outside_hours", bool(when))
    yield from _twice((*(row.id for row in rows), *(each.id for each in when)))
    yield from (
        f"{each.id}: {name} does not exist"
        for each in when
        for name in each.effects
        if name not in known.effects
    )
    for row in rows:
        yield from _threshold(row, known)
    yield from _unattended(rules, known)
    boundary = rules.boundaries.get(RELEASES)
    held = any(row.breach == "hold" for row in rows) or any(each.releasable for each in when)
    if held and (boundary is None or not boundary.groups):
        yield f"boundaries.{RELEASES}: rows hold effects, so it must name the groups that may release them"


def _not_enforced(rules: Rules, section: str, guardrail: str, there: bool) -> Iterable[str]:
    if there and guardrail not in rules.guardrails.get("execution", ()):
        yield f"{section}: nothing enforces it; add {guardrail} to guardrails.execution"


def _twice(ids: Iterable[str]) -> Iterable[str]:
    yield from (f"{id_} is there {n} times" for id_, n in Counter(ids).items() if n > 1)


def _threshold(row: Threshold, known: Known) -> Iterable[str]:
    for effect in row.effects:
        if effect not in known.effects:
            yield f"thresholds.{row.id}: {effect} does not exist"
        elif row.measure == "cents" and effect not in known.money:
            yield f"thresholds.{row.id}: {effect} moves no money; count actions"
        elif row.scope == "counterparty" and effect not in known.counterparties:
            yield f"thresholds.{row.id}: {effect} has nobody at the other end"


def _unattended(rules: Rules, known: Known) -> Iterable[str]:
    """Standing authority is for effects whose rating the book lets run without a person."""
    if not rules.standing:
        return
    for effect in rules.effects.approve:
        rating = known.ratings.get(effect, "critical")
        if rank(rating) > rank(rules.unattended_at_most):
            yield (
                f"standing: {effect} is rated {rating}, and unattended_at_most is {rules.unattended_at_most}: "
                "it needs a person"
            )
