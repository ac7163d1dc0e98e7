"""The book's rules on flags and gaps: who looks again, and which record is asked for. Pure.

Owns when a rule applies and how often it did. Never decides what a finding is worth, and never answers a
conflict for which the book has no rule: that is for the planning model to propose, or for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.assignment import Cause
from domain.finding import Finding, Flag, Gap
from policies.book import ReplanRule


class Seen(Protocol):
    """What rules look at (``planning.Known``)."""

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Newest per specialist."""
        ...

    @property
    def tried(self) -> Mapping[str, Mapping[str, int]]:
        """Records that had arrived when a specialist last worked."""
        ...

    @property
    def arrived(self) -> Mapping[str, int]:
        """Records that have arrived by now."""
        ...

    @property
    def used(self) -> Mapping[str, int]:
        """Uses of each rule."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """A specialist who is to look again, though the facts are known."""

    job: str
    reason: str
    cause: Cause
    rule: str | None = None  # whose use this is; none when a record that was asked for came


def named(rule: ReplanRule) -> str:
    """Under which name the uses of a rule are counted."""
    return f"{rule.code}>{rule.send or rule.ask_for}"


def due(rules: Sequence[ReplanRule], seen: Seen) -> tuple[Due, ...]:
    """Who looks again by rule: sent on a code, or because a record that was asked for has come."""
    return tuple(_due(rules, seen))


def asked_for(rules: Sequence[ReplanRule], seen: Seen) -> tuple[ReplanRule, ...]:
    """Rules that ask for a record now: their code stands, and they were not used up."""
    return tuple(rule for rule in rules if rule.ask_for and not _used_up(rule, seen) and raised(rule, seen))


def _due(rules: Sequence[ReplanRule], seen: Seen) -> Iterable[Due]:
    for rule in rules:
        for job, detail in raised(rule, seen):
            if rule.ask_for is None and rule.send is not None and not _used_up(rule, seen):
                cause = Cause(kind=rule.because, what=rule.code)
                yield Due(rule.send, f"{rule.reason}: {detail}", cause, named(rule))
            elif rule.ask_for is not None and _came(rule.ask_for, job, seen):
                yield Due(job, f"{rule.reason}: {detail}", Cause(kind="record_arrived", what=rule.ask_for))


def raised(rule: ReplanRule, seen: Seen) -> list[tuple[str, str]]:
    """Who raised the code of a rule now, with the detail."""
    return [
        (job, each.detail)
        for job, finding in seen.findings.items()
        for each in _codes(finding)
        if each.code == rule.code
    ]


def _codes(finding: Finding) -> list[Flag | Gap]:
    return [*finding.flags, *finding.gaps]


def _came(kind: str, job: str, seen: Seen) -> bool:
    return seen.arrived.get(kind, 0) > seen.tried.get(job, {}).get(kind, 0)


def _used_up(rule: ReplanRule, seen: Seen) -> bool:
    return seen.used.get(named(rule), 0) >= rule.at_most
