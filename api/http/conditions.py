"""Conditions of an approval over HTTP: read them, and ask to do without one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from api.http.access import Id, Visiting, governed
from api.http.cases import AskedFor
from api.reasons import kept_in
from domain.identity import Record
from graphs.waiving import Wish, ask_waiver

Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$")]
router = governed("conditions")


class WaiverWanted(Record):
    """Why an approval is to stand without a condition."""

    reason_code: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$", description="of the book's waivers")]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/cases/{case_id}/conditions", summary="Read the conditions of an approval")
async def read_conditions(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Open, met and waived: text, stage, what meets it, by when, and the event or approval that ended it."""
    await visiting.case(case_id)
    return [dict(row) for row in await visiting.services.conditions.of_case(case_id)]


@router.post("/cases/{case_id}/conditions/{code}/waive", summary="Ask to waive a condition", status_code=201)
async def waive(case_id: Id, code: Code, body: WaiverWanted, visiting: Visiting) -> AskedFor:
    """Opens an approval request; others than who asks countersign it at `/v1/approvals`, as the book says.

    403 for who may not ask and for what the book never waives; 409 for what is not open, or asked about already.
    """
    await visiting.case(case_id)
    wish = Wish(code, body.reason_code, await kept_in(visiting.services, case_id, body.reason))
    return AskedFor.of(await ask_waiver(visiting.services, visiting.person, case_id, wish))
