"""Turns conflicts and gaps into a question for the planning model, and its answer into a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agents.prompt import read_prompt
from agents.roster import ROSTER
from agents.supervisor.planner import JOB, PROMPT, Proposal, propose_rechecks
from audit.model_level import ProposalShadowed
from checkpoints.session import Session
from domain.assignment import Assignment, Cause, Mandate, Plan, PlanStep
from domain.autonomy import Level
from domain.finding import ProducedBy, Severity
from graphs.autonomy import levels_behind
from graphs.mandates import for_planner
from graphs.services import services
from graphs.sessions import open_session
from graphs.supervisor.known import Standing, findings, open_gaps
from graphs.supervisor.state import CaseState
from graphs.worker import HandOff
from policies.book import InForce


@dataclass(frozen=True, slots=True)
class Replanned:
    """A plan that a model proposed, and which models under which prompt: what follows from it rests on them."""

    plan: Plan
    by: HandOff


async def proposal(
    state: CaseState, here: Standing, number: int, refused: tuple[str, ...] = ()
) -> Replanned | None:
    """The model's plan for conflicts and gaps; nothing when there are none, or it had its say already."""
    conflicts = conflicts_of(state)
    if state.get("replanned") or not conflicts or not services().crew.models:
        return None
    given = _assignment(here, number, attempt=2 if refused else 1)
    model = state.get("supposed", {}).get("model", "")
    opened = await open_session(given.model_copy(update={"model": model}), JOB)
    question = question_about(conflicts, here.book, refused)
    answer = await propose_rechecks(services().crew, opened.session, opened.context, opened.blocked, question)
    return await _taken(opened.session, answer, here, number)


def question_about(still_open: Sequence[str], book: InForce, refused: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the planning model is asked: what is open, whom it may send, and why it was refused before."""
    return {
        "conflicts_and_gaps": list(still_open),
        "specialists": {job: ROSTER[job].provides for jobs in book.rules.workers.values() for job in jobs},
        "your_last_proposal_was_refused": refused,
    }


async def _taken(session: Session, answer: Proposal | None, here: Standing, number: int) -> Replanned | None:
    """The proposal as a plan, with who made it; in the shadow it is on record and nobody is sent."""
    if answer is None or not answer.rechecks:
        return None
    prompt = read_prompt(PROMPT).digest
    by = HandOff(
        finding={"produced_by": ProducedBy.MODEL.value},
        receipt={},
        models=list(session.answered_by.get(prompt, ())),
        prompt=prompt,
    )
    level = (await levels_behind(here.book, {JOB: by}))[JOB]
    if level is Level.SHADOW:
        sent = tuple(each.specialist for each in answer.rechecks)
        await session.record("shadow", ProposalShadowed(specialists=sent))
        return None
    return Replanned(as_plan(answer, here, number), by)


def conflicts_of(state: CaseState) -> list[str]:
    """Flags that are more than information and gaps, in words."""
    flags = [
        f"{job}: {flag.code}: {flag.detail}"
        for job, finding in findings(state).items()
        for flag in finding.flags
        if flag.severity is not Severity.INFO
    ]
    return flags + [f"{gap.code}: {gap.detail}" for gap in open_gaps(state)]


def as_plan(answer: Proposal, here: Standing, number: int) -> Plan:
    """A proposal as a plan of steps, one per worker; whether it may run is checked as for any plan."""
    workers = {job: worker for worker, jobs in here.book.rules.workers.items() for job in jobs}
    steps: dict[str, PlanStep] = {}
    for each in answer.rechecks:
        worker = workers.get(each.specialist, "unknown")
        before = steps.get(worker)
        covers = ROSTER[each.specialist].provides if each.specialist in ROSTER else ()
        steps[worker] = PlanStep(
            worker=worker,
            specialists=(*(before.specialists if before else ()), each.specialist),
            covers=(*(before.covers if before else ()), *covers),
            reason=f"{before.reason}; {each.reason}" if before else each.reason,
            triggered_by=(Cause(kind="conflict", what="proposed by the planning model"),),
        )
    return Plan(round=number, steps=tuple(steps.values()), proposed_by="model")


def _assignment(here: Standing, number: int, attempt: int) -> Assignment:
    as_of = here.case.opened_at
    mandate: Mandate = for_planner(here.book)
    return Assignment(
        id=f"r{number}.supervisor",
        case_id=here.case.id,
        worker="supervisor",
        specialists=(JOB,),
        objective="Propose targeted re-checks",
        inputs={},
        parties=here.parties,
        boundaries=("specialists of the list only",),
        expected=(),
        as_of=as_of,
        deadline=services().clock.now() + timedelta(minutes=5),
        mandate=mandate,
        attempt=attempt,
    )
