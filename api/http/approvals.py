"""The approval desk over HTTP: inbox, evidence packet, claim, release, decide. The desk checks authority."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.http.access import Id, Visiting, governed
from api.http.cases import Limit
from api.reasons import about_nobody, kept_in
from checkpoints.answers import Answer
from checkpoints.standing import Review
from domain.approval import ApprovalDecision, ApprovalRequest, InboxItem
from domain.decision import Verb
from domain.identity import Record
from graphs.approval import described

REVIEWERS = ("auditors", "model_risk", "chief_credit", "chief_compliance")
router = governed("approvals")


class Said(Record):
    """A decision on exactly the version that was shown."""

    verb: Verb
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="of the request as you read it")]
    reason_code: Annotated[str | None, Field(pattern="^[A-Za-z0-9_.-]{1,64}$")] = None
    edits: Annotated[
        dict[str, int], Field(max_length=10, description="argument -> new value, for `edit`")
    ] = Field(default_factory=dict)


class Packet(Record):
    """A request, its evidence as markdown, and what was decided so far."""

    request: ApprovalRequest
    markdown: str
    decisions: tuple[ApprovalDecision, ...]


@router.get("/approvals", summary="Your inbox")
async def inbox(visiting: Visiting, limit: Limit = 50) -> list[InboxItem]:
    """What your groups may decide, most urgent first, without your own work. Read one for its evidence and digest."""
    return await visiting.services.desk.inbox(visiting.person, limit)


@router.get("/approvals/{approval_id}", summary="Read a request with its evidence packet")
async def read_approval(approval_id: Id, visiting: Visiting) -> Packet:
    """For candidates, the maker and `auditors`."""
    request = await visiting.approval(approval_id)
    decisions = tuple(await visiting.services.desk.decisions(approval_id))
    return Packet(request=request, markdown=described(request), decisions=decisions)


@router.post("/approvals/{approval_id}/claim", summary="Take a request")
async def claim(approval_id: Id, visiting: Visiting) -> ApprovalRequest:
    """409 when somebody else holds it or it is settled; taking it again changes nothing."""
    await visiting.approval(approval_id)
    return await visiting.services.desk.claim(visiting.person, approval_id)


@router.post("/approvals/{approval_id}/release", summary="Give a request back")
async def release(approval_id: Id, visiting: Visiting) -> ApprovalRequest:
    """409 when you do not hold it."""
    await visiting.approval(approval_id)
    return await visiting.services.desk.release(visiting.person, approval_id)


@router.post("/approvals/{approval_id}/decide", summary="Decide a request")
async def decide(approval_id: Id, body: Said, visiting: Visiting) -> ApprovalRequest:
    """Refused without authority (403), on other evidence than you saw, twice, or when it is settled (409)."""
    here = visiting.services
    request = await visiting.approval(approval_id)
    reason = await kept_in(here, request.case_id, body.reason)
    code = await about_nobody(here, body.reason_code, "reason_code") if body.reason_code else None
    answer = Answer(body.verb, reason, body.digest, code, body.edits)
    return await here.desk.decide(visiting.person, approval_id, answer)


@router.get("/standing-authority/sampled", summary="Read what was sampled for later review")
async def sampled(visiting: Visiting, limit: Limit = 50) -> list[dict[str, Any]]:
    """For those who review: uses of standing authority that nobody looked at yet, oldest first."""
    await visiting.member(*REVIEWERS)
    return [dict(row) for row in await visiting.services.standing.to_review(limit)]


class Looked(Record):
    """What a person says of something that ran without one."""

    verdict: Literal["agreed", "disagreed"]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.post("/cases/{case_id}/sampled-review", summary="Review what was sampled", status_code=204)
async def review_sampled(case_id: Id, body: Looked, visiting: Visiting) -> None:
    """Once, by another person than the maker; it undoes nothing. Disagreement counts as an override in drift."""
    await visiting.member(*REVIEWERS)
    here = visiting.services
    said = Review(body.verdict, await kept_in(here, case_id, body.reason))
    await here.standing.review(visiting.person, case_id, said, here.clock.now())
