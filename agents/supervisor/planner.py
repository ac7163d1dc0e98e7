"""Asks the planning model which targeted re-checks it proposes; what it says is checked against the book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from pydantic import BaseModel, ConfigDict, Field

from agents.build import Governed, build_agent, run_detached
from agents.partial import NO_FAILURE, told
from agents.prompt import read_prompt
from agents.work import Crew
from audit.events import SpecialistFellBack
from checkpoints.session import Session
from tools.contract import ToolContext

PROMPT = Path(__file__).with_suffix(".md")
JOB = "planner"


class Recheck(BaseModel):
    """One proposed re-check."""

    model_config = ConfigDict(extra="forbid")

    specialist: str
    reason: str = Field(description="what exactly to look at, and why")


class Proposal(BaseModel):
    """What the planning model proposes."""

    model_config = ConfigDict(extra="forbid")

    rechecks: list[Recheck] = Field(max_length=2)
    explanation: str


async def propose_rechecks(
    crew: Crew, session: Session, context: ToolContext, blocked: frozenset[str], question: dict[str, Any]
) -> Proposal | None:
    """A proposal, which may be to look at nothing again; none when no model is configured or it fails."""
    model = crew.model_for(session.assignment)
    if model is None:
        return None
    governed = Governed(session, context, read_prompt(PROMPT), blocked, crew.model_gateway, crew.tool_gateway)
    agent = build_agent(model, [], governed, Proposal)
    message = HumanMessage(json.dumps(question, sort_keys=True))
    try:
        state = await run_detached(agent, {"messages": [message]}, 8)
    except NO_FAILURE:
        raise
    except Exception as error:
        await session.record("fallback", SpecialistFellBack(specialist=JOB, reason=told(error)))
        return None
    proposal: Proposal | None = state.get("structured_response")
    return proposal
