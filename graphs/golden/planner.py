"""How the planner's item is asked: the supervisor's own question, and whom of the book's specialists it would send."""

from __future__ import annotations

from agents.prompt import read_prompt
from agents.supervisor.golden import JOINT, NOTHING, PlannerItem, PlannerSet
from agents.supervisor.planner import JOB, PROMPT, propose_rechecks
from graphs.golden.asking import UNANSWERED, Asking, Said, given, session_of
from graphs.mandates import for_planner
from graphs.supervisor.replanning import question_about


async def ask_planner(asking: Asking, golden: PlannerSet, item: PlannerItem) -> Said:
    """Its first proposal, by those whom it would send; one that names anybody else is outside its mandate."""
    part = given(asking, "supervisor", JOB, for_planner(asking.book), {})
    session, context = await session_of(asking, part, JOB)
    still_open = (asking.words or golden.prose(item)).split("\n")
    question = question_about(still_open, asking.book)
    answer = await propose_rechecks(asking.here.crew, session, context, frozenset(), question)
    models = session.answered_by.get(read_prompt(PROMPT).digest, ())
    if answer is None:
        return Said(UNANSWERED, models)
    allowed = {job for jobs in asking.book.rules.workers.values() for job in jobs}
    sent = sorted({each.specialist for each in answer.rechecks})
    outside = [job for job in sent if job not in allowed]
    return Said(f"outside: {', '.join(outside)}" if outside else JOINT.join(sent) or NOTHING, models)
