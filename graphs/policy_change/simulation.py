"""Replays decided cases under a candidate book and says what would be otherwise: the report that a change rests on.

Reads what was recorded and writes nothing; no case, no person and no count of the live book notices.
What a fact would have been under other parameters is not replayed: the report says which parameters those are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from checkpoints.books import BookShelf
from checkpoints.decided import Asked, DecidedCase, DecidedCases
from domain.errors import InvalidPolicy
from graphs.policy_change.redeciding import Compared, redecide
from graphs.policy_change.report import Replayed, Report, report
from graphs.policy_change.trying import try_examples
from policies.book import Book
from policies.examples import Examples

MOST_CASES = 10_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is simulated.

    Args:
        candidate: the book to try.
        examples: of the book; none where it has none.
        on: one application date for all cases, else each keeps its own.
        since: only cases opened since then.
        limit: the newest so many cases.
        groups: case -> group, from whoever monitors fair lending; never kept.
    """

    candidate: Book
    examples: Examples | None = None
    on: date | None = None
    since: datetime | None = None
    limit: int = MOST_CASES
    groups: Mapping[str, str] = field(default_factory=dict)


async def simulate(shelf: BookShelf, cases: DecidedCases, question: Question) -> Report:
    """Decide every recorded case again, page by page, beside the event loop.

    Raises:
        InvalidPolicy: the candidate has no rules for the day that was asked for.
    """
    live = await shelf.current(question.candidate.rules.kind)
    seen: list[Compared] = []
    skipped: dict[str, list[str]] = {}
    last: date | None = None
    asked = Asked(question.candidate.rules.kind, question.limit, question.since)
    async for page in cases.pages(asked):
        books = {version: await shelf.pinned(version) for version in {each.policy_version for each in page}}
        for case, found in await asyncio.to_thread(_page, page, books, question):
            if isinstance(found, str):
                skipped.setdefault(found, []).append(case.id)
            else:
                seen.append(found)
            last = max(filter(None, (last, question.on or case.application_date)))
    failed = try_examples(question.candidate, question.examples).failed if question.examples else ()
    return report(
        live, question.candidate, Replayed(seen, skipped, question.on, last, question.groups, failed)
    )


def _page(
    page: list[DecidedCase], books: Mapping[str, Book], question: Question
) -> list[tuple[DecidedCase, Compared | str]]:
    return [(case, _compared(case, books[case.policy_version], question)) for case in page]


def _compared(case: DecidedCase, own: Book, question: Question) -> Compared | str:
    try:
        after = question.candidate.on(question.on or case.application_date)
    except InvalidPolicy as error:
        if question.on is not None:
            raise
        return f"the candidate does not cover its day: {error.message}"
    return redecide(case, own.on(case.application_date), after)
