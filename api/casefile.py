"""Gathers the case file that a dossier is written from; packets only for whom they are meant."""

from __future__ import annotations

from audit.dossier import CaseFile
from checkpoints.queries import load
from domain.approval import ApprovalRequest
from domain.case import Case
from domain.person import AUDITORS, Person
from graphs.services import Services

NOTICES = load("notices")


async def case_file(services: Services, person: Person, case: Case) -> CaseFile:
    """Everything that this person may read of a case."""
    requests = [each for each in await services.desk.of_case(case.id) if meant_for(person, each)]
    return CaseFile(
        case=case,
        title=(await services.books.pinned(case.policy_version)).rules.title,
        entries=await services.ledger.entries(case.id),
        requests=requests,
        decisions=[said for each in requests for said in await services.desk.decisions(each.id)],
        effects=await services.outbox.of_case(case.id),
        notices=await services.database.rows(NOTICES["of_case"], case.id),
        verification=await services.ledger.verify(case.id),
    )


def meant_for(person: Person, request: ApprovalRequest) -> bool:
    """Compliance's packets are for compliance and auditors; the others for everybody who may read the case."""
    asked = {*request.candidate_groups, AUDITORS}
    return request.boundary != "compliance" or bool(person.groups & asked)
