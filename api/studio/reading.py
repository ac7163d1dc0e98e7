"""Reads cases for the dev server's front from the checkpoints themselves, never through a graph that could run."""

from __future__ import annotations

from typing import Annotated, Any

from langgraph.types import StateSnapshot
from pydantic import Field

from api.http.access import Visit
from checkpoints.saver import CaseSaver
from domain.case import Case
from domain.identity import Record
from domain.person import AUDITORS
from graphs.services import Services

MOST_CASES = 200


class History(Record):
    """How far back to read."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 10


async def snapshot(services: Services, case: Case, checkpoint_id: str | None = None) -> StateSnapshot:
    """Where a case stands, or stood."""
    config = _config(case)
    if checkpoint_id is not None:
        config["configurable"]["checkpoint_id"] = checkpoint_id
    found: StateSnapshot = await _readable(services, case).aget_state(config)
    return found


async def history(services: Services, case: Case, asked: History) -> list[StateSnapshot]:
    """Every state of a case, newest first."""
    graph = _readable(services, case)
    return [each async for each in graph.aget_state_history(_config(case), limit=asked.limit)]


async def visible_cases(visiting: Visit) -> list[Case]:
    """One's own (all of them for auditors), and those in one's inbox; newest first."""
    services, person = visiting.services, visiting.person
    maker = None if AUDITORS in person.groups else person.id
    found = {case.id: case for case in await services.cases.newest(maker, MOST_CASES)}
    for request in await services.desk.inbox(person, MOST_CASES):
        found.setdefault(request.case_id, await services.cases.get(request.case_id))
    return sorted(found.values(), key=lambda case: case.opened_at, reverse=True)


def _readable(services: Services, case: Case) -> Any:
    """The case's graph over a saver without a lease: Postgres itself refuses its writes."""
    return services.workflows.of(case).graph.copy(update={"checkpointer": CaseSaver(services.database.pool)})


def _config(case: Case) -> dict[str, Any]:
    return {"configurable": {"thread_id": case.id}}
