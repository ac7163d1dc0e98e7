"""HMDA registers over HTTP: hand one in as a case, and read its review. Never shows a row of the file itself."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import unquote

from anyio import to_thread
from fastapi import Header, Path, Request, Response
from starlette.exceptions import HTTPException

from api.fair_lending import Monitoring, monitoring
from api.http.access import GovernedFile, Id, Visiting, governed
from api.http.cases import Key, opened_before
from api.intake import Submission, parse_register_file, submit
from api.reasons import about_nobody
from api.register_file import RegisterFile, write_register
from checkpoints.journal import read_calls
from domain.case import Case
from domain.errors import NotFound
from domain.person import AUDITORS
from graphs.register_review.nodes import TOOL

MEDIA_TYPES = ("text/plain", "application/octet-stream")
router = governed("registers", GovernedFile)
FileName = Annotated[str, Header(alias="X-File-Name", pattern=r"^[^/\\\x00-\x1f]{1,200}$")]
Year = Annotated[int, Path(ge=2018, le=2100)]
CONTENT = {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES}
BODY = {"requestBody": {"required": True, "content": CONTENT}}


@router.post(
    "/registers",
    summary="Hand in a register for review",
    status_code=201,
    responses={200: {"model": Case}},
    openapi_extra=BODY,
)
async def open_register(
    request: Request, key: Key, visiting: Visiting, response: Response, name: FileName = "register.txt"
) -> Case:
    """For `advisors` and `compliance`. The body is the pipe-delimited file as it is, UTF-8.

    `X-File-Name` is its name, percent-encoded where it is not plain ASCII. 201 at first; 200 for the same key
    and file again; 409 for another file; 422 names row and field of a file that cannot be read, and keeps
    nothing of it.
    """
    await visiting.member("advisors", "compliance")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise HTTPException(415)
    file = await about_nobody(visiting.services, unquote(name), "file")
    today = visiting.services.clock.now().date()
    application = await to_thread.run_sync(parse_register_file, await request.body(), file, today)
    before = await opened_before(visiting, key)
    case = await submit(visiting.services, visiting.person, Submission(application, key))
    response.status_code = 200 if case.id in before else 201
    response.headers["location"] = f"/v1/cases/{case.id}"
    return case


@router.get("/registers/{year}", summary="Write the register of a year")
async def read_register(year: Year, visiting: Visiting) -> RegisterFile:
    """For `compliance` and `auditors`. The text is ready to be handed in; `failed_edits` says what stops it.

    Addresses and ages come from the vault into the answer alone; who asked is recorded. 404 for a year in which
    no case left an entry.
    """
    await visiting.member("compliance", AUDITORS)
    return await write_register(visiting.services, year, visiting.person)


@router.get("/registers/{year}/fair-lending", summary="Compare how groups of applicants fared in a year")
async def read_fair_lending(year: Year, visiting: Visiting) -> Monitoring:
    """For `compliance`, `model_risk` and `auditors`: adverse impact ratios with counts and 95 % intervals.

    A monitoring metric, not a legal test, and not an input to any decision; who asked is recorded.
    """
    await visiting.member("compliance", "model_risk", AUDITORS)
    return await monitoring(visiting.services, year, visiting.person)


@router.get("/cases/{case_id}/review", summary="Read the review of a register")
async def read_review(case_id: Id, visiting: Visiting) -> dict[str, Any]:
    """Report, exceptions and owed notices as journaled; `monitoring` is a metric and entered no decision."""
    await visiting.case(case_id)
    services = visiting.services
    for source in (case_id, *await services.cases.ancestors(case_id)):
        for call in await read_calls(services.database, services.vault, source):
            if call["target"] == TOOL and call["response"] is not None:
                found: dict[str, Any] = call["response"]
                return found
    raise NotFound(f"case {case_id} has no review of a register, or not yet")
