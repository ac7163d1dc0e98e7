"""Unwinding over HTTP: what it would do, and starting it. Systems of record send an event instead (``events``)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import Field

from api.http.access import Id, Visiting, governed
from api.http.cases import Key
from api.unwinding import Defect, Preview, open_unwinding, preview
from domain.case import Case
from domain.identity import Record

router = governed("unwinding")


class DefectFound(Record):
    """What is wrong with what a case did, and what shows it."""

    reason: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$", description="of the book `unwinding`")]
    evidence: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/cases/{case_id}/unwinding", summary="Preview the unwinding of a case")
async def read_preview(case_id: Id, visiting: Visiting) -> Preview:
    """What would be taken back, the last effect first, and what would stay; nothing is done.

    For who may report a defect. 409 when nothing is left to unwind.
    """
    return await preview(visiting.services, visiting.person, case_id)


@router.post(
    "/cases/{case_id}/unwinding", summary="Unwind a case", status_code=201, responses={200: {"model": Case}}
)
async def unwind(case_id: Id, body: DefectFound, key: Key, visiting: Visiting, response: Response) -> Case:
    """Opens an unwinding; others than who reported countersign it at `/v1/approvals`, as the book says.

    201 at first; 200 for the same key again, and while the case is unwound already. 403 for who may not report this
    defect; 409 when nothing is left to unwind. A case that is still open is stopped first.
    """
    defect = Defect(body.reason, body.evidence)
    begun = await open_unwinding(visiting.services, visiting.person, case_id, defect, key)
    response.status_code = 201 if begun.opened else 200
    response.headers["location"] = f"/v1/cases/{begun.case.id}"
    return begun.case
