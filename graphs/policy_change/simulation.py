"""Replays decided cases under a candidate book and says what would be otherwise: the report that a change rests on.

Reads what was recorded and writes nothing; no case, no person and no count of the live book notices. What rests on
parameters that the candidate has otherwise is found again first (``refinding``), or the case is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from checkpoints.decided import Asked, DecidedCases
from graphs.policy_change.comparing import Against, Comparing
from graphs.policy_change.redeciding import Result
from graphs.policy_change.report import Replayed, Report, report
from graphs.policy_change.trying import try_examples
from graphs.services import Services
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


async def simulate(here: Services, question: Question) -> Report:
    """Decide every recorded case again, page by page, beside the event loop.

    Raises:
        InvalidPolicy: the candidate has no rules for the day that was asked for.
    """
    kind = question.candidate.rules.kind
    live = await here.books.current(kind)
    comparing, results = Comparing(here, Against(question.candidate, question.on)), list[Result]()
    last: date | None = None
    async for page in DecidedCases(here.database).pages(Asked(kind, question.limit, question.since)):
        for each in await comparing.page(page):
            results.append(replace(each, case=replace(each.case, state={})))  # what it knew is not kept
            last = max(filter(None, (last, question.on or each.case.application_date)))
    failed = try_examples(question.candidate, question.examples).failed if question.examples else ()
    return report(live, question.candidate, Replayed(results, question.on, last, question.groups, failed))
