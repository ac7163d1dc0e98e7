"""What a book may name. The catalogue of the graphs hands it in; policy itself knows no graph, tool or specialist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.rating import Rating


@dataclass(frozen=True, slots=True, eq=False)  # there is one in a process
class Vocabulary:
    """What a book may name.

    Args:
        specialists: worker -> its specialists.
        facts: every fact that a specialist, the application or the supervisor provides.
        effects: names of effects.
        guardrails: stage -> names.
        records: kinds of source record.
        codes: of flags and gaps on which a rule may hang.
        money: effects that move money.
        counterparties: effects with an account at the other end.
        sorts: effects of which there are several sorts.
        tools: names of tools.
        ratings: effect -> how much harm it could do.
        provides: specialist -> the facts that it finds out; every other fact is there without one.
        boundaries: kind of case -> where its graph asks people; ``""`` for every kind without a graph of its own.
        beside: boundaries that are no step of a graph: requests beside a case.
        others: who has a mandate and is no specialist.
        compensations: effects that take back another one.
    """

    specialists: Mapping[str, frozenset[str]]
    facts: frozenset[str]
    effects: frozenset[str]
    guardrails: Mapping[str, frozenset[str]]
    records: frozenset[str]
    codes: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    counterparties: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    provides: Mapping[str, frozenset[str]] = field(default_factory=dict)
    boundaries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    compensations: frozenset[str] = frozenset()

    def asks_at(self, kind: str) -> frozenset[str]:
        """Where the graph of a kind of case asks people."""
        return self.boundaries.get(kind, self.boundaries.get("", frozenset()))
