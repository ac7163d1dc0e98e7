"""Waits for source records: opens the wait, interrupts, and looks again at what has arrived.

The other waits of a case but for people interrupt here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from langgraph.types import interrupt

from audit.events import EventAwaited
from checkpoints.cases import Cases
from checkpoints.timers import Timers
from domain.case import CaseStatus
from graphs.lease import lease_for
from graphs.recording import moment
from graphs.services import services
from graphs.supervisor.asking import ask_applicant, asking_ended, letter_to_applicant
from graphs.supervisor.known import known, standing
from graphs.supervisor.planning import Known
from graphs.supervisor.rules import asked_for, named
from graphs.supervisor.state import CaseState


async def request_records(state: CaseState) -> dict[str, Any]:
    """Writes down what is awaited and until when; sets the timer that ends the waiting. May run again."""
    here, kinds = await standing(state), state["awaiting"]
    days = max(here.book.rules.waits[kind] for kind in kinds)
    name = _timer(kinds, state)
    until = await moment(here.case.id, name) + timedelta(days=days)
    asked = await letter_to_applicant(here, name, kinds, until)
    async with services().database.transaction(await lease_for(here.case.id)) as connection:
        await Timers.set(connection, here.case.id, name, until)
        event = EventAwaited(needs=tuple(kinds), until=until.date().isoformat())
        await services().ledger.append(connection, here.case.id, name, event)
        await ask_applicant(connection, asked)
        await Cases.set_status(connection, here.case.id, CaseStatus.WAITING_EVENT)
    looked = state.get("looked", {})  # what comes between planning and waiting wakes the case too
    pending = {
        "awaits": {kind: looked.get(kind, 0) for kind in kinds},
        "timer": name,
        "until": until.isoformat(),
        "case_id": here.case.id,
    }
    return {"pending": pending}


async def await_records(state: CaseState) -> dict[str, Any]:
    """Only waits; what wakes it is not looked at."""
    interrupt(state["pending"])
    return {}


async def await_conditions(state: CaseState) -> dict[str, Any]:
    """Only waits; what wakes it is not looked at."""
    interrupt(state["pending"])
    return {}


async def await_opening(state: CaseState) -> dict[str, Any]:
    """Only waits; what wakes it is not looked at."""
    interrupt(state["pending"])
    return {}


async def record_arrival(state: CaseState) -> dict[str, Any]:
    """Looks at the warehouse and the timer, not at the wake-up. May run again."""
    case_id, pending = state["case_id"], state["pending"]
    seen = await known(state)
    over = await services().timers.fired(case_id, pending["timer"])
    if not over and not more_than(pending["awaits"], seen.arrived):
        return {}
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await asking_ended(connection, case_id, pending["timer"], answered=not over)
        await Cases.set_status(connection, case_id, CaseStatus.OPEN)
    waited = sorted({*state.get("waited", ()), *(pending["awaits"] if over else ())})
    return {"pending": {}, "awaiting": [], "waited": waited, "rules_used": await _answered(state, seen)}


def route_after_arrival(state: CaseState) -> str:
    """On with the plan, or wait again when the wake-up came too early."""
    return "await_records" if state.get("pending") else "plan_round"


def more_than(before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether anything that was waited for has arrived since."""
    return any(now.get(kind, 0) > count for kind, count in before.items())


async def _answered(state: CaseState, seen: Known) -> dict[str, int]:
    """Uses of the book's rules, counting those whose record came: it is asked for again at most as they say."""
    before = state["pending"]["awaits"]
    came = {kind for kind, count in before.items() if seen.arrived.get(kind, 0) > count}
    rules = asked_for((await standing(state)).book.rules.replan, seen)
    answered = {named(rule): seen.used.get(named(rule), 0) + 1 for rule in rules if rule.ask_for in came}
    return {**seen.used, **answered}


def _timer(kinds: list[str], state: CaseState) -> str:
    return f"await/{state['round']}/{'+'.join(kinds)}"
