"""How a specialist works: with a model when one is configured, else by its playbook; one finding comes out.

A model that fails, is refused or twice hands in what cannot be used is replaced by the playbook, and the
finding is marked degraded. Never decides what the finding is worth: policy does.
"""

from __future__ import annotations

from collections.abc import Mapping

from langgraph.errors import GraphRecursionError

from agents.build import Governed
from agents.by_model import ModelWork
from agents.by_playbook import by_playbook
from agents.contract import Specialist
from agents.crew import Crew
from agents.prompt import read_prompt
from agents.verify import TableSays
from audit.events import SpecialistFellBack
from checkpoints.session import Session
from domain.errors import Refused
from domain.finding import Fact, Finding
from tools.contract import ToolContext

__all__ = ["Crew", "work"]


def silent(_: Mapping[str, Fact]) -> frozenset[str]:
    """A table that says nothing, for work outside a case."""
    return frozenset()


async def work(
    crew: Crew,
    specialist: Specialist,
    session: Session,
    context: ToolContext,
    blocked: frozenset[str],
    table: TableSays = silent,
) -> Finding:
    """One specialist's finding; raises only what no playbook can mend (a refused tool, a stale lease)."""
    prompt = read_prompt(specialist.prompt_file)
    governed = Governed(session, context, prompt, blocked, crew.model_gateway, crew.tool_gateway)
    model = crew.models.get(session.assignment.mandate.tier)
    if model is None:
        return await by_playbook(specialist, governed, degraded=False)
    try:
        return await ModelWork(crew, specialist, governed, model, table).finding()
    except (Refused, GraphRecursionError) as error:
        await session.record("fallback", SpecialistFellBack(specialist=specialist.job, reason=str(error)))
        governed.answers.clear()
        session.spent.tool_calls = 0  # what a model wasted is not taken from the playbook
        return await by_playbook(specialist, governed, degraded=True)
