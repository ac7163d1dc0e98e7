"""The queues of referrals and of incidents over HTTP: read what is yours, settle it with a reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.access import Id, Visiting, governed
from api.http.cases import Limit
from api.reasons import about_nobody, kept_in
from domain.errors import NotFound
from domain.identity import Record
from domain.incident import Incident
from domain.referral import Referral, Settlement

router = governed("referrals")


class Settled(Record):
    """How a person settled a referral."""

    settled_as: Settlement
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/referrals", summary="Cases that left the automatic path")
async def referrals(visiting: Visiting, limit: Limit = 50) -> list[Referral]:
    """What your groups may settle, most urgent first; `auditors` read all of it."""
    return await visiting.services.referrals.queue(visiting.person, limit)


@router.post("/referrals/{case_id}/settle", summary="Take a case off the queue", status_code=204)
async def settle(case_id: Id, body: Settled, visiting: Visiting) -> None:
    """Refused for who made the case (403), for others than its owners (404) and a second time (409)."""
    here = visiting.services
    try:
        reason = await kept_in(here, case_id, body.reason)
        await here.referrals.settle(visiting.person, case_id, body.settled_as, reason)
    except NotFound as error:
        await visiting.refuse(case_id, error)


class Reason(Record):
    """Why it is settled."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/incidents", summary="What failed beside cases")
async def incidents(visiting: Visiting, limit: Limit = 50) -> list[Incident]:
    """Golden sets, sweeps, given-up jobs, halts by itself: what your groups may settle; `auditors` read all of it."""
    return await visiting.services.incidents.queue(visiting.person, limit)


@router.post("/incidents/{incident_id}/settle", summary="Take an incident off the queue", status_code=204)
async def settle_incident(incident_id: Id, body: Reason, visiting: Visiting) -> None:
    """Refused for others than its owners (404) and a second time (409)."""
    here = visiting.services
    try:
        reason = await about_nobody(here, body.reason)
        await here.incidents.settle(visiting.person, incident_id, reason)
    except NotFound as error:
        await visiting.refuse(incident_id, error)
