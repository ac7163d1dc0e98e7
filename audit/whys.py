"""Why a case went as it did: the questions an examiner asks, answered from the record and the pinned book.

Owns the questions. Every answer is a row of the book, an event, or what was known when somebody was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audit.case_file import CaseFile
from audit.chain import Entry
from domain.approval import ApprovalRequest
from domain.document import words

Answered = tuple[str, tuple[str, ...]]  # a question, and its answer line by line


def whys(file: CaseFile) -> Iterable[Answered]:
    """Every question that the case raises, in the order of its life."""
    yield from _sent(file)
    yield from _concluded(file)
    for request in file.requests:
        yield from _routed(file, request)
        yield from _moved_up(file, request)
    yield from _unsigned(file)
    yield from _held(file)
    yield from _referred(file)


def _sent(file: CaseFile) -> Iterable[Answered]:
    lines = tuple(
        f"round {body['round']}, {step['worker']} ({_listed(step['specialists'])}): {words(step['reason'])}"
        for body in _bodies(file, "plan_proposed")
        for step in body["steps"]
    )
    if lines:
        yield "Why did these specialists work on it?", lines


def _concluded(file: CaseFile) -> Iterable[Answered]:
    reached = list(_bodies(file, "decision_reached"))
    if reached:
        last = reached[-1]
        lines = tuple(
            f"row {row}: {file.rows.get(row, 'not in the pinned book')}" for row in last["rows_hit"]
        )
        yield (
            f"Why “{words(last['outcome'])}”?",
            lines or ("no row of the book answers: then nothing is allowed",),
        )


def _routed(file: CaseFile, request: ApprovalRequest) -> Iterable[Answered]:
    groups = " or ".join(map(words, request.candidate_groups))
    row = request.routing.row
    by = f"row {row}: {file.rows[row]}" if row in file.rows else "the book names them for this boundary"
    people = f"{request.quorum} of {groups}"
    yield f"Why was “{words(request.boundary)}” put to {people}?", (by,)
    passed_over = tuple(file.passed_over.get(request.id, ()))
    if passed_over:
        yield f"Why was “{words(request.boundary)}” not put to others?", passed_over


def _moved_up(file: CaseFile, request: ApprovalRequest) -> Iterable[Answered]:
    """Whether a request climbed, and if not, why not."""
    where, due = words(request.boundary), request.due_at.isoformat(timespec="minutes")
    climbed = [
        each for each in _entries(file, "approval_escalated") if each.body["approval_id"] == request.id
    ]
    if climbed:
        lines = (
            f"{each.at}: not decided by then; {words(each.body['to_group'])} may decide it too"
            for each in climbed
        )
        yield f"Why was “{where}” escalated?", tuple(lines)
        return
    decided = [each for each in file.decisions if each.approval_id == request.id]
    if decided:
        at = decided[-1].at.isoformat(timespec="minutes")
        until = f"it was decided on {at}, and was due on {due}"
    else:
        until = f"it is due on {due}"
    yield f"Why was “{where}” not escalated?", (f"{until}; overdue it goes to {words(request.escalates_to)}",)


def _unsigned(file: CaseFile) -> Iterable[Answered]:
    lines = tuple(
        f"standing authority “{words(body['boundary'])}” of the book covers it"
        + (", and it was drawn for later review" if body["sampled_for_review"] else "")
        for body in _bodies(file, "standing_authority_used")
    )
    if lines:
        yield "Why did nobody sign?", lines


def _held(file: CaseFile) -> Iterable[Answered]:
    lines = tuple(
        f"{words(body['effect'])}, by {body['rule']}: {body['reason']}"
        for body in _bodies(file, "effect_held")
    )
    if lines:
        yield "Why was it held before it was done?", lines


def _referred(file: CaseFile) -> Iterable[Answered]:
    for body in _bodies(file, "case_referred"):
        owners = " or ".join(map(words, body["owners"]))
        yield (
            "Why did it leave the automatic path?",
            (body["reason"], f"it is for {owners}, until {body['due_at']}"),
        )


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(map(words, codes))


def _bodies(file: CaseFile, kind: str) -> Iterable[Mapping[str, Any]]:
    return (each.body for each in _entries(file, kind))


def _entries(file: CaseFile, kind: str) -> Iterable[Entry]:
    return (each for each in file.entries if each.kind == kind)
