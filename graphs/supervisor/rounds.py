"""One round of work: propose a plan, check it, hand it out, take findings back against their receipts."""

from __future__ import annotations

from typing import Any, Literal

from langgraph.errors import NodeError
from langgraph.types import Command, Send

from agents.build import run_detached
from audit.events import HandOffRejected, PlanAuthorised, PlanProposed, PlanRefused
from domain.assignment import Plan
from domain.finding import Finding, Receipt
from graphs.credit.graph import graph as credit_graph
from graphs.failure import pass_on
from graphs.kyc.graph import graph as kyc_graph
from graphs.mandates import Setting, assignment
from graphs.mortgage.graph import graph as mortgage_graph
from graphs.recording import record
from graphs.services import services
from graphs.supervisor import replanning
from graphs.supervisor.known import Standing, arrived_by, fact, facts, holds, hour_of, known, standing
from graphs.supervisor.planning import Known, awaitable, propose, violations
from graphs.supervisor.state import WHAT_IF, CaseState, KnownFact, Returned
from graphs.worker import Delegated, HandOff, plain

Route = Literal["request_records", "prepare_compliance", "decide", "refer"]


async def plan_round(state: CaseState) -> dict[str, Any]:
    """Reads facts, findings and book; writes the next plan and its assignments.

    May run again: nothing was handed out before its checkpoint, and its events are appended once.
    """
    here, seen = await standing(state), await known(state)
    number = state["round"] + 1
    if holds(state) and state.get("reviewed") is None:
        return {"plan": {}, "assignments": [], "awaiting": []}
    plan = propose(here.book, seen, number)
    if not plan.steps:
        waiting = awaitable(here.book, seen)
        if waiting:
            return {"plan": {}, "assignments": [], "awaiting": list(waiting)}
        return await _beyond_the_gap(state, here, seen, number)
    return await _authorise(state, here, seen, plan)


def route_after_plan(state: CaseState) -> Route | list[Send]:
    """To the workers of an authorised plan, or where the case must go without one."""
    if state.get("assignments"):
        return [
            Send(each["worker"], {"case_id": state["case_id"], "assignment": each})
            for each in state["assignments"]
        ]
    if holds(state) and state.get("reviewed") is None:
        return "prepare_compliance"
    if state.get("awaiting"):
        return "request_records"
    return "refer" if state.get("missing") else "decide"


async def mortgage_worker(state: Delegated) -> dict[str, Any]:
    """Runs the mortgage worker graph on its assignment."""
    return await _run(mortgage_graph, state)


async def kyc_worker(state: Delegated) -> dict[str, Any]:
    """Runs the KYC worker graph on its assignment."""
    return await _run(kyc_graph, state)


async def credit_worker(state: Delegated) -> dict[str, Any]:
    """Runs the credit worker graph on its assignment."""
    return await _run(credit_graph, state)


async def worker_failed(state: Delegated, error: NodeError) -> Command[Literal["collect_findings"]]:
    """A worker that fails hands nothing back; the case goes on and what is missing is written down."""
    pass_on(error)
    given = state["assignment"]
    await _rejected(state["case_id"], given, given["worker"], f"it failed: {type(error.error).__name__}")
    return Command(goto="collect_findings")


async def collect_findings(state: CaseState) -> dict[str, Any]:
    """Takes each finding that its receipt covers; dissent stays visible, nothing is averaged. May run again."""
    arrived = await arrived_by(state, state["assignments"][0]["as_of"])  # what they could see
    taken, tried = dict(state["findings"]), dict(state["tried"])
    new_facts = dict(state["facts"])
    for given in state["assignments"]:
        back = state.get("returned", {}).get(given["id"])
        for job in given["specialists"]:
            tried[job] = arrived
            hand_off = back["findings"].get(job) if back else None
            finding = await _received(state, given, job, hand_off)
            if finding is not None and hand_off is not None:
                taken[job] = hand_off
                new_facts |= _found(finding, state["facts"])
    workers = [given["worker"] for given in state["assignments"]]
    return {
        "findings": taken,
        "tried": tried,
        "facts": new_facts,
        "round": state["plan"]["round"],
        "plans": [*state.get("plans", []), workers],
        "assignments": [],
        "returned": {},
    }


async def _beyond_the_gap(state: CaseState, here: Standing, seen: Known, number: int) -> dict[str, Any]:
    """Facts alone do not settle what to do next: the planning model may propose a targeted re-check."""
    nothing: dict[str, Any] = {"plan": {}, "assignments": [], "awaiting": []}
    plan = await replanning.proposal(state, here, number)
    if plan is None:
        return nothing | {"replanned": True}
    wrong = violations(here.book, seen, plan)
    if wrong:
        await record(here.case.id, f"r{number}/proposal", PlanRefused(round=number, violations=wrong))
        plan = await replanning.proposal(state, here, number, wrong)
        wrong = violations(here.book, seen, plan) if plan is not None else ()
    if plan is None:
        return nothing | {"replanned": True}
    if wrong:
        await record(here.case.id, f"r{number}/second", PlanRefused(round=number, violations=wrong))
        return nothing | {"replanned": True, "missing": ["a plan that keeps to the book", *wrong]}
    return await _authorise(state, here, seen, plan) | {"replanned": True}


async def _authorise(state: CaseState, here: Standing, seen: Known, plan: Plan) -> dict[str, Any]:
    key = f"r{plan.round}"
    steps = tuple(
        {"worker": step.worker, "specialists": step.specialists, "reason": step.reason} for step in plan.steps
    )
    await record(here.case.id, key, PlanProposed(round=plan.round, proposed_by=plan.proposed_by, steps=steps))
    wrong = violations(here.book, seen, plan)
    if wrong:
        await record(here.case.id, key, PlanRefused(round=plan.round, violations=wrong))
        return {"plan": {}, "assignments": [], "awaiting": [], "missing": list(wrong)}
    covers = tuple(name for step in plan.steps for name in step.covers)
    workers = tuple(step.worker for step in plan.steps)
    await record(here.case.id, key, PlanAuthorised(round=plan.round, workers=workers, covers=covers))
    now = services().clock.now()
    as_of = await hour_of(state, plan.round)
    setting = Setting(here.case, here.book, facts(state), here.parties, plan.round, as_of, now)
    return {
        "plan": plan.model_dump(mode="json"),
        "assignments": [plain(assignment(setting, step)) for step in plan.steps],
        "awaiting": [],
    }


async def _run(graph: Any, state: Delegated) -> dict[str, Any]:
    done = await run_detached(graph, dict(state))
    given = done["assignment"]
    return {"returned": {given["id"]: Returned(assignment=given, findings=done["findings"])}}


async def _received(
    state: CaseState, given: dict[str, Any], job: str, hand_off: HandOff | None
) -> Finding | None:
    """The finding, if it came and its receipt covers it; else the refusal is recorded."""
    if hand_off is None:
        await _rejected(state["case_id"], given, job, "no finding came back")
        return None
    finding = Finding.model_validate(hand_off["finding"])
    receipt = Receipt.model_validate(hand_off["receipt"])
    expected = f"{given['worker']}@{given['id']}"
    if receipt.receiver != expected or receipt.sender != job or not receipt.covers(finding):
        await _rejected(state["case_id"], given, job, "the receipt does not cover it")
        return None
    return finding


def _found(finding: Finding, before: dict[str, KnownFact]) -> dict[str, KnownFact]:
    """The facts of a finding, but for those that a what-if copy supposes."""
    supposed = {name for name, each in before.items() if each["source"] == WHAT_IF}
    return {
        each.name: fact(each.value, each.unit, each.source)
        for each in finding.figures
        if each.name not in supposed
    }


async def _rejected(case_id: str, given: dict[str, Any], job: str, reason: str) -> None:
    await record(case_id, f"{given['id']}.{job}", HandOffRejected(specialist=job, reason=reason))
