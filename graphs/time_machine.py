"""Moments of a case: list them in plain words, show what was known at one, fork a what-if copy from it.

Reads checkpoints without a lease, so it cannot write to the original. A fork is a case of its own, marked as a
simulation: it reads through to its parent's journal and records, nobody is asked about it, and effects refuse.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from langgraph.types import StateSnapshot

from audit.events import CaseForked, CaseOpened
from checkpoints.lease import take
from checkpoints.ledger import OPS
from checkpoints.saver import CaseSaver
from domain.case import Case, CaseStatus
from domain.errors import BadInput, NotFound
from domain.finding import Fact
from domain.person import Person
from graphs.catalog import case_graph
from graphs.services import Services
from graphs.supervisor.state import KnownFact

WHAT_IF = "what-if"
FORGOTTEN: dict[str, Any] = {  # what a fork must find out again
    "plan": {},
    "assignments": [],
    "awaiting": [],
    "pending": {},
    "said": None,
    "decision": {},
    "standing": None,
    "authorised": [],
    "effects": [],
    "missing": [],
    "outcome": None,
}
RESUMES_AFTER = {"register_review": "review"}  # by graph; the supervisor plans anew
DONE = {
    "__start__": "The application arrived",
    "open_case": "The case was opened: what is asked, and what the customer file spares",
    "plan_round": "The supervisor planned",
    "mortgage": "Mortgage specialists worked",
    "kyc": "KYC specialists worked",
    "credit": "Credit specialists worked",
    "collect_findings": "Findings were taken against their receipts",
    "request_records": "Missing records were asked for",
    "await_records": "The case was woken",
    "record_arrival": "What had arrived was looked at",
    "decide": "Policy decided",
    "use_standing_authority": "Standing authority was considered",
    "settle": "Effects were performed and read back",
    "close": "The case was closed",
    "refer": "The case was referred to a person",
    "prepare_compliance": "Compliance was asked",
    "await_compliance": "The case was woken by the desk",
    "record_compliance": "What compliance decided was read from the desk",
    "prepare_offer": "Approvers were asked to countersign",
    "await_offer": "The case was woken by the desk",
    "record_offer": "What approvers decided was read from the desk",
    "review": "The register was reviewed",
    "prepare_exceptions": "Compliance was asked about all exceptions",
    "await_exceptions": "The case was woken by the desk",
    "record_exceptions": "What compliance decided was read from the desk",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One checkpoint: what had just been done, what was known, what came next."""

    number: int  # from 1
    at: str
    done: str
    next: tuple[str, ...]


async def history(services: Services, case_id: str) -> list[Moment]:
    """Every moment of a case, oldest first."""
    snapshots = await _snapshots(services, case_id)
    return [_moment(n, snapshots) for n in range(1, len(snapshots) + 1)]


async def show(services: Services, case_id: str, number: int) -> dict[str, Any]:
    """What was known at one moment: facts with sources, findings, decision, what was waited for."""
    snapshots = await _snapshots(services, case_id)
    known = _at(snapshots, number, case_id).values
    findings = {job: each["finding"] for job, each in known.get("findings", {}).items()}
    return {
        "moment": asdict(_moment(number, snapshots)),
        "facts": known.get("facts", {}),
        "findings": findings,
        "gaps": [gap for finding in findings.values() for gap in finding["gaps"]],
        "decision": known.get("decision") or None,
        "waiting_for": known.get("pending") or None,
        "outcome": known.get("outcome"),
    }


async def fork(
    services: Services, person: Person, case_id: str, number: int, changes: dict[str, Fact]
) -> Case:
    """A what-if copy from one moment with some facts changed; it is planned and decided anew from there.

    Raises:
        BadInput: a fact that was not known then, or a value of another type.
        NotFound: no such moment.
    """
    parent = await services.cases.get(case_id)
    known = dict(_at(await _snapshots(services, case_id), number, case_id).values)
    known |= FORGOTTEN | {"facts": _changed(known.get("facts", {}), changes)}
    copy = await _opened(services, person, parent, number, changes)
    lease = await take(services.database, copy.id, "fork", services.clock)
    graph = case_graph(copy.kind).copy(update={"checkpointer": CaseSaver(services.database.pool, lease)})
    config = {"configurable": {"thread_id": copy.id}}
    after = RESUMES_AFTER.get(graph.name, "collect_findings")
    await graph.aupdate_state(config, known | {"case_id": copy.id}, as_node=after)
    async with services.database.transaction() as connection:
        await services.jobs.defer_advance(connection, copy.id)
    return copy


async def _opened(
    services: Services, person: Person, parent: Case, number: int, changes: dict[str, Fact]
) -> Case:
    application = await services.cases.application(parent.id)
    async with services.database.transaction() as connection:
        n = await services.cases.count_forks(connection, parent.id) + 1
        copy = parent.model_copy(
            update={
                "id": f"{parent.id}-fork-{n}",
                "status": CaseStatus.OPEN,
                "maker": person.id,
                "simulation": True,
                "parent": parent.id,
                "outcome": None,
            }
        )
        await services.vault.open_case(connection, copy.id, key_of=parent.id)
        await services.cases.insert(connection, copy, application)
        opened = CaseOpened(
            case_kind=copy.kind,
            policy_version=copy.policy_version,
            application_date=copy.application_date.isoformat(),
            content_digest=copy.content_digest,
            parent=parent.id,
        )
        await services.ledger.append(connection, copy.id, "intake", opened, person.id)
        forked = CaseForked(fork=copy.id, moment=number, changes=changes)
        await services.ledger.append(connection, OPS, copy.id, forked, person.id)
    return copy


async def _snapshots(services: Services, case_id: str) -> list[StateSnapshot]:
    case = await services.cases.get(case_id)
    graph = case_graph(case.kind).copy(update={"checkpointer": CaseSaver(services.database.pool)})
    config = {"configurable": {"thread_id": case_id}}
    return [each async for each in graph.aget_state_history(config)][::-1]


def _at(snapshots: list[StateSnapshot], number: int, case_id: str) -> StateSnapshot:
    if not 1 <= number <= len(snapshots):
        raise NotFound(f"case {case_id} has moments 1 to {len(snapshots)}")
    return snapshots[number - 1]


def _moment(number: int, snapshots: list[StateSnapshot]) -> Moment:
    here = snapshots[number - 1]
    before = [task.name for task in snapshots[number - 2].tasks] if number > 1 else ["__start__"]
    done = "; ".join(dict.fromkeys(DONE.get(name, name) for name in before))
    return Moment(number, str(here.created_at), done + _more(before, here.values), tuple(here.next))


def _more(done: list[str], known: dict[str, Any]) -> str:
    if "decide" in done and known.get("decision"):
        return f": {known['decision']['outcome']} (rows {', '.join(known['decision']['rows_hit'])})"
    if "plan_round" in done and known.get("assignments"):
        return ": " + ", ".join(
            f"{each['worker']} ({', '.join(each['specialists'])})" for each in known["assignments"]
        )
    if done[0].startswith("record_") and known.get("approvals"):
        return f": {known['approvals'][-1]['status']}"
    return ""


def _changed(facts: dict[str, KnownFact], changes: dict[str, Fact]) -> dict[str, KnownFact]:
    for name, value in changes.items():
        if name not in facts:
            raise BadInput(
                f"{name} was not known at that moment",
                field=name,
                remedy=f"one of {', '.join(sorted(facts))}",
            )
        if type(value) is not type(facts[name]["value"]):
            kind = type(facts[name]["value"]).__name__
            raise BadInput(
                f"a value of type {kind} is expected", field=name, remedy=f"as in {facts[name]['value']!r}"
            )
    return facts | {
        name: KnownFact(value=value, unit=facts[name]["unit"], source=WHAT_IF)
        for name, value in changes.items()
    }
