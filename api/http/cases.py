"""Cases over HTTP: open one, see those that are yours, and read what was recorded, told and done."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query, Response
from pydantic import Field

from api.http.access import Id, Visit, Visiting, governed
from api.intake import Submission, submit
from audit.chain import Verification
from checkpoints.queries import load
from domain.application import Application
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.case import Case, CaseStatus
from domain.identity import Record
from domain.person import AUDITORS
from domain.records import SourceRecord

CASES = load("cases")
NOTICES = load("notices")
MOST_RECORDS = 200  # with one application
router = governed("cases")
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Chats = Annotated[bool, Query(description="list chat threads too")]


class NewCase(Record):
    """An application, with the source records that came along."""

    application: Application
    records: Annotated[tuple[SourceRecord, ...], Field(max_length=MOST_RECORDS)] = ()


class AskedFor(Record):
    """One approval of a case, in short."""

    id: str
    boundary: str
    status: ApprovalStatus
    candidate_groups: tuple[str, ...]

    @classmethod
    def of(cls, request: ApprovalRequest) -> AskedFor:
        """In short."""
        return cls(
            id=request.id,
            boundary=request.boundary,
            status=request.status,
            candidate_groups=request.candidate_groups,
        )


class Standstill(Record):
    """What makes a case stand still where it is, since when and why."""

    target: str
    reason: str
    since: datetime


class CaseView(Record):
    """A case with its application (tokenised) and approvals, what makes it stand still, and what unwinds it."""

    case: Case
    application: dict[str, Any]
    approvals: tuple[AskedFor, ...]
    halted: Standstill | None = None
    unwound_by: tuple[str, ...] = ()


@router.post("/cases", summary="Open a case", status_code=201, responses={200: {"model": Case}})
async def open_case(body: NewCase, key: Key, visiting: Visiting, response: Response) -> Case:
    """For `advisors`. 201 at first; 200 for the same key and content again; 409 for other content."""
    await visiting.member("advisors")
    before = await opened_before(visiting, key)
    case = await submit(visiting.services, visiting.person, Submission(body.application, key, body.records))
    response.status_code = 200 if case.id in before else 201
    response.headers["location"] = f"/v1/cases/{case.id}"
    return case


@router.get("/cases", summary="List cases, newest first")
async def list_cases(visiting: Visiting, limit: Limit = 50, chats: Chats = False) -> list[Case]:
    """Your own; all of them for `auditors`. What waits for your decision is at `/v1/approvals`."""
    maker = None if AUDITORS in visiting.person.groups else visiting.person.id
    return await visiting.services.cases.newest(maker, limit, chats=chats)


@router.get("/cases/{case_id}", summary="Read a case")
async def read_case(case_id: Id, visiting: Visiting) -> CaseView:
    """For its maker, candidates of one of its approvals, and `auditors`; identity stands as vault tokens."""
    case = await visiting.case(case_id)
    requests = await visiting.services.desk.of_case(case_id)
    application = await visiting.services.cases.application(case_id)
    return CaseView(
        case=case,
        application=application,
        approvals=tuple(map(AskedFor.of, requests)),
        halted=await _halted(visiting, case),
        unwound_by=await visiting.services.cases.unwound_by(case_id),
    )


async def _halted(visiting: Visit, case: Case) -> Standstill | None:
    """A case that has ended stands still by itself."""
    row = await visiting.services.halts.of_case(case.id)
    if row is None or case.status in (CaseStatus.CLOSED, CaseStatus.REFERRED):
        return None
    return Standstill(target=row["target"], reason=row["reason"], since=row["at"])


@router.get("/cases/{case_id}/ledger", summary="Read a case's ledger")
async def read_ledger(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Every event in order with its hashes; for its maker and `auditors`."""
    await visiting.own_case(case_id)
    return [asdict(entry) for entry in await visiting.services.ledger.entries(case_id)]


@router.get("/cases/{case_id}/ledger/verification", summary="Verify a case's ledger")
async def verify_ledger(case_id: Id, visiting: Visiting) -> Verification:
    """Recomputes the whole hash chain; names the first bad event; for its maker and `auditors`."""
    await visiting.own_case(case_id)
    return await visiting.services.ledger.verify(case_id)


@router.get("/cases/{case_id}/notices", summary="Read the notices of a case")
async def read_notices(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """What the applicant is told, and by when."""
    await visiting.case(case_id)
    return [dict(row) for row in await visiting.services.database.rows(NOTICES["of_case"], case_id)]


@router.get("/cases/{case_id}/effects", summary="Read what a case did outside itself")
async def read_effects(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """Every effect with its authority, status, receipt and what was read back."""
    await visiting.case(case_id)
    return [dict(row) for row in await visiting.services.outbox.of_case(case_id)]


@router.get("/cases/{case_id}/requests", summary="Read what the applicant is asked to send")
async def read_requests(case_id: Id, visiting: Visiting) -> list[dict[str, Any]]:
    """What is missing, to be sent and answered by when, and whether it was; names stand as vault tokens."""
    await visiting.case(case_id)
    return [dict(row) for row in await visiting.services.information.of_case(case_id)]


async def opened_before(visiting: Visit, key: str) -> frozenset[str]:
    """The case already opened under this key, if any (its content is compared by intake)."""
    found = await visiting.services.database.row(CASES["by_key"], visiting.person.id, key)
    return frozenset({found["id"]} if found else ())
