"""The three nodes of a boundary: prepare opens the request at the desk, await only interrupts, record reads the desk.

The desk is the truth: a resume value is a wake-up and nothing more. Nothing happens before ``interrupt`` in
the waiting node, and it has no error handler, retry or timeout.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from langgraph.graph import StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict

from checkpoints.cases import Cases
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.case import CaseStatus
from domain.decision import Verb
from domain.errors import BadInput
from graphs.failure import STEP
from graphs.lease import lease_for
from graphs.said import Said, said
from graphs.services import services

SCHEMA_VERSION = 1
PLAYED = {
    Verb.APPROVE: ApprovalStatus.APPROVED,
    Verb.REJECT: ApprovalStatus.REJECTED,
    Verb.EDIT: ApprovalStatus.EDITED,
    Verb.RETURN: ApprovalStatus.RETURNED,
}
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
                    "edited_action": {
                        "type": "object",
                        "description": "for edit: the action with its changed arguments",
                        "properties": {"name": {"type": "string"}, "args": {"type": "object"}},
                        "required": ["name", "args"],
                    },
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
        "editable": list(request.editable),
        "quorum": request.quorum,
        "due_at": request.due_at.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "response_schema": RESPONSE_SCHEMA,
    }


def described(request: ApprovalRequest) -> str:
    """The evidence packet as markdown."""
    packet = request.packet
    parts = [f"**{packet.asked}**", *([packet.account] if packet.account else [])]
    for title, lines in (
        ("Exceptions", packet.exceptions),
        ("Dissent", packet.dissent),
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
            request, verb = _played(request, state)
        elif request.status is ApprovalStatus.SIMULATED:
            request, verb = _supposed(request, state)
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


async def edits_of(state: Any, request: ApprovalRequest) -> tuple[str, Mapping[str, int]]:
    """Who edited a request, and which arguments: as the desk holds it; in the sandbox, as it was played."""
    if services().mode == "sandbox":
        played = _answer(request, state)
        return "sandbox", played.edits if played else {}
    decisions = await services().desk.decisions(request.id)
    (edit,) = [each for each in decisions if each.verb is Verb.EDIT]  # it settles; others may have approved
    return edit.person, edit.edits


def supposes(state: Mapping[str, Any], boundary: str) -> Verb | None:
    """What a what-if copy supposes that people decide at a boundary."""
    verb = state.get("supposed", {}).get("decisions", {}).get(boundary)
    return Verb(verb) if verb else None


def _supposed(request: ApprovalRequest, state: Any) -> tuple[ApprovalRequest, Verb | None]:
    """In a what-if copy nobody is asked; what it supposes of this boundary is taken as decided."""
    verb = supposes(state, request.boundary)
    if verb is None:
        return request, None
    status = ApprovalStatus.REJECTED if verb is Verb.REJECT else ApprovalStatus.APPROVED
    return request.model_copy(update={"status": status}), verb


def _played(request: ApprovalRequest, state: ApprovalState) -> tuple[ApprovalRequest, Verb | None]:
    """In the sandbox nothing can happen, so whoever plays there decides, and differently in every fork."""
    answer = _answer(request, state)
    if answer is None:
        return request.model_copy(update={"status": ApprovalStatus.PENDING}), None
    return request.model_copy(update={"status": PLAYED[answer.verb]}), answer.verb


def _answer(request: ApprovalRequest, state: Any) -> Said | None:
    """What was played; nothing when it is no answer, or edits what may not be edited: then it is asked again."""
    try:
        answer = said(state.get("said"), state["pending"])
    except BadInput:
        return None
    return answer if set(answer.edits) <= set(request.editable) else None
