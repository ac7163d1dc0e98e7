"""Finds what would make a book unsafe though every name in it exists: decided over all facts there are.

Owns the questions: does the decision answer whatever the facts are, can it approve where it must not, does a row that
never matters stand in it, can everybody sign whom the authority names, does work wait for what only it finds out.
Reads books only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from domain.decision import WORST_FIRST, Outcome
from policies.book import Book, Rules
from policies.by_hand import problems_by_hand
from policies.cell import Cell, Interval, OneOf, Value
from policies.completeness import lets_through, unanswered
from policies.effective import Section
from policies.exceptions import problems_of_exceptions
from policies.table import DecisionTable, HitPolicy, Row
from policies.vocabulary import Vocabulary

OUTCOMES = frozenset(Outcome)
NEVER_APPROVED: Mapping[str, Cell] = {  # what must not be approved without a person, where specialists work
    "open_gaps": Interval(1, None),
    "degraded": OneOf(frozenset((True,))),
}
HELD: Mapping[str, tuple[str, Cell]] = {  # specialist -> what it may find that holds a case
    "sanctions_screener": ("sanctions_status", OneOf(frozenset(("potential_match",)))),
}
TWO_PEOPLE = ("policy_change",)  # kinds in which one signature is never enough
MOST_SIGNERS = 5
RISK = "kyc_risk"
_Safe = Callable[[Row], bool]


def problems_of_tables(book: Book) -> Iterator[str]:
    """A sentence for everything that is wrong with the decision and authority tables of every period."""
    for section, table in book.tables.get("decision", ()):
        if not all(row.outputs.get("outcome") in OUTCOMES for row in table.rows):
            continue  # said already, row by row
        yield from (f"from {section.effective_from}: {each}" for each in _decision(book.rules, table))
    for section, table in book.tables.get("authority", ()):
        yield from (f"from {section.effective_from}: {each}" for each in _authority(book.rules, table))
    for section in book.parameters:
        yield from _shapes(section)


def problems_of_work(book: Book, known: Vocabulary) -> Iterator[str]:
    """A sentence for every name that nobody in this book stands behind, and for work that waits for itself."""
    rules = book.rules
    jobs = {job for each in rules.workers.values() for job in each}
    for name in rules.mandates:
        if name != "default" and name not in jobs | known.others:
            yield f"mandates.{name}: nobody of this name works under this book"
    asked = known.asks_at(rules.kind)
    for name in sorted(rules.boundaries.keys() - asked - known.beside):
        there = ", ".join(sorted(asked)) or "none"
        yield f"boundaries.{name}: does not exist; cases of this kind ask people at {there}"
    for name in sorted(_needed(book) & asked - rules.boundaries.keys()):
        yield f"boundaries: there is no {name}, and cases of this kind ask people there"
    yield from _nobody_finds(book, jobs, known)
    yield from _blind_to_risk(book, jobs, known)
    yield from _deadlocks(rules, known)
    yield from problems_by_hand(book, jobs & HELD.keys(), known)
    held = {*HELD, *(row.specialist for row in rules.by_hand)}
    yield from problems_of_exceptions(rules.exceptions, jobs, held)


def _decision(rules: Rules, table: DecisionTable) -> Iterator[str]:
    if table.hit_policy is HitPolicy.COLLECT:
        yield from (each.sentence for each in unanswered(table))
        yield from _never_matters(table)
    if not rules.workers or all(row.outputs["outcome"] != Outcome.APPROVE for row in table.rows):
        return
    for fact, cell in NEVER_APPROVED.items():
        yield from _fails_open(table, fact, cell, "approves", _no_approval)
    for job, (fact, cell) in HELD.items():
        if any(job in jobs for jobs in rules.workers.values()):
            yield from _fails_open(table, fact, cell, "does not hold", _holds)


def _fails_open(table: DecisionTable, fact: str, cell: Cell, does: str, safe: _Safe) -> Iterator[str]:
    if fact not in table.inputs:
        yield f"{table.name} fails open: it does not ask for {fact}"
        return
    witness = lets_through(table, {fact: cell}, safe)
    if witness is not None:
        yield f"{table.name} fails open: it {does} where {fact} is {_said(witness[fact])}"


def _no_approval(row: Row) -> bool:
    return row.outputs["outcome"] != Outcome.APPROVE


def _holds(row: Row) -> bool:
    return row.outputs["outcome"] == Outcome.HOLD


def _never_matters(table: DecisionTable) -> Iterator[str]:
    """Rows that say an outcome and nothing else, everywhere where other rows say a worse one."""
    for row in table.rows:
        if len(row.outputs) > 1:
            continue
        worse = {each.id for each in table.rows if _rank(each) < _rank(row)}
        if worse and lets_through(table, row.cells, lambda each, ids=worse: each.id in ids) is None:  # type: ignore[misc]
            yield f"{table.name}: row {row.id} never matters, rows that say worse always match as well"


def _rank(row: Row) -> int:
    return WORST_FIRST.index(Outcome(str(row.outputs["outcome"])))


def _authority(rules: Rules, table: DecisionTable) -> Iterator[str]:
    if table.hit_policy is HitPolicy.COLLECT:
        yield f"{table.name}: it collects, and one row has to say who signs"
    least = 2 if rules.kind in TWO_PEOPLE else 1
    for row in table.rows:
        quorum, groups = row.outputs.get("quorum"), row.outputs.get("groups")
        if isinstance(quorum, bool) or not isinstance(quorum, int) or not least <= quorum <= MOST_SIGNERS:
            yield f"{table.name} row {row.id}: quorum is a whole number from {least} to {MOST_SIGNERS}"
        names = [name.strip() for name in str(groups or "").split(",")]
        if not all(names):
            yield f"{table.name} row {row.id}: groups names nobody who could sign"
        for name in names:
            if name and rules.boundaries and name not in rules.limits:
                yield f"{table.name} row {row.id}: {name} has no limits, so nobody of it could sign"


def _needed(book: Book) -> frozenset[str]:
    """Boundaries that a decision of this book can lead to."""
    rows = [row for _, table in book.tables.get("decision", ()) for row in table.rows]
    holds = any(row.outputs.get("outcome") == Outcome.HOLD for row in rows)
    return frozenset({"offer", "exceptions", "publish"} | ({"compliance"} if holds else set()))


def _nobody_finds(book: Book, jobs: set[str], known: Vocabulary) -> Iterator[str]:
    """A fact that only specialists find, of whom this book uses none, is unknown in every case."""
    found = {fact for job in jobs for fact in known.provides.get(job, frozenset())}
    elsewhere = {fact for facts in known.provides.values() for fact in facts}
    for name, versions in book.tables.items():
        for section, table in versions:
            for fact in table.needed_facts():
                if fact in elsewhere and fact not in found:
                    yield f"from {section.effective_from}: {name} asks for {fact}, which nobody in this book finds out"


def _blind_to_risk(book: Book, jobs: set[str], known: Vocabulary) -> Iterator[str]:
    """Where risk is found out, whoever signs follows from it: a case of high risk reaches the right people at once."""
    if not any(RISK in known.provides.get(job, frozenset()) for job in jobs):
        return
    for section, table in book.tables.get("authority", ()):
        if RISK not in table.inputs:
            yield (
                f"from {section.effective_from}: authority does not ask for {RISK}, so a case of high risk "
                "reaches whoever signs any other"
            )


def _deadlocks(rules: Rules, known: Vocabulary) -> Iterator[str]:
    """A worker waits for a fact: somebody else has to find it, and not only somebody who waits for this worker."""
    waits: dict[str, set[str]] = {}
    for rule in rules.order:
        finders = {
            worker
            for worker, jobs in rules.workers.items()
            if any(rule.fact in known.provides.get(job, frozenset()) for job in jobs)
        }
        if finders == {rule.worker}:
            yield f"order: {rule.worker} waits for {rule.fact}, which only {rule.worker} finds out"
        elif finders:
            waits.setdefault(rule.worker, set()).update(finders - {rule.worker} if len(finders) == 1 else ())
    for worker in sorted(waits):
        if worker in _reached(waits, worker):
            yield f"order: {worker} waits for work that waits for {worker}"


def _reached(waits: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    left = list(waits[start])
    while left:
        worker = left.pop()
        if worker not in seen:
            seen.add(worker)
            left.extend(waits.get(worker, ()))
    return seen


def _shapes(section: Section) -> Iterator[str]:
    """Parameters are facts, or lists of flat rows: nothing else reaches a tool."""
    values = section.content.get("values")
    for name, value in values.items() if isinstance(values, Mapping) else ():
        rows = value if isinstance(value, list) else [{"value": value}]
        if not all(isinstance(row, Mapping) and all(_flat(each) for each in row.values()) for row in rows):
            yield f"parameters from {section.effective_from}: {name} is neither a fact nor a list of flat rows"


def _flat(value: object) -> bool:
    return value is None or isinstance(value, int | str | bool)


def _said(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
