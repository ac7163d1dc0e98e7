"""Whether models are still what was approved, over HTTP: levels of autonomy, and drift against what was frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.http.access import Visiting, governed
from api.reasons import about_nobody
from audit.drift import Reading, rounded
from checkpoints.answers import require_reason
from checkpoints.autonomy import Place
from checkpoints.golden import Ran
from domain.autonomy import Level
from domain.case import Case
from domain.errors import Conflict
from domain.golden import Score
from domain.identity import Record
from graphs.autonomy import levels_of
from graphs.autonomy_raise.asking import Wish, ask_raise, require_place
from graphs.golden.sets import jobs_with_models
from graphs.model_watch import Watched, freeze, look
from graphs.proof_runs import books_with, candidates
from graphs.proving import is_good
from graphs.services import Services

MAY = ("model_risk", "chief_credit", "chief_compliance")
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$")]
router = governed("models")


class Wanted(Record):
    """Which level, whose, where and why."""

    specialist: Name
    workflow: Annotated[Name, Field(description="kind of case")]
    level: Level
    reason: Annotated[str, Field(min_length=1, max_length=2000)]

    @property
    def place(self) -> Place:
        """Whose autonomy, and where."""
        return Place(self.specialist, self.workflow)


class Stands(Record):
    """One specialist in one workflow."""

    specialist: str
    workflow: str
    level: Level  # that counts: the lower of the book's and what it was moved to
    book: Level
    moved: dict[str, Any] | None = None  # level, since, reason, by


@router.get("/models/levels", summary="What specialists may bring about")
async def levels(visiting: Visiting) -> list[Stands]:
    """Per workflow and specialist: the level that counts, the book's, and why it was moved if it was."""
    await visiting.member(*MAY, "sre", "auditors")
    return await _stand(visiting.services)


@router.post("/models/lower", summary="Take autonomy away", status_code=204)
async def lower(body: Wanted, visiting: Visiting) -> None:
    """At once, in every process, by one person. 409 where the level is as low already; 422 for what there is not."""
    await visiting.member(*MAY, "sre")
    await require_place(visiting.services, body.place)
    reason = await about_nobody(visiting.services, body.reason)
    require_reason(reason)
    if not await visiting.services.autonomy.lower(body.place, body.level, reason, visiting.person.id):
        raise Conflict(f"{body.place} has no more than {body.level} already")


@router.post("/models/raise", summary="Ask to give autonomy back", status_code=201)
async def raise_level(body: Wanted, visiting: Visiting) -> Case:
    """Opens a case; another person of these groups countersigns it at `/v1/approvals`, or does not.

    403 for who may not ask and for more than the book gives; 409 for what is not lower.
    """
    reason = await about_nobody(visiting.services, body.reason)
    return await ask_raise(visiting.services, visiting.person, Wish(body.place, body.level, reason))


async def _stand(here: Services) -> list[Stands]:
    moved = {(row.pop("workflow"), row.pop("specialist")): row for row in await here.autonomy.moved()}
    found = []
    for book in await here.books.all():
        kind, today = book.rules.kind, book.on(here.clock.now().date())
        for job, level in (await levels_of(today, jobs_with_models(book.rules))).items():
            most = book.rules.autonomy.of(job)
            found.append(
                Stands(specialist=job, workflow=kind, level=level, book=most, moved=moved.get((kind, job)))
            )
    return found


class Freezing(Record):
    """Whose findings are normal from now on, and why."""

    specialist: Name
    workflow: Annotated[Name, Field(description="kind of case")]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class Measured(Record):
    """One measure against its reference; counts by category."""

    measure: str
    reference: dict[str, int]
    window: dict[str, int]
    observations: int  # since the watch began
    likelihood_ratio: str  # decimal
    limit: str  # it breaches from here on
    breached: bool


class Drifting(Record):
    """One specialist in one workflow against its frozen reference."""

    specialist: str
    workflow: str
    level: Level
    version: str  # models and prompt of the reference
    frozen_at: datetime
    frozen_by: str
    since: datetime  # findings that count are younger
    findings: int  # of this version
    of_other_versions: int  # without a reference: freeze one
    measures: tuple[Measured, ...]


@router.get("/models/drift", summary="Whether findings still come in the frozen mix")
async def drift(visiting: Visiting) -> list[Drifting]:
    """Every reference against what came since. Looking moves nothing: the runners' hourly watch lowers levels."""
    await visiting.member(*MAY, "sre", "auditors")
    return [_drifting(each) for each in await look(visiting.services)]


@router.post("/models/freeze", summary="Say what is normal", status_code=201)
async def freeze_reference(body: Freezing, visiting: Visiting) -> dict[str, Any]:
    """Keeps the mix of the newest findings as the reference. 409 where there are too few of the present version."""
    await visiting.member(*MAY)
    place = Place(body.specialist, body.workflow)
    await require_place(visiting.services, place)
    reason = await about_nobody(visiting.services, body.reason)
    kept = await freeze(visiting.services, place, reason, visiting.person.id)
    return {"version": str(kept.version), "findings": kept.n, "counts": kept.counts}


def _drifting(each: Watched) -> Drifting:
    reference = each.reference
    return Drifting(
        specialist=reference.place.specialist,
        workflow=reference.place.workflow,
        level=each.level,
        version=str(reference.version),
        frozen_at=reference.frozen_at,
        frozen_by=reference.by,
        since=each.since,
        findings=each.findings,
        of_other_versions=each.others,
        measures=tuple(_measured(reading) for reading in each.readings),
    )


def _measured(each: Reading) -> Measured:
    return Measured(
        measure=each.measure,
        reference=dict(each.reference),
        window=dict(each.window),
        observations=each.n,
        likelihood_ratio=rounded(each.ratio),
        limit=rounded(each.limit),
        breached=each.breached,
    )


class Proven(Record):
    """The newest run of a golden set by one model under one version of prompt, judge and set."""

    specialist: str
    model: str
    version: str
    ran_at: datetime
    by: str
    in_use: bool  # whether it is the version that would work now
    score: Score
    proves: tuple[str, ...]  # workflows whose book says that it passed and is young enough


@router.get("/models/golden", summary="Which models passed their golden sets")
async def golden(visiting: Visiting) -> list[Proven]:
    """By specialist, model and version. What is missing here may advise at most, as each book says."""
    await visiting.member(*MAY, "sre", "auditors")
    here = visiting.services
    working = {each.proof for each in await candidates(here)}
    ran = await here.golden.newest()
    return [await _proven(here, each, replace(each.proof, model=each.asked_as) in working) for each in ran]


async def _proven(here: Services, ran: Ran, in_use: bool) -> Proven:
    today = here.clock.now().date()
    used = [book.on(today) for book in await books_with(here, ran.proof.specialist)]
    return Proven(
        specialist=ran.proof.specialist,
        model=ran.proof.model,
        version=ran.proof.version,
        ran_at=ran.ran_at,
        by=ran.by,
        in_use=in_use,
        score=ran.score,
        proves=tuple(book.rules.kind for book in used if is_good(here, book, ran)),
    )
