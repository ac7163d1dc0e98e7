"""Policy over HTTP: the versions of books, and what a candidate would have decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from api.http.access import Visiting, governed
from checkpoints.decided import DecidedCases
from domain.errors import BadInput, InvalidPolicy
from domain.identity import Record
from domain.person import AUDITORS
from graphs.policy_change.report import Report
from graphs.policy_change.simulation import MOST_CASES, Question, simulate
from graphs.services import Services
from policies.book import Book
from policies.examples import Examples, read_examples
from policies.loader import shipped_examples

READERS = ("risk_officers", "policy_owners", AUDITORS)
MOST_LETTERS = 400_000  # of a book; the largest shipped one has a tenth of it
Text = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
Version = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,60}@[A-Za-z0-9_.\-]{1,60}:[0-9a-f]{12}$")]
router = governed("policy")


class Candidate(Record):
    """A book that is not in force, with how it is to be tried."""

    source: Annotated[Text, Field(description="the book, YAML")]
    examples: Annotated[
        Text | None, Field(description="its example cases, YAML; default: the shipped ones")
    ] = None
    on: Annotated[date | None, Field(description="one application date for every case")] = None
    since: Annotated[datetime | None, Field(description="only cases opened since then")] = None
    limit: Annotated[int, Field(ge=1, le=100_000)] = MOST_CASES
    groups: Annotated[
        dict[str, str],
        Field(max_length=100_000, description="case -> group, for approval rates alone; never kept"),
    ] = Field(default_factory=dict)


@router.get("/policy/books", summary="List the books in force")
async def list_books(visiting: Visiting) -> list[dict[str, Any]]:
    """The version of each kind that new cases are pinned to."""
    await visiting.member(*READERS)
    return [
        {"kind": book.rules.kind, "version": book.version, "title": book.rules.title}
        for book in visiting.services.books.all_current()
    ]


@router.get("/policy/books/{version}", summary="Read a version of a book")
async def read_version(version: Version, visiting: Visiting) -> dict[str, str]:
    """As it was written."""
    await visiting.member(*READERS)
    book = await visiting.services.books.pinned(version)
    return {"version": book.version, "kind": book.rules.kind, "source": book.source}


@router.post("/policy/simulations", summary="Simulate a candidate book")
async def simulate_candidate(body: Candidate, visiting: Visiting) -> dict[str, Any]:
    """Every decided case of the kind is decided again on its recorded facts; nothing changes and nobody is asked.

    422 names everything that keeps the candidate from coming into force.
    """
    await visiting.member(*READERS)
    report = await simulated(visiting.services, body)
    told: dict[str, Any] = report.model_dump(mode="json")
    return told | {"digest": report.digest}


async def simulated(services: Services, body: Candidate) -> Report:
    """The report on a candidate; ``BadInput`` when it may not come into force, or covers no such day."""
    try:
        book = services.books.read(body.source, "candidate")
        examples = _examples(body.examples, book)
        question = Question(book, examples, body.on, body.since, body.limit, body.groups)
        return await simulate(services.books, DecidedCases(services.database), question)
    except InvalidPolicy as error:
        raise BadInput(
            error.message, field="source", remedy="correct the book, then send it again"
        ) from error


def _examples(given: str | None, book: Book) -> Examples | None:
    return shipped_examples(book.rules.kind) if given is None else read_examples(given)
