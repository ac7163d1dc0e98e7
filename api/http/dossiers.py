"""The dossier of a case over HTTP, for whoever may read the case."""

from __future__ import annotations

from fastapi import Response

from api.casefile import case_file
from api.http.access import Id, Visiting, governed
from audit.dossier import dossier

router = governed("dossiers")


@router.get("/cases/{case_id}/dossier", summary="Read the dossier of a case", response_class=Response)
async def read_dossier(case_id: Id, visiting: Visiting) -> Response:
    """Markdown: what was decided, by whom, on what, under which rules, and the whole timeline."""
    case = await visiting.case(case_id)
    file = await case_file(visiting.services, visiting.person, case)
    return Response(dossier(file), media_type="text/markdown; charset=utf-8")
