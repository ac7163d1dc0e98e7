"""One paragraph per decision that names its evidence: rows, figures with journal entries, parties, what is open.

Written by code from facts, so that it says what was really used. Owns how a figure reads. The ledger's version
names figures without their values: values stay where they can be erased with the case.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.decision import Decision
from domain.finding import Fact
from domain.money import dollars, in_words, percent, times
from graphs.supervisor.known import Standing, disagreements, findings, open_gaps
from graphs.supervisor.state import CaseState, KnownFact
from policies.cell import Anything
from policies.table import Row

VERBS = {"approve": "approves", "decline": "declines", "refer": "refers to a person", "hold": "holds"}


def account(here: Standing, state: CaseState, concluded: Decision, *, values: bool = True) -> str:
    """The paragraph; pure over case, book and state. Without ``values`` figures are named and not stated."""
    sentences = (
        f"Policy {here.book.version} {VERBS[concluded.outcome]}.",
        _rests_on(here, state, concluded, values),
        _looked_at(here, state),
        _open(state, concluded),
        _disagreed(here, state),
    )
    return " ".join(each for each in sentences if each)


def shown(value: Fact, unit: str) -> str:
    """A figure as people read it."""
    if unit == "cents" and isinstance(value, int):
        return dollars(value)
    if unit == "bps" and isinstance(value, int):
        return percent(value)
    if unit == "times" and isinstance(value, int):
        return times(value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _rests_on(here: Standing, state: CaseState, concluded: Decision, values: bool) -> str:
    rows = {row.id: row for row in here.book.decision.rows}
    hit = [_row(rows[each], state, values) for each in concluded.rows_hit if each in rows]
    if not hit:
        return "It rests on what compliance confirmed." if concluded.rows_hit else "No row answered."
    return f"It rests on {'; '.join(hit)}."


def _row(row: Row, state: CaseState, values: bool) -> str:
    because = ", ".join(_figures(row, state, values))
    return f"row {row.id} ({because or 'it holds for every case'})"


def _figures(row: Row, state: CaseState, values: bool) -> Iterable[str]:
    known = state.get("facts", {})
    for name, cell in row.cells.items():
        if isinstance(cell, Anything):
            continue
        yield _figure(name, known[name], values) if name in known else in_words(name)


def _figure(name: str, known: KnownFact, values: bool) -> str:
    stated = f" {shown(known['value'], known['unit'])}" if values else ""
    return f"{in_words(name)}{stated} [{known['source']}]"


def _looked_at(here: Standing, state: CaseState) -> str:
    found = [
        f"{each['reference']} ({each['role'].replace('_', ' ')}, found by {each['found_by']} [{each['source']}])"
        for each in state.get("parties", ())
    ]
    work = f" by {', '.join(findings(state))}" if findings(state) else ""
    return f"Looked at: {', '.join((*here.parties, *found))}{work}."


def _open(state: CaseState, concluded: Decision) -> str:
    unknown = [in_words(name) for name in concluded.unknown]
    gaps = [gap.code for gap in open_gaps(state)]
    parts = (
        f"Not known: {', '.join(unknown)}." if unknown else "",
        f"Left to people: {', '.join(dict.fromkeys(gaps))}." if gaps else "",
    )
    return " ".join(part for part in parts if part)


def _disagreed(here: Standing, state: CaseState) -> str:
    said = [
        f"{each.fact.replace('_', ' ')} ({each.settled_by or 'open'})"
        for each in disagreements(here.book, state)
    ]
    return f"Findings disagree on {'; '.join(said)}." if said else ""
