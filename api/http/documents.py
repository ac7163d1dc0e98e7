"""A document as it was asked for: Markdown, or PDF/A, after the output gate has read it."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import Header, Response

from api.documents.markdown import markdown
from api.documents.typeset import pdf
from api.http.access import Visit
from api.http.leaving import Reading, may_leave
from domain.document import Document

PDF = "application/pdf"
Accept = Annotated[str, Header(description="application/pdf for PDF/A; anything else gives Markdown")]
_CONTENT = {
    "text/markdown": {"schema": {"type": "string"}},
    PDF: {"schema": {"type": "string", "format": "binary"}},
}
RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": _CONTENT}}


async def leaves(visiting: Visit, document: Document, reading: Reading, accept: str) -> Response:
    """The document; a PDF is no text that the gate could read, so what it is set from is read before.

    Raises:
        Refused: something stands in it that this person must not get.
    """
    await may_leave(visiting.services, visiting.person, reading)
    if PDF in accept:
        return Response(await to_thread.run_sync(pdf, document), media_type=PDF)
    return Response(reading.text, media_type="text/markdown; charset=utf-8")


def as_read(what: str, case_id: str, document: Document) -> Reading:
    """A document of one case whose figures are told elsewhere."""
    return Reading(what=what, text=markdown(document), cases=(case_id,))
