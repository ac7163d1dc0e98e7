"""Conditions of an approval: opened when it is countersigned, tracked until each is met by an event from outside.

Effects that wait for conditions are not settled before. A record that meets a condition, or comes before the last
one is met, and that specialists read is evidence: they look again, policy decides again, and people countersign
what then stands. What is not
met in the book's time goes to a person.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from audit.events import EventAwaited
from audit.supervision import ConditionMet, ConditionsExpired, ConditionsOpened
from checkpoints.cases import Cases
from checkpoints.conditions import PERSON, Condition, Conditions, Opening
from checkpoints.timers import Timers
from domain.case import CaseStatus
from graphs.lease import lease_for
from graphs.recording import moment, record
from graphs.services import services
from graphs.supervisor.known import Standing, arrived_by, decision, known, standing
from graphs.supervisor.learning import look_again
from graphs.supervisor.planning import jobs_of
from graphs.supervisor.reopening import overtaken
from graphs.supervisor.state import CaseState
from graphs.supervisor.waivers import apply_waivers, drop_waivers
from policies.bounds import RELEASES

CONFIRMED = "condition_met"  # the kind of record that meets a condition for a person


async def open_conditions(state: CaseState) -> dict[str, Any]:
    """Tracks the conditions of an approval that was just countersigned or granted. May run again."""
    here = await standing(state)
    codes = decision(state).condition_codes if state.get("outcome") == "approved" else ()
    approval, arrived = _approval(state), await arrived_by(state)
    now = await moment(here.case.id, f"conditions/{approval}")
    due = now + timedelta(days=here.book.rules.conditions_within_days)
    opening = Opening(here.case.id, approval, now, due, arrived)
    async with services().database.transaction(await lease_for(here.case.id)) as connection:
        for code in codes:
            await Conditions.open(connection, _condition(here, code), opening)
        if codes:
            event = ConditionsOpened(conditions=codes, approval=approval, due=due.date().isoformat())
            await services().ledger.append(connection, here.case.id, f"conditions/{approval}", event)
    await _meet(state)  # some may be confirmed already
    return {"unmet": await _unmet(state), "looked": arrived}


async def request_conditions(state: CaseState) -> dict[str, Any]:
    """Waits for what meets the open conditions, until the first of them is due. May run again."""
    case_id = state["case_id"]
    rows = [row for row in await services().conditions.of_case(case_id) if row["code"] in state["unmet"]]
    until = min(row["due_at"] for row in rows)
    kinds = sorted({CONFIRMED if row["satisfied_by"] == PERSON else row["satisfied_by"] for row in rows})
    name = f"conditions/{_approval(state)}"
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await Timers.set(connection, case_id, name, until)
        event = EventAwaited(needs=tuple(kinds), until=until.date().isoformat())
        await services().ledger.append(connection, case_id, f"{name}/{'+'.join(kinds)}", event)
        await Cases.set_status(connection, case_id, CaseStatus.WAITING_EVENT)
    awaits = {kind: state["looked"].get(kind, 0) for kind in kinds}
    waits = {"awaits": awaits, "timer": name, "until": until.isoformat(), "case_id": case_id}
    return {"pending": waits | {"conditions": [row["code"] for row in rows]}}


async def record_conditions(state: CaseState) -> dict[str, Any]:
    """Looks at records and timer: marks what is met, lets specialists look again, or gives up. May run again."""
    case_id, pending = state["case_id"], state["pending"]
    looked = await arrived_by(state)  # before what it means: what comes in between is looked at next time
    await _meet(state)
    unmet = await _unmet(state)
    if unmet and await services().timers.fired(case_id, pending["timer"]):
        return await _expired(case_id, pending["timer"], unmet)
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await Cases.set_status(connection, case_id, CaseStatus.OPEN)
    read_again = await _evidence(state, unmet)
    return {"pending": {}, "unmet": unmet, "looked": looked} | read_again


def route_after_conditions(state: CaseState) -> str:
    """To settlement, to wait on, back to work on new evidence, or to a person."""
    if state.get("missing"):
        return "refer"
    if not state.get("authorised"):
        return "plan_round"
    return "request_conditions" if state.get("unmet") else "settle"


async def _meet(state: CaseState) -> None:
    """Mark what is met by now, and what others countersigned to be done without."""
    case_id = state["case_id"]
    for row in await services().conditions.of_case(case_id):
        event_id = None if row["met_at"] else await services().conditions.met_by(row)
        if event_id is None:
            continue
        async with services().database.transaction(await lease_for(case_id)) as connection:
            await Conditions.meet(connection, row, event_id, services().clock.now())
            event = ConditionMet(condition=row["code"], stage=row["stage"], met_by=event_id)
            await services().ledger.append(connection, case_id, f"condition/{row['code']}", event)
    await apply_waivers(case_id)
    await drop_waivers(case_id, "the condition that it is about is open no more")


async def _evidence(state: CaseState, unmet: list[str]) -> dict[str, Any]:
    """What is found out again because a record that met a condition is evidence; nothing when none is.

    Met since the last checkpoint, so that a step that runs again finds the same. When nothing is open any more,
    evidence that came meanwhile and meets no condition is looked at too, before anything is settled on it.
    """
    here = await standing(state)
    jobs = jobs_of(here.book)
    done = {code for code in state["unmet"] if code not in unmet} - await _waived(here.case.id)
    met = [here.book.rules.conditions[code].satisfied_by for code in sorted(done)]
    readers = {kind: frozenset(each.job for each in jobs if kind in each.records) for kind in met}
    late = {} if unmet else overtaken(jobs, await known(state, here.beyond))
    readers = {kind: due for kind, due in {**late, **readers}.items() if due}
    if not readers:
        return {}
    learnt = look_again(state, jobs, readers)
    for key, event in learnt.events:
        await record(here.case.id, key, event)
    return learnt.update | {"authorised": [], "outcome": None, "standing": None}


async def _waived(case_id: str) -> set[str]:
    """Conditions that nothing met: no evidence came with them."""
    return {row["code"] for row in await services().conditions.of_case(case_id) if row["waived"]}


async def _expired(case_id: str, timer: str, unmet: list[str]) -> dict[str, Any]:
    await drop_waivers(case_id, "the time for the conditions is over", unmet)
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await services().ledger.append(connection, case_id, timer, ConditionsExpired(conditions=tuple(unmet)))
        await Cases.set_status(connection, case_id, CaseStatus.OPEN)
    said = [f"the condition {code} of the approval was not met in time" for code in unmet]
    return {"pending": {}, "unmet": unmet, "missing": said}


async def _unmet(state: CaseState) -> list[str]:
    """Conditions of the decision as it stands that are not met; those of an earlier one do not count any more."""
    codes = decision(state).condition_codes
    rows = await services().conditions.of_case(state["case_id"])
    return [row["code"] for row in rows if row["met_at"] is None and row["code"] in codes]


def _condition(here: Standing, code: str) -> Condition:
    row = here.book.rules.conditions[code]
    return Condition(code, row.text, row.stage, row.satisfied_by)


def _approval(state: CaseState) -> str:
    """What the conditions hang on: the newest approval of the offer, or the use of standing authority."""
    approvals = [each for each in state.get("approvals", ()) if each["boundary"] != RELEASES]
    return str(state.get("standing") or (approvals[-1]["id"] if approvals else "none"))
