"""An authorised effect that may not happen yet: the case sleeps by a timer and settles when it may.

Where the book lets people release it before, a request of the boundary ``release`` lies at the desk meanwhile; it is
no step of the case, and comes off the desk when the time has come. Nothing is performed here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from langgraph.graph import StateGraph

from audit.events import EventAwaited
from checkpoints.cases import Cases
from checkpoints.timers import Timers
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.case import CaseStatus
from domain.decision import Verb
from graphs.failure import STEP
from graphs.lease import lease_for
from graphs.services import services
from graphs.supervisor.releasing import and_by, asked
from graphs.supervisor.state import CaseState
from graphs.supervisor.waiting import await_opening
from policies.bounds import RELEASES


def waits_for_opening(builder: StateGraph[Any, Any, Any, Any]) -> None:
    """Add the three steps between a settlement that may not go on yet and its next attempt."""
    builder.add_node("request_opening", request_opening, **STEP)
    builder.add_node("await_opening", await_opening)
    builder.add_node("record_opening", record_opening, **STEP)
    builder.add_edge("request_opening", "await_opening")
    builder.add_edge("await_opening", "record_opening")
    builder.add_conditional_edges("record_opening", route_after_opening)


async def request_opening(state: CaseState) -> dict[str, Any]:
    """Writes down what waits until when, sets the timer, and puts an early release before people. May run again."""
    case_id, shut, here = state["case_id"], state["shut"], services()
    name = f"opening/{shut['order'][:12]}/{shut['until']}"
    request = await asked(state, shut) if shut["measures"] else None
    async with here.database.transaction(await lease_for(case_id)) as connection:
        await Timers.set(connection, case_id, name, datetime.fromisoformat(shut["until"]))
        event = EventAwaited(needs=(f"opening for {shut['effect']}",), until=shut["until"])
        await here.ledger.append(connection, case_id, name, event)
        if request is not None:
            await here.desk.open(connection, request)
        await Cases.set_status(connection, case_id, CaseStatus.WAITING_EVENT)
    waits = {"case_id": case_id, "awaits": {}, "timer": name, "until": shut["until"]}
    release = {"release": request.id} if request is not None else {}
    return {"pending": waits | release | {"effect": shut["effect"], "reason": shut["reason"]}}


async def record_opening(state: CaseState) -> dict[str, Any]:
    """Looks at the desk and at the timer, not at the wake-up. May run again.

    Who does not release it before its time leaves it waiting: it is not refused.
    """
    case_id, pending, here = state["case_id"], state["pending"], services()
    over = await here.timers.fired(case_id, pending["timer"])
    request = await here.desk.get(pending["release"]) if "release" in pending else None
    answered = request is not None and request.status is not ApprovalStatus.PENDING
    if not over and not answered:
        return {}
    let_go = request is not None and await _let_go(request)
    async with here.database.transaction(await lease_for(case_id)) as connection:
        if request is not None and not answered:
            await here.desk.withdraw(connection, request, "the time has come for what it asks about")
        if over or let_go:
            await Cases.set_status(connection, case_id, CaseStatus.OPEN)
    update = _asked(state, request)
    if let_go and request is not None:
        update |= {"releases": and_by(state, state["shut"]["order"], request.id)}
    if over or let_go:
        return update | {"pending": {}, "shut": {}}
    return update | {"pending": {name: each for name, each in pending.items() if name != "release"}}


def route_after_opening(state: CaseState) -> Literal["await_opening", "settle"]:
    """To settlement, or wait on when the wake-up came too early."""
    return "await_opening" if state.get("pending") else "settle"


async def _let_go(request: ApprovalRequest) -> bool:
    said = await services().desk.decisions(request.id)
    return request.status is ApprovalStatus.APPROVED and {each.verb for each in said} == {Verb.APPROVE}


def _asked(state: CaseState, request: ApprovalRequest | None) -> dict[str, Any]:
    """The request among the case's, so that the next one has another number."""
    if request is None:
        return {}
    entry = {"id": request.id, "boundary": RELEASES, "status": request.status.value, "verb": None}
    return {"approvals": [*state.get("approvals", ()), entry]}
