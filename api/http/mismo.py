"""MISMO 3.4 messages over HTTP: open a case from the file that a loan-origination system exports."""

from __future__ import annotations

from urllib.parse import unquote

from anyio import to_thread
from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.http.access import GovernedFile, Visiting, governed
from api.http.cases import Key, opened_before
from api.http.registers import FileName
from api.intake import Submission, submit
from api.mismo import parse_mismo
from domain.case import Case

MEDIA_TYPES = ("application/xml", "text/xml")
router = governed("cases", GovernedFile)
CONTENT = {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES}


@router.post(
    "/mismo",
    summary="Open a home-loan case from a MISMO 3.4 message",
    status_code=201,
    responses={200: {"model": Case}},
    openapi_extra={"requestBody": {"required": True, "content": CONTENT}},
)
async def open_from_mismo(
    request: Request, key: Key, visiting: Visiting, response: Response, name: FileName = "message.xml"
) -> Case:
    """For `advisors`. The body is the message as exported: one deal, one subject loan, no document type.

    `X-File-Name` is its name, percent-encoded where it is not plain ASCII. Records come afterwards, at
    `/v1/cases/{case_id}/records`. 201 at first; 200 for the same key and content again; 409 for other
    content; 422 names the path or line of what cannot be read, and keeps nothing of it.
    """
    await visiting.member("advisors")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise HTTPException(415)
    application = await to_thread.run_sync(parse_mismo, await request.body(), unquote(name))
    before = await opened_before(visiting, key)
    case = await submit(visiting.services, visiting.person, Submission(application, key))
    response.status_code = 200 if case.id in before else 201
    response.headers["location"] = f"/v1/cases/{case.id}"
    return case
