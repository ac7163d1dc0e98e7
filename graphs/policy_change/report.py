"""The report of a simulation: what would be otherwise, in decisions, money, people, work and approval rates. Pure.

Owns its form; its digest is what people sign. Never reads a case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from pydantic import Field

from agents.roster import ROSTER
from domain.canonical import digest
from domain.identity import Record
from graphs.policy_change.impact import Impact, impact
from graphs.policy_change.redeciding import NOT_REFOUND, Compared, Moved, Result
from graphs.policy_change.trying import Tried
from policies.book import Book
from policies.citations import Cited, not_primary
from policies.difference import Change, differences
from policies.difference_of_rules import Direction
from policies.effective import Section
from tools.catalog import TOOLS

PARAMETER = "parameter "
DECIDED_BY = (
    *("decision ", "authority ", "boundaries.", "exceptions.", "limits.", "reconcile.", "standing."),
    *("judgements.sure_enough_percent", "judgements.overturned"),
)
"""Where a difference shows when a recorded case is decided again."""


def _nothing(given: tuple[str, ...]) -> bool:
    return not given


class Flip(Record):
    """A decision that would be otherwise."""

    case: str
    was: str
    becomes: str
    rows: tuple[dict[str, str], ...]  # row, how, text
    moved: tuple[dict[str, str], ...] = ()  # fact, was, becomes: of those that tables read, found again
    unknown: tuple[str, ...]
    amount_cents: int
    people: int
    authority_was: str
    authority_becomes: str


class Turned(Record):
    """All decisions that would turn the same way."""

    turn: str  # approve → refer
    cases: int
    amount_cents: int
    people: int


class Workload(Record):
    """How many of the cases each authority has now and would have."""

    authority: str
    was: int
    becomes: int


class Skipped(Record):
    """Cases that are not compared, and why."""

    reason: str
    cases: int
    first: str  # one of them


class NotRefound(Record):
    """A case that is not compared, because what it knows rests on parameters and could not be found again."""

    case: str
    why: str
    parameters: tuple[str, ...]


class RestsOn(Record):
    """A parameter that the candidate has otherwise, and what of the decided cases rests on it."""

    parameter: str
    read_by: tuple[str, ...]  # specialists and tools that read it; nobody's work rests on what nobody reads
    cases: int


class FailedExample(Record):
    """An example of the book that comes out otherwise under the candidate."""

    name: str
    wrong: tuple[str, ...]


class Changed(Record):
    """One difference between the live book and the candidate."""

    where: str
    what: str
    before: str
    after: str
    direction: str


class Report(Record):
    """What a candidate would have done; its digest is what people sign."""

    kind: str
    live: str
    candidate: str
    on: str | None  # every case decided as if applied for on this day; else each on its own
    cases: int
    compared: int
    skipped: tuple[Skipped, ...]
    turns: tuple[Turned, ...]
    flipped: tuple[Flip, ...]
    other_terms: int  # same outcome, other conditions or reasons
    other_authority: int  # same outcome, other people
    workload: tuple[Workload, ...]
    impact: Impact
    changes: tuple[Changed, ...]
    resting: tuple[RestsOn, ...] = ()  # parameters that differ
    refound: int = 0  # cases whose facts rest on one and were found again, so that they are compared
    refound_moved: int = 0  # of these, those that would know something else
    not_refound: tuple[NotRefound, ...] = ()  # cases that rest on one and are not compared
    not_tried: tuple[str, ...] = ()  # rules that differ and by which no decision is made: how work is done
    not_replayed: tuple[str, ...] = (
        Field(  # parameters that differ, in a report from before facts were found again
            default=(), exclude_if=_nothing
        )
    )
    not_reached: tuple[str, ...]  # days from which the candidate differs and which no case lies on or after
    not_primary: tuple[Cited, ...]
    failed_examples: tuple[FailedExample, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over all of it."""
        return digest(self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Replayed:
    """What deciding again came to.

    Args:
        results: case by case.
        on: the day that all were decided on, if one was asked for.
        last: the latest day that any was decided on.
        groups: case -> group, for the approval rates alone.
        failed: examples of the book that come out otherwise.
    """

    results: Sequence[Result]
    on: date | None
    last: date | None
    groups: Mapping[str, str]
    failed: tuple[Tried, ...]


def report(live: Book, candidate: Book, replayed: Replayed) -> Report:
    """The report over everything that was decided again."""
    compared = [each.found for each in replayed.results if isinstance(each.found, Compared)]
    flipped = [each for each in compared if each.flipped]
    same = [each for each in compared if not each.flipped]
    refound = [each.found for each in replayed.results if each.rests_on and isinstance(each.found, Compared)]
    changes = differences(live, candidate)
    return Report(
        kind=candidate.rules.kind,
        live=live.version,
        candidate=candidate.version,
        on=replayed.on.isoformat() if replayed.on else None,
        cases=len(replayed.results),
        compared=len(compared),
        skipped=_skipped(replayed.results),
        turns=_turns(flipped),
        flipped=tuple(_flips(flipped, frozenset(_read_by_tables(candidate)))),
        other_terms=sum(each.other_terms for each in same),
        other_authority=sum(each.authority_was != each.authority_becomes for each in same),
        workload=_workload(compared),
        impact=impact(compared, replayed.groups),
        changes=tuple(Changed.model_validate(_said(each)) for each in changes),
        resting=tuple(_resting(changes, replayed.results)),
        refound=len(refound),
        refound_moved=sum(bool(each.moved) for each in refound),
        not_refound=tuple(_not_refound(replayed.results)),
        not_tried=tuple(_not_tried(changes)),
        not_reached=tuple(_not_reached(live, candidate, replayed.last)),
        not_primary=not_primary(candidate),
        failed_examples=tuple(FailedExample(name=each.name, wrong=each.wrong) for each in replayed.failed),
    )


def _flips(flipped: list[Compared], shown: frozenset[str]) -> Iterator[Flip]:
    apart = ("was", "becomes", "rows", "moved")
    for each in sorted(flipped, key=lambda each: each.case):
        same = {name: getattr(each, name) for name in Flip.model_fields if name not in apart}
        rows = tuple(asdict(row) for row in each.rows)
        moved = tuple(_moved(fact) for fact in each.moved if fact.fact in shown)
        yield Flip(**same, was=each.was.value, becomes=each.becomes.value, rows=rows, moved=moved)


def _read_by_tables(book: Book) -> Iterator[str]:
    for versions in book.tables.values():
        for _, table in versions:
            yield from table.inputs


def _moved(each: Moved) -> dict[str, str]:
    was, becomes = ("not known" if value is None else str(value) for value in (each.was, each.becomes))
    return {"fact": each.fact, "was": was, "becomes": becomes}


def _skipped(results: Sequence[Result]) -> tuple[Skipped, ...]:
    why: dict[str, list[str]] = {}
    for each in results:
        if isinstance(each.found, str):
            why.setdefault(each.found, []).append(each.case.id)
    return tuple(
        Skipped(reason=reason, cases=len(ids), first=min(ids)) for reason, ids in sorted(why.items())
    )


def _not_refound(results: Sequence[Result]) -> Iterator[NotRefound]:
    for each in sorted(results, key=lambda each: each.case.id):
        if each.rests_on and isinstance(each.found, str):
            why = each.found.removeprefix(NOT_REFOUND)
            yield NotRefound(case=each.case.id, why=why, parameters=tuple(sorted(each.rests_on)))


def _resting(changes: tuple[Change, ...], results: Sequence[Result]) -> Iterator[RestsOn]:
    """What differs between the books, and what differs for a case only: of another day, or from an older book."""
    counts = Counter(name for each in results for name in each.rests_on)
    for name in sorted({*_parameters(changes), *counts}):
        yield RestsOn(parameter=name, read_by=tuple(_readers(name)), cases=counts[name])


def _readers(name: str) -> Iterator[str]:
    yield from sorted(job for job, each in ROSTER.items() if name in each.limits)
    yield from sorted(tool for tool, each in TOOLS.items() if name in each.parameters)


def _turns(flipped: list[Compared]) -> tuple[Turned, ...]:
    return tuple(
        Turned(
            turn=turn,
            cases=len(same),
            amount_cents=sum(each.amount_cents for each in same),
            people=sum(each.people for each in same),
        )
        for turn in sorted({each.turn for each in flipped})
        if (same := [each for each in flipped if each.turn == turn])
    )


def _workload(compared: list[Compared]) -> tuple[Workload, ...]:
    was = Counter(each.authority_was for each in compared)
    becomes = Counter(each.authority_becomes for each in compared)
    return tuple(
        Workload(authority=name, was=was[name], becomes=becomes[name])
        for name in sorted(was.keys() | becomes)
    )


def _said(change: Change) -> dict[str, str]:
    return {name: str(getattr(change, name)) for name in Changed.model_fields}


def _parameters(changes: tuple[Change, ...]) -> Iterator[str]:
    """Names of parameters; each change says from which day besides."""
    named = (each.where.removeprefix(PARAMETER) for each in changes if each.where.startswith(PARAMETER))
    yield from (each.partition(" ")[0] for each in named)


def _not_tried(changes: tuple[Change, ...]) -> Iterator[str]:
    """Where rules differ that show from new cases on only; a title or a source decides nothing."""
    for each in changes:
        if each.direction is not Direction.NEITHER and not each.where.startswith((PARAMETER, *DECIDED_BY)):
            yield each.where


def _not_reached(live: Book, candidate: Book, last: date | None) -> Iterator[str]:
    """Days from which the candidate says something else, and that no case was decided on."""
    known = {each.effective_from for each in _sections(live)}
    new = {each.effective_from for each in _sections(candidate)} - known
    yield from (day.isoformat() for day in sorted(new) if last is None or day > last)


def _sections(book: Book) -> list[Section]:
    return [*book.parameters, *(section for versions in book.tables.values() for section, _ in versions)]
