"""Gathers the case file that a dossier is written from; packets only for whom they are meant."""

from __future__ import annotations

from collections.abc import Iterable

from audit.case_file import CaseFile
from checkpoints.queries import load
from domain.approval import ApprovalRequest
from domain.case import Case
from domain.person import AUDITORS, Person
from graphs.services import Services
from policies.book import InForce
from policies.difference import written

NOTICES = load("notices")


async def case_file(services: Services, person: Person, case: Case) -> CaseFile:
    """Everything that this person may read of a case."""
    requests = [each for each in await services.desk.of_case(case.id) if meant_for(person, each)]
    book = (await services.books.pinned(case.policy_version)).on(case.application_date)
    return CaseFile(
        case=case,
        title=book.rules.title,
        entries=await services.ledger.entries(case.id),
        requests=requests,
        decisions=[said for each in requests for said in await services.desk.decisions(each.id)],
        effects=await services.outbox.of_case(case.id),
        notices=await services.database.rows(NOTICES["of_case"], case.id),
        verification=await services.ledger.verify(case.id),
        rows={row.id: written(row) for table in (book.decision, book.authority) for row in table.rows},
        passed_over={each.id: tuple(_passed_over(book, each)) for each in requests},
    )


def meant_for(person: Person, request: ApprovalRequest) -> bool:
    """Compliance's packets are for compliance and auditors; the others for everybody who may read the case."""
    asked = {*request.candidate_groups, AUDITORS}
    return request.boundary != "compliance" or bool(person.groups & asked)


def _passed_over(book: InForce, request: ApprovalRequest) -> Iterable[str]:
    """Rows of the authority table before the one that answered: what each wanted, and what was known."""
    known, rows = request.routing.known, {row.id: row for row in book.authority.rows}
    if not request.routing.row:
        return
    for step in book.authority.evaluate(known).trace:
        if step.failed_at is not None:
            was = known.get(step.failed_at, "unknown")
            yield f"row {step.row}: {written(rows[step.row])}; {step.failed_at} is {was}"
