"""Financial covenants: proposed from rows of the book, tested against current and stressed figures.

Owns how a level follows from a policy bound and a headroom, and what counts as a breach. Holds no bound.
A figure that is not known cannot pass a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record
from domain.money import percent
from tools.credit.ratios import ONE

Kind = Literal["minimum", "maximum"]


class CovenantRow(Record):
    """One row of ``credit_covenants``."""

    covenant: str
    ratio: str
    kind: Kind
    policy_bps: int  # the loosest level that the bank accepts
    headroom_bps: Annotated[int, Field(ge=0, le=10_000)]  # between the current figure and the level
    tested: str  # how often, in words


class CovenantTest(Record):
    """One covenant against one set of figures."""

    scenario: str
    value_bps: int | None
    passed: bool


class Covenant(Record):
    """A proposed covenant with its tests."""

    covenant: str
    ratio: str
    kind: Kind
    level_bps: int
    basis: str  # how the level came about
    tested: str
    tests: tuple[CovenantTest, ...]


def propose(
    rows: Sequence[CovenantRow], figures: Mapping[str, Mapping[str, int | None]], base: str
) -> tuple[Covenant, ...]:
    """Each row's covenant, tested under every scenario that moves its ratio.

    Args:
        rows: of the book.
        figures: ratios in basis points by scenario, ``base`` among them; a scenario that leaves a ratio out does
            not move it.
        base: the scenario of current figures.

    Level: the tighter of the policy bound and the current figure less (for a maximum: plus) the headroom, half
    to even. A breach is a figure below a minimum, above a maximum, or unknown.
    """
    return tuple(_covenant(row, figures, base) for row in rows)


def breaches(covenants: Sequence[Covenant], base: str) -> tuple[int, int]:
    """How many covenants fail on current figures, and how many under at least one stress."""
    now = sum(not test.passed for each in covenants for test in each.tests if test.scenario == base)
    later = sum(any(not test.passed for test in each.tests if test.scenario != base) for each in covenants)
    return now, later


def _covenant(row: CovenantRow, figures: Mapping[str, Mapping[str, int | None]], base: str) -> Covenant:
    level, basis = _level(row, figures[base].get(row.ratio))
    tests = tuple(
        CovenantTest(
            scenario=scenario,
            value_bps=values[row.ratio],
            passed=_passes(row.kind, level, values[row.ratio]),
        )
        for scenario, values in figures.items()
        if row.ratio in values
    )
    return Covenant(
        covenant=row.covenant,
        ratio=row.ratio,
        kind=row.kind,
        level_bps=level,
        basis=basis,
        tested=row.tested,
        tests=tests,
    )


def _level(row: CovenantRow, current: int | None) -> tuple[int, str]:
    if current is None:
        return row.policy_bps, "the policy bound: the current figure is not known"
    signed = -row.headroom_bps if row.kind == "minimum" else row.headroom_bps
    with_headroom = round(Fraction(current * (ONE + signed), ONE))
    tighter = max if row.kind == "minimum" else min
    level = tighter(row.policy_bps, with_headroom)
    if level == row.policy_bps:
        return level, "the policy bound"
    return level, f"the current figure with {percent(row.headroom_bps)} headroom"


def _passes(kind: Kind, level: int, value: int | None) -> bool:
    if value is None:
        return False
    return value >= level if kind == "minimum" else value <= level
