"""The dossier of a case over HTTP, for whoever may read the case; packets only for whom they are meant."""

from __future__ import annotations

from fastapi import Response

from api.http.access import Id, Visiting, governed
from audit.dossier import CaseFile, dossier
from checkpoints.queries import load
from domain.approval import ApprovalRequest
from domain.person import AUDITORS, Person

NOTICES = load("notices")
router = governed("dossiers")


@router.get("/cases/{case_id}/dossier", summary="Read the dossier of a case", response_class=Response)
async def read_dossier(case_id: Id, visiting: Visiting) -> Response:
    """Markdown: what was decided, by whom, on what, under which rules, and the whole timeline."""
    case, here = await visiting.case(case_id), visiting.services
    requests = [each for each in await here.desk.of_case(case_id) if meant_for(visiting.person, each)]
    decisions = [said for each in requests for said in await here.desk.decisions(each.id)]
    file = CaseFile(
        case=case,
        title=(await here.books.pinned(case.policy_version)).rules.title,
        entries=await here.ledger.entries(case_id),
        requests=requests,
        decisions=decisions,
        effects=await here.outbox.of_case(case_id),
        notices=await here.database.rows(NOTICES["of_case"], case_id),
        verification=await here.ledger.verify(case_id),
    )
    return Response(dossier(file), media_type="text/markdown; charset=utf-8")


def meant_for(person: Person, request: ApprovalRequest) -> bool:
    """Compliance's packets are for compliance and auditors; the others for everybody who may read the case."""
    asked = {*request.candidate_groups, AUDITORS}
    return request.boundary != "compliance" or bool(person.groups & asked)
