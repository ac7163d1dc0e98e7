"""Policy over HTTP: versions of books, what a candidate would have decided, and proposals to bring it into force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field, StringConstraints

from api.http.access import Id, Visiting, governed
from api.reasons import about_nobody
from checkpoints.shadows import Shadows
from domain.case import Case
from domain.errors import BadInput, InvalidPolicy
from domain.identity import Record
from domain.person import AUDITORS
from graphs.policy_change.proposing import Wish, propose
from graphs.policy_change.report import Report
from graphs.policy_change.shadowing import start, stop
from graphs.policy_change.simulation import MOST_CASES, Question, simulate
from graphs.services import Services
from policies.book import Book
from policies.citations import digest_of
from policies.examples import Examples, read_examples
from policies.loader import shipped_examples

READERS = ("risk_officers", "policy_owners", "chief_risk", AUDITORS)
MOST_LETTERS = 400_000  # of a book; the largest shipped one has a tenth of it
VERSION = r"^[a-z][a-z0-9_]{1,60}@[A-Za-z0-9_.\-]{1,60}:[0-9a-f]{12}$"
Text = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=MOST_LETTERS)]
Version = Annotated[str, Path(pattern=VERSION)]
Kind = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Reason = Annotated[str, Field(min_length=1, max_length=2000, description="why, in a sentence")]
Acknowledged = Annotated[
    str | None,
    Field(
        pattern="^[0-9a-f]{64}$", description="digest of the rows whose source is not primary, as simulated"
    ),
]
router = governed("policy")


class Trial(Record):
    """How a candidate is tried."""

    examples: Annotated[Text | None, Field(description="example cases, YAML; default: the shipped ones")] = (
        None
    )
    on: Annotated[date | None, Field(description="one application date for every case")] = None
    since: Annotated[datetime | None, Field(description="only cases opened since then")] = None
    limit: Annotated[int, Field(ge=1, le=100_000, description="the newest so many cases")] = MOST_CASES
    groups: Annotated[
        dict[str, str],
        Field(max_length=100_000, description="case -> group, for approval rates alone; never kept"),
    ] = Field(default_factory=dict)


class Candidate(Trial):
    """A book that is not in force."""

    source: Annotated[Text, Field(description="the book, YAML")]


class Proposed(Candidate):
    """A candidate that is to come into force."""

    reason: Reason
    acknowledges: Acknowledged = None


class ShadowWanted(Record):
    """A candidate that is to run beside the live book."""

    source: Annotated[Text, Field(description="the book, YAML")]
    reason: Reason


class Rollback(Trial):
    """A version that was kept and is to come into force again."""

    version: Annotated[str, Field(pattern=VERSION)]
    reason: Reason
    acknowledges: Acknowledged = None


@router.get("/policy/books", summary="List the books in force")
async def list_books(visiting: Visiting) -> list[dict[str, Any]]:
    """The version of each kind that new cases are pinned to, and its publication (0: it came with the software)."""
    await visiting.member(*READERS)
    shelf = visiting.services.books
    live = [await shelf.live(kind) for kind in shelf.kinds]
    return [
        {"kind": book.rules.kind, "version": book.version, "title": book.rules.title, "publication": n}
        for book, n in live
    ]


@router.get("/policy/books/{version}", summary="Read a version of a book")
async def read_version(version: Version, visiting: Visiting) -> dict[str, str]:
    """As it was written."""
    await visiting.member(*READERS)
    book = await visiting.services.books.pinned(version)
    return {"version": book.version, "kind": book.rules.kind, "source": book.source}


@router.get("/policy/kinds/{kind}/publications", summary="Read what came into force of a kind")
async def publications(kind: Kind, visiting: Visiting) -> list[dict[str, Any]]:
    """Newest first, with the case that decided it; the book that came with the software stands below them all."""
    await visiting.member(*READERS)
    seed = visiting.services.books.seed(kind)
    found = [dict(row) for row in await visiting.services.books.history(kind)]
    return [
        *found,
        {"n": 0, "version": seed.version, "action": "seed", "reason": "it came with the software"},
    ]


@router.post("/policy/simulations", summary="Simulate a candidate book")
async def simulate_candidate(body: Candidate, visiting: Visiting) -> dict[str, Any]:
    """Every decided case of the kind is decided again on its recorded facts; nothing changes and nobody is asked.

    422 names everything that keeps the candidate from coming into force.
    """
    await visiting.member(*READERS)
    return _told(await _simulated(visiting.services, _read(visiting.services, body.source), body))


@router.get("/policy/proposals", summary="List the proposals")
async def list_proposals(visiting: Visiting) -> list[dict[str, Any]]:
    """Newest first, with where their cases stand."""
    await visiting.member(*READERS)
    return [dict(row) for row in await visiting.services.proposals.newest()]


@router.post("/policy/proposals", summary="Propose that a candidate comes into force", status_code=201)
async def propose_candidate(body: Proposed, visiting: Visiting) -> Case:
    """For whom the book of changes lets propose. The candidate is simulated first, and the report goes with it.

    422 lists the rows whose source is not primary until exactly they are acknowledged; 409 when it is in force,
    or proposed already. Two other people sign it (`/v1/approvals`); then it is in force at once.
    """
    here = visiting.services
    reason = await about_nobody(here, body.reason)
    candidate = _read(here, body.source)
    report = await _simulated(here, candidate, body)
    return await propose(here, visiting.person, Wish("publish", candidate, report, body.acknowledges, reason))


@router.post("/policy/rollbacks", summary="Propose that a version comes into force again", status_code=201)
async def propose_rollback(body: Rollback, visiting: Visiting) -> Case:
    """The same way as a candidate: simulated, reported, signed by two other people. The loader judges it anew."""
    here = visiting.services
    reason = await about_nobody(here, body.reason)
    candidate = _read(here, (await here.books.pinned(body.version)).source)
    report = await _simulated(here, candidate, body)
    return await propose(
        here, visiting.person, Wish("rollback", candidate, report, body.acknowledges, reason)
    )


@router.get("/policy/proposals/{case_id}", summary="Read a proposal")
async def read_proposal(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """The candidate and the report as proposed, with their digests."""
    await visiting.member(*READERS)
    return (await visiting.services.proposals.of((case_id,))).model_dump(mode="json")


@router.get("/policy/shadows", summary="List the shadows")
async def list_shadows(visiting: Visiting) -> list[dict[str, Any]]:
    """Candidates that run or ran beside the live book, with their counts, newest first."""
    await visiting.member(*READERS)
    return [dict(row) for row in await Shadows(visiting.services.database).listed()]


@router.post("/policy/shadows", summary="Start a shadow", status_code=201)
async def start_shadow(body: ShadowWanted, visiting: Visiting) -> dict[str, Any]:
    """The candidate looks at each new decision after it was made; it influences nothing. One of a kind at a time."""
    here = visiting.services
    reason = await about_nobody(here, body.reason)
    shadow = await start(here, visiting.person, _read(here, body.source), reason)
    return shadow.model_dump(mode="json", exclude={"source"})


@router.get("/policy/shadows/{shadow_id}", summary="Read what a shadow saw")
async def read_shadow(shadow_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Counts by decision of both books, by row, and the decisions that differ."""
    await visiting.member(*READERS)
    return await Shadows(visiting.services.database).told(shadow_id)


@router.post("/policy/shadows/{shadow_id}/stop", summary="Stop a shadow")
async def stop_shadow(shadow_id: Id, visiting: Visiting) -> dict[str, Any]:
    """What it saw is kept."""
    await stop(visiting.services, visiting.person, shadow_id)
    return await Shadows(visiting.services.database).told(shadow_id)


def _read(services: Services, source: str) -> Book:
    try:
        return services.books.read(source, "candidate")
    except InvalidPolicy as error:
        raise BadInput(
            error.message, field="source", remedy="correct the book, then send it again"
        ) from error


async def _simulated(services: Services, candidate: Book, trial: Trial) -> Report:
    try:
        examples = _examples(trial.examples, candidate)
        question = Question(candidate, examples, trial.on, trial.since, trial.limit, trial.groups)
        return await simulate(services, question)
    except InvalidPolicy as error:
        remedy = "correct the examples, or choose a day that the book covers"
        raise BadInput(error.message, field="examples", remedy=remedy) from error


def _examples(given: str | None, book: Book) -> Examples | None:
    return shipped_examples(book.rules.kind) if given is None else read_examples(given)


def _told(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = report.model_dump(mode="json")
    return told | {"digest": report.digest, "acknowledge": digest_of(report.not_primary)}
