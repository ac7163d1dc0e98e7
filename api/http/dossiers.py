"""The dossier of a case and the letters to its applicant over HTTP, for whoever may read the case."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Response

from api.documents.case_file import case_file
from api.http.access import Id, Visiting, governed
from api.http.documents import RESPONSES, Accept, as_read, leaves
from audit.dossier import dossier
from audit.letter import letter
from checkpoints.queries import load
from domain.errors import NotFound

SQL = load("notices")
Notice = Annotated[
    Literal["adverse_action", "approval", "amendment_confirmation"], Path(description="which notice")
]
router = governed("dossiers")


@router.get(
    "/cases/{case_id}/dossier",
    summary="Read the dossier of a case",
    response_class=Response,
    responses=RESPONSES,
)
async def read_dossier(case_id: Id, visiting: Visiting, accept: Accept = "text/markdown") -> Response:
    """What was decided, why, by whom, on what, under which rules, the alternatives, and the whole timeline."""
    case = await visiting.case(case_id)
    told = dossier(await case_file(visiting.services, visiting.person, case))
    return await leaves(visiting, told, as_read("dossier", case_id, told), accept)


@router.get(
    "/cases/{case_id}/notices/{notice}",
    summary="Read a notice as the letter that it is",
    response_class=Response,
    responses=RESPONSES,
)
async def read_letter(
    case_id: Id, notice: Notice, visiting: Visiting, accept: Accept = "text/markdown"
) -> Response:
    """Exactly what stands in the notice; the applicant's name stands as a vault token."""
    case = await visiting.case(case_id)
    rows = await visiting.services.database.rows(SQL["of_case"], case_id)
    found = [row for row in rows if row["notice"] == notice]
    if not found:
        written = ", ".join(row["notice"] for row in rows) or "none"
        raise NotFound(f"case {case_id} has no notice {notice}", remedy=f"written so far: {written}")
    told = letter(case, found[0])
    return await leaves(visiting, told, as_read("letter", case_id, told), accept)
