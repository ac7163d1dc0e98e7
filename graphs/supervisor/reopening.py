"""Which facts are not known any more when something new is learnt, and whose work that makes due again. Pure.

A party that evidence names makes the work due that covers every party; a fact that moved makes the work due
that rests on it. Never drops what a what-if copy supposes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from agents.contract import Specialist
from domain.assignment import Cause
from graphs.supervisor.rules import Seen


@dataclass(frozen=True, slots=True)
class Reopened:
    """Facts that are not known any more and specialists whose findings do not count any more, with the cause."""

    facts: frozenset[str]
    jobs: frozenset[str]
    cause: Cause


def for_party(roster: Iterable[Specialist], reference: str) -> Reopened:
    """What a party who was found makes unknown: the facts of work that covers every party, and what rests on them."""
    jobs = list(roster)
    covering = [each.job for each in jobs if each.per_party]
    return by_jobs(jobs, covering, Cause(kind="new_party", what=reference))


def by_jobs(roster: Iterable[Specialist], due: Collection[str], cause: Cause) -> Reopened:
    """What work that is due again makes unknown: its facts, and what rests on them."""
    jobs = list(roster)
    facts = {fact for each in jobs if each.job in due for fact in each.provides}
    return _reopened(jobs, set(due), facts, cause)


def for_fact(roster: Iterable[Specialist], fact: str, fresh: Collection[str]) -> Reopened:
    """What rests on a fact that moved; ``fresh`` worked with its new value already."""
    rest = [each for each in roster if each.job not in fresh]
    return _reopened(rest, set(), {fact}, Cause(kind="fact_changed", what=fact))


def overtaken(roster: Iterable[Specialist], seen: Seen) -> dict[str, frozenset[str]]:
    """Kinds of record that came after specialists who read them had worked, with those specialists.

    Not whoever lacked the kind: planning sends them for it. Not work over every party at the first record of a
    kind: whom that record names makes it due.
    """
    late: dict[str, frozenset[str]] = {}
    for each in roster:
        if each.job not in seen.findings or each.job not in seen.tried:
            continue
        lacked, before = {gap.needs for gap in seen.findings[each.job].gaps}, seen.tried[each.job]
        for kind in each.records:
            more = seen.arrived.get(kind, 0) > before.get(kind, 0)
            if more and kind not in lacked and (before.get(kind, 0) or not each.per_party):
                late[kind] = late.get(kind, frozenset()) | {each.job}
    return late


def resting_on(roster: Iterable[Specialist], moved: Collection[str]) -> frozenset[str]:
    """Specialists who need a fact that moved, directly or through a colleague's."""
    jobs, gone, found = list(roster), set(moved), set[str]()
    while more := {each.job for each in jobs if each.job not in found and gone & set(each.needs)}:
        found |= more
        gone |= {fact for each in jobs if each.job in more for fact in each.provides}
    return frozenset(found)


def _reopened(jobs: list[Specialist], first: set[str], facts: set[str], cause: Cause) -> Reopened:
    resting = resting_on(jobs, facts)
    lost = {fact for each in jobs if each.job in resting for fact in each.provides}
    kept = set() if first else facts  # a fact that moved is known: only what rests on it is not
    return Reopened(frozenset((facts | lost) - kept), resting | first, cause)


def moved(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Facts that were known and are known with another value now."""
    return tuple(fact for fact, value in after.items() if fact in before and before[fact] != value)
