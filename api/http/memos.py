"""The credit memo over HTTP, for whoever may read the case: Markdown, or PDF/A when that is asked for."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Response

from api.http.access import Id, Visiting, governed
from api.http.documents import RESPONSES, Accept, as_read, leaves
from domain.leaving import Kind
from graphs.memo import evidence_of
from tools.credit.memo.contents import write
from tools.credit.memo.tracing import known_numbers, prose, uncited

router = governed("memos")


@router.get(
    "/cases/{case_id}/memo",
    summary="Read the credit memo of a case",
    response_class=Response,
    responses=RESPONSES,
)
async def read_memo(case_id: Id, visiting: Visiting, accept: Accept = "text/markdown") -> Response:
    """As the case stands now; the same case gives the same bytes. Identity stands as vault tokens."""
    await visiting.case(case_id)
    evidence = await evidence_of(visiting.services, case_id)
    memo = write(evidence)
    reading = replace(
        as_read("memo", case_id, memo),
        kind=Kind.MEMO,
        words=prose(memo),
        known=known_numbers(evidence),
        uncited=uncited(memo),
    )
    return await leaves(visiting, memo, reading, accept)
