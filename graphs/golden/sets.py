"""Which jobs that a model does have a golden set: those of the roster, the planner, and the advisor of the chat.

Owns where sets stand and whose book says what passes. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agents.advisor.advisor import JOB as ADVISOR
from agents.advisor.advisor import PROMPT as ADVISOR_PROMPT
from agents.advisor.golden import ChatSet
from agents.golden import GoldenSet, golden_file, read_golden
from agents.roster import ROSTER
from agents.supervisor.golden import PlannerSet
from agents.supervisor.planner import JOB as PLANNER
from agents.supervisor.planner import PROMPT as PLANNER_PROMPT
from domain.chat import CHAT
from policies.book import Rules

Questions = GoldenSet | PlannerSet | ChatSet
PROMPTS: Mapping[str, Path] = {
    **{job: each.prompt_file for job, each in ROSTER.items()},
    PLANNER: PLANNER_PROMPT,
    ADVISOR: ADVISOR_PROMPT,
}
SHAPES: Mapping[str, type[PlannerSet] | type[ChatSet]] = {PLANNER: PlannerSet, ADVISOR: ChatSet}


def shipped(job: str) -> Questions | None:
    """The set of a job; nothing where a job has none."""
    file = golden_file(PROMPTS[job])
    return read_golden(file, SHAPES.get(job, GoldenSet))


def jobs_with_models(rules: Rules) -> tuple[str, ...]:
    """Whoever a model may work for under a book: its specialists, the planner of them, the advisor of the chat."""
    specialists = tuple(job for jobs in rules.workers.values() for job in jobs)
    planner = (PLANNER,) if specialists else ()
    return (*specialists, *planner, *((ADVISOR,) if rules.kind == CHAT else ()))
