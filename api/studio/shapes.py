"""How cases look in the dev server's protocol: threads, states, events. Pure; the words are the SDK's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from langgraph.types import Interrupt, StateSnapshot

from api.studio.watching import Part
from domain.case import Case, CaseStatus
from graphs.catalog import case_graph

STATUS = {
    CaseStatus.OPEN: "busy",
    CaseStatus.WAITING_PERSON: "interrupted",
    CaseStatus.WAITING_EVENT: "interrupted",
    CaseStatus.CLOSED: "idle",
    CaseStatus.REFERRED: "idle",
}


def thread(case: Case, snapshot: StateSnapshot | None = None) -> dict[str, Any]:
    """A case as a thread; with its values and interrupts when its state is given."""
    opened = case.opened_at.isoformat()
    body: dict[str, Any] = {
        "thread_id": case.id,
        "created_at": opened,
        "updated_at": snapshot.created_at if snapshot and snapshot.created_at else opened,
        "metadata": {"graph_id": case_graph(case.kind).name, "case_kind": case.kind, "outcome": case.outcome},
        "status": STATUS[case.status],
        "config": {},
    }
    if snapshot is None:
        return body
    asked = {task.id: [_interrupt(each) for each in task.interrupts] for task in snapshot.tasks}
    interrupts = {task: found for task, found in asked.items() if found}
    return body | {"values": snapshot.values, "interrupts": interrupts}


def run_of(case_id: str) -> str:
    """The id of a case's run: it has one, its advance, whoever woke it."""
    return f"case:{case_id}"


def run(case: Case, *, moving: bool) -> dict[str, Any]:
    """The advance of a case as a run; an interrupted one has ended, look at its thread for what it asks."""
    opened = case.opened_at.isoformat()
    graph = case_graph(case.kind).name
    return {
        "run_id": run_of(case.id),
        "thread_id": case.id,
        "assistant_id": graph,
        "created_at": opened,
        "updated_at": opened,
        "status": "running" if moving else "success",
        "metadata": {"graph_id": graph},
        "multitask_strategy": "reject",
    }


def state(snapshot: StateSnapshot) -> dict[str, Any]:
    """A state of a thread."""
    return {
        "values": snapshot.values,
        "next": list(snapshot.next),
        "tasks": [
            {
                "id": task.id,
                "name": task.name,
                "path": list(task.path),
                "error": None if task.error is None else str(task.error),
                "interrupts": [_interrupt(each) for each in task.interrupts],
                "checkpoint": None,
                "state": None,
                "result": task.result,
            }
            for task in snapshot.tasks
        ],
        "metadata": snapshot.metadata,
        "created_at": snapshot.created_at,
        "checkpoint": _checkpoint(snapshot.config),
        "parent_checkpoint": _checkpoint(snapshot.parent_config),
        "interrupts": [_interrupt(each) for each in snapshot.interrupts],
    }


def outcome(snapshot: StateSnapshot) -> dict[str, Any]:
    """What a run answers with: the values, and what is asked now."""
    values = dict(snapshot.values)
    if snapshot.interrupts:
        values["__interrupt__"] = [_interrupt(each) for each in snapshot.interrupts]
    return values


def event(part: Part) -> bytes:
    """One server-sent event; parts of worker graphs carry their namespace as core's do."""
    return told("|".join((part.mode, *part.namespace)), part.body)


def told(name: str, body: Any) -> bytes:
    """A server-sent event."""
    return f"event: {name}\ndata: {json.dumps(body, default=_interrupt)}\n\n".encode()


def _interrupt(found: Interrupt) -> dict[str, Any]:
    if not isinstance(found, Interrupt):
        raise TypeError(f"a state holds plain JSON only, not {type(found).__qualname__}")
    return {"id": found.id, "value": found.value}


def _checkpoint(config: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not config or not config["configurable"].get("checkpoint_id"):
        return None
    names = ("thread_id", "checkpoint_ns", "checkpoint_id")
    return {name: config["configurable"].get(name, "") for name in names}
