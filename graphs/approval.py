"""The three nodes of a boundary: prepare opens the request at the desk, await only interrupts, record reads the desk.

The desk is the truth: a resume value is a wake-up and nothing more. Nothing happens before ``interrupt`` in
the waiting node, and it has no error handler, retry or timeout.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from langgraph.graph import StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict

from checkpoints.cases import Cases
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.case import CaseStatus
from domain.decision import Verb
from graphs.failure import STEP
from graphs.lease import lease_for
from graphs.services import services

SCHEMA_VERSION = 1
RESPONSE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decisions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"enum": ["approve", "edit", "reject"]},
                    "message": {"type": "string", "description": "why, in a sentence"},
                },
                "required": ["type"],
            },
        }
    },
}


class ApprovalState(TypedDict, total=False):
    """The part of a case graph's state that boundaries use."""

    pending: dict[str, Any]
    said: Any
    approvals: list[dict[str, Any]]


class Step(Protocol):
    """A node that boundaries add."""

    async def __call__(self, state: ApprovalState) -> dict[str, Any]:
        """Run it."""
        ...


Prepare = Callable[[Any], Awaitable[ApprovalRequest]]


@dataclass(frozen=True, slots=True)
class Boundary:
    """One boundary of a case graph: its name, how its request is made, and where the case goes afterwards."""

    name: str
    prepare: Prepare
    record: Callable[[Any, ApprovalRequest, Verb | None], Awaitable[dict[str, Any]]]
    route: Callable[[Any], str]
    destinations: tuple[str, ...]


def approval(builder: StateGraph[Any, Any, Any, Any], boundary: Boundary) -> None:
    """Add ``prepare_<name>``, ``await_<name>`` and ``record_<name>`` to a case graph."""
    names = [f"{step}_{boundary.name}" for step in ("prepare", "await", "record")]
    builder.add_node(names[0], _prepare(boundary), input_schema=builder.state_schema, **STEP)
    builder.add_node(names[1], _wait)
    builder.add_node(names[2], _record(boundary), input_schema=builder.state_schema, **STEP)
    builder.add_edge(names[0], names[1])
    builder.add_edge(names[1], names[2])
    waiting = names[1]

    def route(state: Any) -> str:
        return waiting if state.get("pending") else boundary.route(state)

    builder.add_conditional_edges(names[2], route, [waiting, *boundary.destinations])


def payload(request: ApprovalRequest) -> dict[str, Any]:
    """What the interrupt shows: renders with buttons in agent-chat-ui and agent-inbox."""
    requests = [
        {"name": each.name, "args": each.args, "arguments": each.args, "description": described(request)}
        for each in request.actions
    ]
    return {
        "action_requests": requests,
        "review_configs": [
            {"action_name": each.name, "allowed_decisions": ["approve", "edit", "reject"]}
            for each in request.actions
        ],
        "approval_id": request.id,
        "case_id": request.case_id,
        "digest": request.digest,
        "policy_version": request.policy_version,
        "candidate_groups": list(request.candidate_groups),
        "quorum": request.quorum,
        "due_at": request.due_at.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "response_schema": RESPONSE_SCHEMA,
    }


def described(request: ApprovalRequest) -> str:
    """The evidence packet as markdown."""
    packet = request.packet
    parts = [f"**{packet.asked}**"]
    for title, lines in (
        ("Exceptions", packet.exceptions),
        ("Missing", packet.missing),
        ("Judgements", packet.judgements),
        ("Policy rows", packet.policy_rows),
    ):
        if lines:
            parts.append(f"### {title}\n" + "\n".join(f"- {line}" for line in lines))
    figures = "\n".join(f"| {each.label} | {each.value} | `{each.source}` |" for each in packet.figures)
    parts.append(f"### Figures\n| figure | value | source |\n|---|---|---|\n{figures}")
    parts.append(f"*By approving:* {packet.attestation}")
    return "\n\n".join(parts)


def _prepare(boundary: Boundary) -> Step:
    async def prepare(state: ApprovalState) -> dict[str, Any]:
        request = await boundary.prepare(state)
        here = services()
        async with here.database.transaction(await lease_for(request.case_id)) as connection:
            await here.desk.open(connection, request)
            await Cases.set_status(connection, request.case_id, CaseStatus.WAITING_PERSON)
        shown = request if here.mode == "sandbox" else await here.desk.get(request.id)
        return {"pending": payload(shown)}

    return prepare


async def _wait(state: ApprovalState) -> dict[str, Any]:
    return {"said": interrupt(state["pending"])}


def _record(boundary: Boundary) -> Step:
    async def record(state: ApprovalState) -> dict[str, Any]:
        here = services()
        approval_id = state["pending"]["approval_id"]
        request = await here.desk.get(approval_id)
        decisions = await here.desk.decisions(approval_id)
        verb = decisions[-1].verb if decisions else None
        if here.mode == "sandbox":
            request, verb = _played(request, state.get("said"))
        if request.status in (ApprovalStatus.PENDING, ApprovalStatus.SIMULATED):
            return {"said": None}  # woken too early: wait again
        async with here.database.transaction(await lease_for(request.case_id)) as connection:
            await Cases.set_status(connection, request.case_id, CaseStatus.OPEN)
        entry = {
            "id": request.id,
            "boundary": boundary.name,
            "status": request.status.value,
            "verb": verb.value if verb else None,
        }
        update = await boundary.record(state, request, verb)
        return {"pending": {}, "said": None, "approvals": [*state.get("approvals", []), entry]} | update

    return record


def verb_of(said: Any) -> tuple[Literal["approve", "reject"], str] | None:
    """The answer in either shape: ``{"decisions": [{"type": …}]}`` or agent-inbox's ``[{"type": …, "args": …}]``."""
    given = said.get("decisions") if isinstance(said, dict) else said
    if not isinstance(given, list) or not given or not isinstance(given[0], dict):
        return None
    match given[0].get("type"):
        case "approve" | "accept":
            return "approve", str(given[0].get("message") or "approved")
        case "reject" | "ignore":
            return "reject", str(given[0].get("message") or given[0].get("args") or "rejected")
        case _:
            return None


def _played(request: ApprovalRequest, said: Any) -> tuple[ApprovalRequest, Verb | None]:
    """In the sandbox nothing can happen, so whoever plays there decides, and differently in every fork."""
    answer = verb_of(said)
    if answer is None:
        return request.model_copy(update={"status": ApprovalStatus.PENDING}), None
    status = ApprovalStatus.APPROVED if answer[0] == "approve" else ApprovalStatus.REJECTED
    return request.model_copy(update={"status": status}), Verb(answer[0])
