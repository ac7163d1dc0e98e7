"""Forks: a what-if copy of a case from one of its moments, as a case of its own that is marked a simulation.

Reads the original without a lease and writes to the copy only. The copy reads through to its parent's journal
and records; nobody is asked about it, standing authority is not used for it, and effects refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langgraph.types import StateSnapshot

from audit.events import CaseForked, CaseOpened
from checkpoints.database import Connection
from checkpoints.lease import take
from checkpoints.ledger import OPS
from checkpoints.saver import CaseSaver
from domain.case import Case, CaseStatus
from domain.errors import Conflict
from domain.finding import Fact
from domain.person import Person
from graphs.catalog import case_graph
from graphs.services import Services
from graphs.time_machine.moments import at_moment, snapshots
from graphs.time_machine.supposing import Supposed, suppose
from graphs.worker import book_of

FORGOTTEN: dict[str, Any] = {  # what a copy must find out again
    "plan": {},
    "assignments": [],
    "awaiting": [],
    "pending": {},
    "said": None,
    "decision": {},
    "standing": None,
    "authorised": [],
    "effects": [],
    "unmet": [],
    "held": {},
    "shut": {},
    "releases": {},
    "missing": [],
    "outcome": None,
}
GOES_ON_AFTER = {"register_review": "review", "policy_change": "weigh"}  # by graph; the supervisor plans anew


@dataclass(frozen=True, slots=True)
class WhatIf:
    """From which moment of which case, and what is supposed instead."""

    parent: Case
    number: int
    changes: dict[str, Fact]


async def fork(
    services: Services, person: Person, case_id: str, number: int, changes: dict[str, Fact]
) -> Case:
    """A what-if copy from one moment with some facts changed; it is planned and decided anew from there.

    Everything that rests on a changed fact is found out again; everything else is taken from the original,
    whose answers are recalled and not asked for again. A runner moves the copy to its next boundary or end.

    Raises:
        BadInput: a fact that was not known then or is a term of the application, or a value it cannot have.
        Conflict: the case was not opened by a runner yet.
        NotFound: no such case or moment, or its key was destroyed.
    """
    parent = await services.cases.get(case_id)
    found = await snapshots(services, parent)
    at_moment(found, number, case_id)
    inputs = (await book_of(case_id)).decision.inputs
    start = suppose(_first_known(found[number - 1 :], case_id), Supposed(changes, inputs))
    start |= FORGOTTEN | {"hours": _hours(found)}
    application = await services.cases.application(case_id)
    async with services.database.transaction() as connection:
        copy = _copy(parent, person, await services.cases.count_forks(connection, case_id) + 1)
        await _begin(services, copy, start)
        await services.vault.open_case(connection, copy.id, key_of=case_id)
        await services.cases.insert(connection, copy, application)
        await _recorded(services, connection, copy, WhatIf(parent, number, changes))
        await services.jobs.defer_advance(connection, copy.id)
    return copy


def _first_known(found: list[StateSnapshot], case_id: str) -> dict[str, Any]:
    """The state of the moment, or of the first after it at which the case was opened: nothing is known before."""
    for each in found:
        if "facts" in each.values:
            return dict(each.values)
    raise Conflict(f"case {case_id} knows nothing yet: fork it when it was opened")


def _hours(found: list[StateSnapshot]) -> dict[str, str]:
    """When the original did each round; a copy of a copy keeps what it was given."""
    hours: dict[str, str] = {}
    for each in found:
        hours |= each.values.get("hours", {})
        hours |= {
            str(each.values["plan"]["round"]): given["as_of"] for given in each.values.get("assignments", ())
        }
    return hours


def _copy(parent: Case, person: Person, n: int) -> Case:
    return parent.model_copy(
        update={
            "id": f"{parent.id}-fork-{n}",
            "status": CaseStatus.OPEN,
            "maker": person.id,
            "simulation": True,
            "parent": parent.id,
            "outcome": None,
        }
    )


async def _begin(services: Services, copy: Case, start: dict[str, Any]) -> None:
    """Write the copy's first checkpoint, before its row: a thread without a case is nothing to anybody."""
    lease = await take(services.database, copy.id, "fork", services.clock)
    saver = CaseSaver(services.database.pool, lease)
    await saver.adelete_thread(copy.id)  # of a fork that failed half-way under the same number
    graph = case_graph(copy.kind).copy(update={"checkpointer": saver})
    await begin(graph, {"configurable": {"thread_id": copy.id}}, start | {"case_id": copy.id})


async def begin(graph: Any, config: dict[str, Any], start: dict[str, Any]) -> None:
    """Write the first checkpoint of a copy, so that it goes on from there."""
    await graph.aupdate_state(config, start, as_node=GOES_ON_AFTER.get(graph.name, "collect_findings"))


async def _recorded(services: Services, connection: Connection, copy: Case, what_if: WhatIf) -> None:
    """On the copy's own ledger and among operations; the original's ledger does not move."""
    opened = CaseOpened(
        case_kind=copy.kind,
        policy_version=copy.policy_version,
        application_date=copy.application_date.isoformat(),
        content_digest=copy.content_digest,
        parent=what_if.parent.id,
    )
    forked = CaseForked(fork=copy.id, moment=what_if.number, changes=what_if.changes)
    await services.ledger.append(connection, copy.id, "intake", opened, copy.maker)
    await services.ledger.append(connection, copy.id, "fork", forked, copy.maker)
    await services.ledger.append(connection, OPS, copy.id, forked, copy.maker)
