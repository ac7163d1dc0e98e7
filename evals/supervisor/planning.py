"""The planning model of the deck: scripted, asked through the real question, and held to the book like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from agents.supervisor.planner import JOB, propose_rechecks
from domain.assignment import Assignment, Plan
from evals.supervisor.crews import Scripted, planner_crew
from evals.supervisor.desk import NOW, Desk
from graphs.mandates import for_planner
from graphs.supervisor.replanning import as_plan, conflicts_of
from tests.fakes.context import tool_context

WORTH_A_LOOK = {"income_contradicted": "income_verifier"}  # what a good planner has looked at again


async def scripted_planner(desk: Desk, number: int) -> Plan | None:
    """A proposal for what the facts leave open, or none."""
    conflicts = conflicts_of(desk.state)
    if not conflicts:
        return None
    rechecks = [
        {"specialist": job, "reason": f"look at {code} again: {said}"}
        for code, job in WORTH_A_LOOK.items()
        for said in conflicts
        if f": {code}: " in said
    ]
    model = Scripted(stages=[], answer={"rechecks": rechecks, "explanation": "these records disagree"})
    crew, session = planner_crew(model)
    given = _assignment(desk, number)
    question = {"conflicts_and_gaps": conflicts}
    answer = await propose_rechecks(
        crew, cast("Any", session(given, JOB)), tool_context(), frozenset(), question
    )
    return as_plan(answer, desk.standing(), number) if answer is not None and answer.rechecks else None


def _assignment(desk: Desk, number: int) -> Assignment:
    return Assignment(
        id=f"r{number}.supervisor",
        case_id=desk.case.name,
        worker="supervisor",
        specialists=(JOB,),
        objective="Propose targeted re-checks",
        inputs={},
        parties=("party:1",),
        boundaries=(),
        expected=(),
        as_of=NOW,
        deadline=NOW + timedelta(minutes=5),
        mandate=for_planner(desk.book),
    )
