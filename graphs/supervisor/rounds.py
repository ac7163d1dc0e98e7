"""One round of work: propose a plan, check it against the book, hand it out."""

from __future__ import annotations

from typing import Any, Literal, cast

from langgraph.errors import NodeError
from langgraph.types import Command, Send

from agents.build import run_detached
from audit.events import PlanAuthorised, PlanProposed, PlanRefused
from audit.supervision import ApplicationIncomplete
from domain.assignment import Plan, PlanStep
from domain.autonomy import lowest, needs_person
from graphs.autonomy import levels_behind
from graphs.credit.graph import graph as credit_graph
from graphs.failure import pass_on
from graphs.kyc.graph import graph as kyc_graph
from graphs.mandates import Setting, assignment
from graphs.mortgage.graph import graph as mortgage_graph
from graphs.recording import moment, record
from graphs.supervisor import replanning
from graphs.supervisor.collecting import rejected
from graphs.supervisor.known import Standing, behind, facts, found_parties, holds, hour_of, known, standing
from graphs.supervisor.learning import look_again
from graphs.supervisor.planning import Known, by_hand, jobs_of, next_move, violations
from graphs.supervisor.reopening import overtaken
from graphs.supervisor.rules import due
from graphs.supervisor.state import CaseState, Returned
from graphs.worker import Delegated, plain

Route = Literal["request_records", "prepare_compliance", "decide", "close", "refer"]


async def plan_round(state: CaseState) -> dict[str, Any]:
    """Reads facts, findings and book; writes the next plan and its assignments.

    May run again: nothing was handed out before its checkpoint, and its events are appended once.
    """
    here = await standing(state)
    if holds(state) and state.get("reviewed") != "confirmed":
        return {"plan": {}, "assignments": [], "awaiting": []}
    anew = await _read_anew(state, here)
    return anew | {"by_hand": []} | await _planned(cast("CaseState", {**state, **anew}), here)


async def _planned(state: CaseState, here: Standing) -> dict[str, Any]:
    seen, number = await known(state, here.beyond), state["round"] + 1
    move = next_move(here.book, seen, number)
    if move.plan.steps:
        return await _authorise(state, here, seen, move.plan)
    failed = by_hand(here.book, seen)
    if failed and state.get("reviewed") != "confirmed":
        due = [row.specialist for row in failed]
        return {"plan": {}, "assignments": [], "awaiting": [], "by_hand": due}
    if move.awaiting:
        looked = dict(seen.arrived)
        return {"plan": {}, "assignments": [], "awaiting": list(move.awaiting), "looked": looked}
    if move.lacking and needs_person(lowest((await levels_behind(here.book, behind(state))).values())):
        unsent = [f"the applicant did not send {need}" for need in move.lacking]
        return {"plan": {}, "assignments": [], "awaiting": [], "missing": unsent}
    if move.lacking:
        await record(here.case.id, f"r{number}", ApplicationIncomplete(needs=move.lacking))
        return {"plan": {}, "assignments": [], "awaiting": [], "outcome": "incomplete"}
    return await _beyond_the_gap(state, here, seen, number)


def route_after_plan(state: CaseState) -> Route | list[Send]:
    """To the workers of an authorised plan, or where the case must go without one."""
    if state.get("assignments"):
        return [
            Send(each["worker"], {"case_id": state["case_id"], "assignment": each})
            for each in state["assignments"]
        ]
    if holds(state) and state.get("reviewed") != "confirmed":
        return "prepare_compliance"
    if state.get("by_hand"):
        return "prepare_compliance"
    if state.get("awaiting"):
        return "request_records"
    if state.get("outcome") == "incomplete":
        return "close"
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
    await pass_on(state["case_id"], error)
    given = state["assignment"]
    await rejected(state["case_id"], given, given["worker"], f"it failed: {type(error.error).__name__}")
    return Command(goto="collect_findings")


async def _read_anew(state: CaseState, here: Standing) -> dict[str, Any]:
    """What records that came after their readers had worked make unknown again."""
    late = overtaken(jobs_of(here.book), await known(state, here.beyond))
    if not late or state.get("reviewed") == "confirmed":
        return {"overtaken": []}
    learnt = look_again(state, jobs_of(here.book), late)
    for key, event in learnt.events:
        await record(here.case.id, key, event)
    return learnt.update | {"overtaken": []}


async def _beyond_the_gap(state: CaseState, here: Standing, seen: Known, number: int) -> dict[str, Any]:
    """Facts alone do not settle what to do next: the planning model may propose a targeted re-check."""
    nothing: dict[str, Any] = {"plan": {}, "assignments": [], "awaiting": []}
    proposed = await replanning.proposal(state, here, number)
    if proposed is None:
        return nothing | {"replanned": True}
    wrong = violations(here.book, seen, proposed.plan)
    if wrong:
        await record(here.case.id, f"r{number}/proposal", PlanRefused(round=number, violations=wrong))
        proposed = await replanning.proposal(state, here, number, wrong)
        wrong = violations(here.book, seen, proposed.plan) if proposed is not None else ()
    if proposed is None:
        return nothing | {"replanned": True}
    if wrong:
        await record(here.case.id, f"r{number}/second", PlanRefused(round=number, violations=wrong))
        return nothing | {"replanned": True, "missing": ["a plan that keeps to the book", *wrong]}
    authorised = await _authorise(state, here, seen, proposed.plan)
    return authorised | {"replanned": True, "planned_by": proposed.by}


async def _authorise(state: CaseState, here: Standing, seen: Known, plan: Plan) -> dict[str, Any]:
    key = f"r{plan.round}"
    steps = tuple(_told(step) for step in plan.steps)
    await record(here.case.id, key, PlanProposed(round=plan.round, proposed_by=plan.proposed_by, steps=steps))
    wrong = violations(here.book, seen, plan)
    if wrong:
        await record(here.case.id, key, PlanRefused(round=plan.round, violations=wrong))
        return {"plan": {}, "assignments": [], "awaiting": [], "missing": list(wrong)}
    covers = tuple(name for step in plan.steps for name in step.covers)
    workers = tuple(step.worker for step in plan.steps)
    await record(here.case.id, key, PlanAuthorised(round=plan.round, workers=workers, covers=covers))
    now = await moment(here.case.id, key)
    as_of = await hour_of(state, plan.round, now)
    found = (*here.beyond, *found_parties(state))
    setting = Setting(
        case=here.case,
        book=here.book,
        facts=facts(state),
        parties=here.parties,
        round=plan.round,
        as_of=as_of,
        begins=now,
        found=found,
        supposed=state.get("supposed", {}),
    )
    return {
        "plan": plan.model_dump(mode="json"),
        "rules_used": _uses(here, seen, plan),
        "assignments": [plain(assignment(setting, step)) for step in plan.steps],
        "awaiting": [],
    }


def _told(step: PlanStep) -> dict[str, str | tuple[str, ...]]:
    """A step as the ledger tells it."""
    return {
        "worker": step.worker,
        "specialists": step.specialists,
        "covers": step.covers,
        "reason": step.reason,
        "triggered_by": tuple(str(cause) for cause in step.triggered_by),
    }


def _uses(here: Standing, seen: Known, plan: Plan) -> dict[str, int]:
    """Uses of the book's rules, counting those that sent somebody of this plan."""
    sent = {job for step in plan.steps for job in step.specialists}
    fired = {each.rule for each in due(here.book.rules.replan, seen) if each.rule and each.job in sent}
    return dict(seen.used) | {rule: seen.used.get(rule, 0) + 1 for rule in fired}


async def _run(graph: Any, state: Delegated) -> dict[str, Any]:
    done = await run_detached(graph, dict(state))
    given = done["assignment"]
    return {"returned": {given["id"]: Returned(assignment=given, findings=done["findings"])}}
