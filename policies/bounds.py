"""Finds what is wrong with a book's bounds of effects: rows that nothing enforces, measures or could let go.

Reads rules only; never counts anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.bounds import Threshold
from domain.geography import Geography
from domain.hours import Freeze, Hours
from domain.rate import Rate
from domain.rating import Rating, rank
from domain.sequence import Sequence
from domain.tripwire import Tripwire
from policies.authority import LICENCES, LICENSED
from policies.book import Rules

BoundRow = Threshold | Sequence | Hours | Freeze | Rate | Tripwire | Geography
RELEASES = "release"  # the boundary at which a person lets a held effect go
LEAVING = ("order_schema", "reasons_used", "vault_values", "tipping_off", "figures_traced", "licensed_advice")


@dataclass(frozen=True, slots=True)
class Known:
    """Effects there are; of these, those that move money, with an account at the other end, of several sorts.

    Args:
        ratings: effect -> how much harm it could do.
        tools: every tool.
    """

    effects: frozenset[str]
    money: frozenset[str]
    counterparties: frozenset[str]
    sorts: frozenset[str]
    ratings: Mapping[str, Rating]
    tools: frozenset[str]


def problems_of_bounds(rules: Rules, known: Known) -> Iterable[str]:
    """One sentence for each problem."""
    said = "unattended_at_most" in rules.model_fields_set  # books from before say nothing of it
    for section, guardrail, there in (
        ("thresholds", "beyond_threshold", bool(rules.thresholds)),
        ("unattended_at_most", "unattended_risk", said),
        ("hours and freezes", "outside_hours", bool(rules.hours or rules.freezes)),
        ("sequences", "forbidden_sequence", bool(rules.sequences)),
        ("rates", "over_rate", bool(rules.rates)),
        ("tripwires", "out_of_bounds", bool(rules.tripwires)),
        ("geography", "outside_area", rules.geography is not None),
    ):
        yield from _not_enforced(rules, section, guardrail, there)
    if rules.admits is not None and "not_admitted" not in rules.guardrails.get("input", ()):
        yield "admits: nothing enforces it; add not_admitted to guardrails.input"
    rows = _rows(rules)
    yield from (f"{id_} is there {n} times" for id_, n in Counter(row.id for row in rows).items() if n > 1)
    for row in rows:
        yield from _row(row, known)
    yield from _unattended(rules, known)
    boundary = rules.boundaries.get(RELEASES)
    if any(map(_releasable, rows)) and (boundary is None or not boundary.groups):
        yield f"boundaries.{RELEASES}: rows hold effects, so it must name the groups that may release them"
    yield from _leaving(rules)


def _leaving(rules: Rules) -> Iterable[str]:
    """A book that switches on what looks at what leaves switches on all of it, and names who releases advice."""
    switched_on = rules.guardrails.get("output", ())
    orders = rules.effects.approve or rules.effects.decline or rules.unwinding
    if not set(switched_on) & set(LEAVING) or not orders:
        return
    for name in LEAVING:
        if name not in switched_on:
            yield f"guardrails.output: effects leave, and {name} does not look at them"
    if RELEASES not in rules.boundaries:
        yield f"boundaries.{RELEASES}: licensed_advice holds what leaves, and there is nobody to release it"
    for group in (f"{LICENSED}{each}" for each in LICENCES):
        if group not in rules.limits:
            yield f"limits: {group} has none, so nobody could release what is held for it"


def _rows(rules: Rules) -> list[BoundRow]:
    rows: list[BoundRow] = [*rules.thresholds]
    rows += rules.sequences
    rows += rules.hours
    rows += rules.freezes
    rows += rules.rates
    rows += rules.tripwires
    rows += [rules.geography] if rules.geography else []
    return rows


def _releasable(row: BoundRow) -> bool:
    """Whether what it holds waits for a person, or may be let go by one."""
    if isinstance(row, Threshold | Sequence | Geography):
        return row.breach == "hold"
    return isinstance(row, Hours | Freeze) and row.releasable


def _row(row: BoundRow, known: Known) -> Iterable[str]:
    """What the row names and is not there, or cannot be measured by."""
    effects, tools = _named(row)
    named = [(name, known.effects) for name in effects] + [(name, known.tools) for name in tools]
    yield from (f"{row.id}: {name} does not exist" for name, there in named if name not in there)
    if isinstance(row, Threshold | Sequence | Rate) and row.scope == "counterparty":
        lonely = set(effects) & (known.effects - known.counterparties)
        yield from (f"{row.id}: {name} has nobody at the other end" for name in sorted(lonely))
    if isinstance(row, Threshold) and row.measure == "cents":
        unmoved = set(effects) & (known.effects - known.money)
        yield from (f"{row.id}: {name} moves no money; count actions" for name in sorted(unmoved))
    if isinstance(row, Sequence):
        plain = {step.partition(":")[0] for step in row.steps if ":" in step} & (known.effects - known.sorts)
        yield from (f"{row.id}: {name} has no sorts; write {name} alone" for name in sorted(plain))


def _named(row: BoundRow) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Effects and tools that the row names."""
    if isinstance(row, Tripwire):
        return ((), row.of) if row.event == "call_refused" else (row.of, ())
    return row.effects, row.tools if isinstance(row, Rate) else ()


def _not_enforced(rules: Rules, section: str, guardrail: str, there: bool) -> Iterable[str]:
    if there and guardrail not in rules.guardrails.get("execution", ()):
        yield f"{section}: nothing enforces it; add {guardrail} to guardrails.execution"


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
