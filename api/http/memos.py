"""The credit memo over HTTP, for whoever may read the case: Markdown, or PDF/A when that is asked for."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Header, Response

from api.http.access import Id, Visiting, governed
from api.http.leaving import Reading, may_leave
from domain.leaving import Kind
from graphs.memo import evidence_of
from tools.credit.memo.contents import write
from tools.credit.memo.markdown import markdown
from tools.credit.memo.tracing import known_numbers, prose, uncited
from tools.credit.memo.typeset import pdf

PDF = "application/pdf"
router = governed("memos")
Accept = Annotated[str, Header(description="application/pdf for PDF/A; anything else gives Markdown")]
BINARY = {"schema": {"type": "string", "format": "binary"}}
TEXT = {"schema": {"type": "string"}}


@router.get(
    "/cases/{case_id}/memo",
    summary="Read the credit memo of a case",
    response_class=Response,
    responses={200: {"content": {"text/markdown": TEXT, PDF: BINARY}}},
)
async def read_memo(case_id: Id, visiting: Visiting, accept: Accept = "text/markdown") -> Response:
    """As the case stands now; the same case gives the same bytes. Identity stands as vault tokens."""
    await visiting.case(case_id)
    evidence = await evidence_of(visiting.services, case_id)
    memo = write(evidence)
    text = markdown(memo)
    reading = Reading(
        what="memo",
        text=text,
        cases=(case_id,),
        kind=Kind.MEMO,
        words=prose(memo),
        known=known_numbers(evidence),
        uncited=uncited(memo),
    )
    await may_leave(visiting.services, visiting.person, reading)
    if PDF in accept:
        return Response(await to_thread.run_sync(pdf, memo), media_type=PDF)
    return Response(text, media_type="text/markdown; charset=utf-8")
