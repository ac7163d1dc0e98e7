"""Gathers what the credit memo of a case is written from: its newest checkpoint, its journal and its desk.

Reads without a lease, so it can write nothing. Never decides who may read it: the API does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkpoints.journal import read_calls
from checkpoints.saver import CaseSaver
from domain.approval import ApprovalRequest
from domain.case import Case
from domain.decision import Decision
from domain.errors import NotFound
from domain.finding import Finding
from graphs.services import Services
from graphs.supervisor.known import Standing
from graphs.supervisor.packet import policy_rows
from graphs.worker import book_of
from tools.credit.memo.evidence import Answers, MemoEvidence, Signature

BOUNDARY = "offer"  # compliance's requests are no part of a memo


async def evidence_of(services: Services, case_id: str) -> MemoEvidence:
    """What the memo is written from as the case stands now; ``NotFound`` for a case that has none."""
    case = await services.cases.get(case_id)
    application = await services.cases.application(case_id)
    known = await _newest(services, case)
    findings = {
        job: Finding.model_validate(each["finding"]) for job, each in known.get("findings", {}).items()
    }
    if application["kind"] != "commercial_credit" or not findings:
        raise NotFound(f"case {case_id} has no credit memo, or not yet")
    decided = known.get("decision")
    here = Standing(case, await book_of(case_id), application)
    calls = await _calls(services, case_id)
    requests = [each for each in await services.desk.of_case(case_id) if each.boundary == BOUNDARY]
    return MemoEvidence(
        case=case,
        title=here.book.rules.title,
        application=_asked(application, known),
        findings=findings,
        decision=Decision.model_validate(decided) if decided else None,
        policy_rows=policy_rows(here, known) if decided else (),  # type: ignore[arg-type]
        requests=tuple(requests),
        signatures=tuple([each for request in requests for each in await _signed(services, request)]),
        answers=Answers.of(_results(calls, findings)),
        journal=_named(calls, findings),
    )


async def _newest(services: Services, case: Case) -> Mapping[str, Any]:
    graph = services.workflows.of(case).graph.copy(update={"checkpointer": CaseSaver(services.database.pool)})
    state = await graph.aget_state({"configurable": {"thread_id": case.id}})
    values: Mapping[str, Any] = state.values
    return values


def _asked(application: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The application with the amount that was edited since."""
    edited = known.get("facts", {}).get("loan_amount_cents")
    return {**application, **({"loan_amount_cents": edited["value"]} if edited else {})}


async def _calls(services: Services, case_id: str) -> list[dict[str, Any]]:
    lineage = (case_id, *await services.cases.ancestors(case_id))
    found = [
        each for source in lineage for each in await read_calls(services.database, services.vault, source)
    ]
    return [each for each in found if each["gateway"] == "tool" and each["response"] is not None]


def _results(
    calls: list[dict[str, Any]], findings: Mapping[str, Finding]
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The last answer of each tool, in the assignment whose finding stands."""
    streams = tuple(f"{finding.assignment}.{job}/" for job, finding in findings.items())
    mine = [each for each in calls if each["entry"].startswith(streams)]
    return {each["target"]: (each["entry"], each["response"]) for each in mine}


def _named(calls: list[dict[str, Any]], findings: Mapping[str, Finding]) -> dict[str, str]:
    """Every journal entry that a figure or flag of a standing finding names."""
    tools = {each["entry"]: each["target"] for each in calls}
    figures = {each.source for finding in findings.values() for each in finding.figures}
    sources = figures | {each.source for finding in findings.values() for each in finding.flags}
    return {source: tools[source] for source in sources if source in tools}


async def _signed(services: Services, request: ApprovalRequest) -> list[Signature]:
    decisions = await services.desk.decisions(request.id)
    return [
        Signature(each.person, each.verb.value, each.at.isoformat(timespec="minutes"), each.reason)
        for each in decisions
    ]
