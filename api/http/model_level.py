"""Whether models are still what was approved, over HTTP: levels of autonomy, lowering one, asking to raise one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from api.http.access import Visiting, governed
from checkpoints.answers import require_reason
from checkpoints.autonomy import Place
from domain.autonomy import Level
from domain.case import Case
from domain.errors import Conflict
from domain.identity import Record
from graphs.autonomy import levels_of
from graphs.autonomy_raise.asking import Wish, ask_raise, require_place
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
    require_reason(body.reason)
    if not await visiting.services.autonomy.lower(body.place, body.level, body.reason, visiting.person.id):
        raise Conflict(f"{body.place} has no more than {body.level} already")


@router.post("/models/raise", summary="Ask to give autonomy back", status_code=201)
async def raise_level(body: Wanted, visiting: Visiting) -> Case:
    """Opens a case; another person of these groups countersigns it at `/v1/approvals`, or does not.

    403 for who may not ask and for more than the book gives; 409 for what is not lower.
    """
    return await ask_raise(visiting.services, visiting.person, Wish(body.place, body.level, body.reason))


async def _stand(here: Services) -> list[Stands]:
    moved = {(row.pop("workflow"), row.pop("specialist")): row for row in await here.autonomy.moved()}
    found = []
    for book in await here.books.all():
        kind, today = book.rules.kind, book.on(here.clock.now().date())
        jobs = [job for jobs in book.rules.workers.values() for job in jobs]
        for job, level in (await levels_of(today, jobs)).items():
            most = book.rules.autonomy.of(job)
            found.append(
                Stands(specialist=job, workflow=kind, level=level, book=most, moved=moved.get((kind, job)))
            )
    return found
