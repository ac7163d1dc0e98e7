"""The HMDA register of a case: one review of the file, with everything that is derived from it.

Owns the split of a review into facts (what a decision table may ask), notices owed and the report. Facts are
made from loan rows, which cannot hold ethnicity, race, sex or age; those reach the report's ``monitoring``
alone, as counts. It changes nothing, sends nothing and decides nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

from domain.errors import Refused
from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext
from tools.hmda.edits import Failure, Kind
from tools.hmda.notices import CLOSED_INCOMPLETE, PURCHASED, Notice
from tools.hmda.review import RegisterReview, review_register

FIRST_ROWS = 10  # of the loan rows that an exception names


class RegisterFacts(Record):
    """What a decision table may ask about a register; nothing here follows from who the applicants are."""

    register_rows: int  # loan rows
    filing_blocked: bool  # a syntactical or validity edit fails
    syntactical_failures: int  # rows that fail, summed over the edits of this kind
    validity_failures: int
    quality_failures: int
    notices_owed: int  # adverse action notices, 12 CFR 1002.9(a)(1)
    notices_to_complete: int  # of these: without due date, or without specific reasons
    notices_past_due: int  # of these: due before the day of the review
    closed_incomplete: int  # rows under 12 CFR 1002.9(c), which the register cannot settle
    purchased_loans: int  # rows that owe no notice: the buyer took no application


class OwedReason(Record):
    """One principal reason that a notice has to state."""

    code: str  # HMDA reason for denial
    text: str
    specific: bool  # false: a person has to say which of several things it was


class OwedNotice(Record):
    """One adverse action notice that is owed."""

    row: int  # loan row, 1-based
    uli: str
    action_date: date | None
    due: date | None  # action date plus 30 calendar days
    reasons: tuple[OwedReason, ...]
    complete: bool  # date and specific reasons are all there


class RegisterException(Record):
    """One thing that a person has to look at, over all rows that it concerns."""

    code: str  # of the edit, or ``notices_to_complete``, ``notices_past_due``
    kind: str  # syntactical, validity, quality or notice
    rows: int  # how many
    first_rows: tuple[int, ...]  # at most ten, in order; 0 is the transmittal sheet or the whole file
    text: str


class ReviewedRegister(Record):
    """Everything that one review shows."""

    facts: RegisterFacts
    exceptions: tuple[RegisterException, ...]
    notices: tuple[OwedNotice, ...]
    report: dict[str, Any]  # see ``RegisterReview.to_json``; its ``monitoring`` enters no decision


async def review_of_case(_: NoArguments, context: ToolContext) -> ReviewedRegister:
    """Review the register that the case was opened with, beside the event loop.

    Raises:
        Refused: the case holds no register.
        BadInput: the register cannot be read.
    """
    token, file = context.application.get("register_text"), context.application.get("file")
    if not isinstance(token, str) or not isinstance(file, str):
        raise Refused("this case holds no register", control="register.missing")
    content = (await context.reveal(token)).encode()
    review = await asyncio.to_thread(review_register, content, file)
    return reviewed(review, context.as_of.date())


def reviewed(review: RegisterReview, today: date) -> ReviewedRegister:
    """The review as the tool answers it; a notice is past due when its last day lies before ``today``."""
    return ReviewedRegister(
        facts=facts_of(review, today),
        exceptions=(*_edits(review.failures), *_notice_exceptions(review, today)),
        notices=tuple(_owed(notice) for notice in review.notices),
        report=review.to_json(),
    )


def facts_of(review: RegisterReview, today: date) -> RegisterFacts:
    """Counts over loan rows, failed edits and notices; ``review.impact`` is not looked at."""
    failed = Counter(failure.edit.kind for failure in review.failures)
    actions = Counter(row.action_taken for row in review.register.rows)
    return RegisterFacts(
        register_rows=len(review.register.rows),
        filing_blocked=review.blocked,
        syntactical_failures=failed[Kind.SYNTACTICAL],
        validity_failures=failed[Kind.VALIDITY],
        quality_failures=failed[Kind.QUALITY],
        notices_owed=len(review.notices),
        notices_to_complete=len(_incomplete(review)),
        notices_past_due=len(_past_due(review, today)),
        closed_incomplete=actions[CLOSED_INCOMPLETE],
        purchased_loans=actions[PURCHASED],
    )


def _edits(failures: tuple[Failure, ...]) -> tuple[RegisterException, ...]:
    rows: dict[str, list[int]] = {}
    edits = {failure.edit.code: failure.edit for failure in failures}
    for failure in failures:
        rows.setdefault(failure.edit.code, []).append(failure.row)
    return tuple(_exception(code, edits[code].kind.value, rows[code], edits[code].text) for code in rows)


def _notice_exceptions(review: RegisterReview, today: date) -> tuple[RegisterException, ...]:
    found = (
        ("notices_to_complete", _incomplete(review), "A person states the date or the specific reasons."),
        ("notices_past_due", _past_due(review, today), "The register does not say whether it was sent."),
    )
    return tuple(_exception(code, "notice", rows, text) for code, rows, text in found if rows)


def _exception(code: str, kind: str, rows: list[int], text: str) -> RegisterException:
    first = tuple(rows[:FIRST_ROWS])
    return RegisterException(code=code, kind=kind, rows=len(rows), first_rows=first, text=text)


def _incomplete(review: RegisterReview) -> list[int]:
    return [notice.row for notice in review.notices if not notice.complete]


def _past_due(review: RegisterReview, today: date) -> list[int]:
    return [notice.row for notice in review.notices if notice.due is not None and notice.due < today]


def _owed(notice: Notice) -> OwedNotice:
    reasons = tuple(OwedReason(code=r.code, text=r.text, specific=r.specific) for r in notice.reasons)
    return OwedNotice(
        row=notice.row,
        uli=notice.uli,
        action_date=notice.action_date,
        due=notice.due,
        reasons=reasons,
        complete=notice.complete,
    )


TOOLS: tuple[Tool, ...] = (
    Tool(
        "register_review",
        "Reviews the register of the case: failed edits, notices owed, and monitoring that stands apart.",
        NoArguments,
        ReviewedRegister,
        review_of_case,
        identity=True,
    ),
)
