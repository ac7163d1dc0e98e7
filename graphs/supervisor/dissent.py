"""Findings that disagree: both are shown, with the rule that settled it, or it is open for a person. Pure.

Never averages and never drops a position. A later finding settles a fact only where a re-check or a new record
brought it about; findings on other questions (another set of parties, other terms) do not disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.finding import Fact, Figure, Finding, Unit
from policies.book import ReconcileRow

ABOUT_THE_SAME = ("record_arrived", "weak_evidence", "conflict")  # causes of a second look at one question


@dataclass(frozen=True, slots=True)
class Superseded:
    """A finding whose place a later one took, and why that was made."""

    finding: Finding
    cause: str  # kind of the cause


@dataclass(frozen=True, slots=True)
class Position:
    """What one finding says of a fact."""

    value: Fact
    unit: Unit
    specialist: str
    source: str


@dataclass(frozen=True, slots=True)
class Dissent:
    """Positions on one fact, oldest first, and how it was settled (``None``: it is open)."""

    fact: str
    positions: tuple[Position, ...]
    settled_by: str | None


def dissents(
    newest: Mapping[str, Finding], before: Sequence[Superseded], rows: Sequence[ReconcileRow]
) -> tuple[Dissent, ...]:
    """Every fact on which findings disagree."""
    said: dict[str, list[Position]] = {}
    for finding in (*_same_question(before), *newest.values()):
        for figure in finding.figures:
            said.setdefault(figure.name, []).append(_position(figure, finding))
    rule = {row.fact: row.by for row in rows}
    disagreed = {fact: each for fact, each in said.items() if len({one.value for one in each}) > 1}
    return tuple(
        Dissent(fact, tuple(each), _settled(each, rule.get(fact))) for fact, each in disagreed.items()
    )


def _same_question(before: Sequence[Superseded]) -> Iterable[Finding]:
    """Earlier findings, but for those that answered another question."""
    return (each.finding for each in before if each.cause in ABOUT_THE_SAME)


def _position(figure: Figure, finding: Finding) -> Position:
    return Position(figure.value, figure.unit, finding.specialist, figure.source)


def _settled(positions: list[Position], by: str | None) -> str | None:
    """By the book's row; without one a specialist's own later look counts, and several specialists stay apart."""
    if by == "latest":
        return "the latest finding counts, by the book"
    one = len({each.specialist for each in positions}) == 1
    return "the later look of the same specialist counts" if one and by is None else None
