"""Keeping and erasing over HTTP: what keeps a case, what is due, legal holds, erasures by two people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.http.access import Id, Visit, Visiting, governed
from api.reasons import about_nobody
from checkpoints.halts import CASE, EVERYTHING, KIND
from domain.errors import BadInput, Forbidden
from domain.identity import Record
from graphs.retaining import Standing, ask, due, erase, standing
from graphs.services import Services
from policies.authority import Keeping

router = governed("retention")
Reason = Annotated[str, Field(min_length=1, max_length=2000, description="why, in a sentence; about nobody")]


class Class(Record):
    """One record class of a case under its longest duty."""

    keeps: str
    row: str | None
    until: date | None
    because: str
    source: str | None


class Hold(Record):
    """One legal hold."""

    target: str
    matter: str
    by: str
    reason: str
    at: datetime
    lifted_by: str | None = None
    lift_reason: str | None = None
    lifted_at: datetime | None = None


class Keeps(Record):
    """What keeps a case, and what was asked and done."""

    case: str
    kind: str
    outcome: str | None
    ended: date | None
    erasable_from: date | None
    readable: bool
    classes: tuple[Class, ...]
    holds: tuple[Hold, ...]
    asked_by: str | None = None
    asked_at: datetime | None = None
    erased_by: str | None = None
    erased_at: datetime | None = None

    @classmethod
    def of(cls, found: Standing) -> Keeps:
        """As it is shown."""
        done = found.erasure or {}
        return cls(
            case=found.case.id,
            kind=found.case.kind,
            outcome=found.case.outcome,
            ended=found.ended,
            erasable_from=found.erasable_from,
            readable=found.readable,
            classes=tuple(
                Class(
                    keeps=each.keeps,
                    row=each.duty.id if each.duty else None,
                    until=each.until,
                    because=each.because,
                    source=each.duty.source if each.duty else None,
                )
                for each in found.held
            ),
            holds=tuple(Hold.model_validate(each) for each in found.holds),
            **{name: done.get(name) for name in ("asked_by", "asked_at", "erased_by", "erased_at")},
        )


class Held(Record):
    """What a matter is to hold, or to hold no more, and why."""

    target: Annotated[str, Field(max_length=200, description="everything, kind:… or case:…")]
    matter: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{1,80}$", description="the bank's name of the matter"),
    ]
    reason: Reason


class Why(Record):
    """Why something is to be erased."""

    reason: Reason


class Ended(Record):
    """When an account was closed or a loan repaid, and how that is known."""

    on: date
    reason: Reason


class Erased(Record):
    """The cases whose keys are gone."""

    erased: tuple[str, ...]


@router.get("/retention/due", summary="What nothing keeps any more")
async def what_is_due(visiting: Visiting) -> list[Keeps]:
    """Ended cases whose longest duty has run out and that can still be read; those under hold say so."""
    await _require(visiting, Keeping.SEE, "what is kept")
    return [Keeps.of(each) for each in await due(visiting.services)]


@router.get("/cases/{case_id}/retention", summary="What keeps a case")
async def what_keeps(case_id: Id, visiting: Visiting) -> Keeps:
    """Its record classes with their longest duties, legal holds over it, and whether it was erased."""
    await _require(visiting, Keeping.SEE, "what is kept")
    return Keeps.of(await standing(visiting.services, case_id))


@router.post("/cases/{case_id}/relationship-end", summary="Tell that an account was closed")
async def relationship_end(case_id: Id, body: Ended, visiting: Visiting) -> Keeps:
    """For `records`: periods that count from there begin. Told again, the newest word counts."""
    await _require(visiting, Keeping.END_RELATIONSHIP, case_id)
    here = visiting.services
    await here.cases.get(case_id)
    reason = await about_nobody(here, body.reason)
    await here.retention.relationship_ended(visiting.person, case_id, body.on, reason)
    return Keeps.of(await standing(here, case_id))


@router.post("/cases/{case_id}/erasure", summary="Ask to erase a case", status_code=201)
async def ask_erasure(case_id: Id, body: Why, visiting: Visiting) -> Keeps:
    """For `records`. 409 while a duty or a legal hold keeps it, and says which."""
    await _require(visiting, Keeping.ASK_ERASURE, case_id)
    here = visiting.services
    reason = await about_nobody(here, body.reason)
    return Keeps.of(await ask(here, visiting.person, case_id, reason))


@router.post("/cases/{case_id}/erasure/carry-out", summary="Erase a case")
async def carry_out_erasure(case_id: Id, visiting: Visiting) -> Erased:
    """Destroys its key, for good, by another person than the one who asked (403). Every chain still verifies.

    What-if copies go with it. 409 when nobody asked, a duty or a legal hold keeps it, or it went on meanwhile.
    """
    await _require(visiting, Keeping.ERASE, case_id)
    try:
        return Erased(erased=await erase(visiting.services, visiting.person, case_id))
    except Forbidden as error:
        return await visiting.refuse(case_id, error)


@router.get("/legal-holds", summary="List the legal holds")
async def legal_holds(visiting: Visiting) -> list[Hold]:
    """Those in force first; lifted ones stay listed."""
    await _require(visiting, Keeping.SEE, "what is kept")
    return [Hold.model_validate(dict(row)) for row in await visiting.services.retention.holds()]


@router.post("/legal-holds", summary="Place a legal hold", status_code=204)
async def hold(body: Held, visiting: Visiting) -> None:
    """For `counsel` and `chief_compliance`: nothing of the target is erased until every hold over it is lifted."""
    await _require(visiting, Keeping.HOLD, body.target)
    here = visiting.services
    await _require_known(here, body.target)
    said = await about_nobody(here, body.matter, "matter"), await about_nobody(here, body.reason)
    await here.retention.hold(visiting.person, body.target, *said)


@router.post("/legal-holds/lift", summary="Lift a legal hold", status_code=204)
async def lift(body: Held, visiting: Visiting) -> None:
    """By another person than the one who placed it (403)."""
    await _require(visiting, Keeping.LIFT, body.target)
    here = visiting.services
    reason = await about_nobody(here, body.reason)
    try:
        await here.retention.lift(visiting.person, body.target, body.matter, reason)
    except Forbidden as error:
        await visiting.refuse(body.target, error)


async def _require(visiting: Visit, action: Keeping, what: str) -> None:
    """Authority first: who may not is told nothing of what there is, and the attempt is recorded."""
    try:
        visiting.services.retention.require(visiting.person, action, what)
    except Forbidden as error:
        await visiting.refuse(visiting.action, error)


async def _require_known(here: Services, target: str) -> None:
    if target.startswith(CASE):
        await here.cases.get(target.removeprefix(CASE))
    elif target != EVERYTHING and target.removeprefix(KIND) not in here.books.kinds:
        known: Any = ", ".join(here.books.kinds)
        raise BadInput(
            f"there is no {target}", field="target", remedy=f"everything, case:ID, or kind: {known}"
        )
