"""The independent judge: looks at each judgement that code cannot check, under a prompt of its own.

It sees question, evidence, quote, answer and counter-argument, never who made the judgement, and upholds or
overturns with reasons. It runs through the same gateway, under the mandate of the same session, on another
model where one is configured. What it does not answer is not upheld.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langgraph.errors import GraphRecursionError
from pydantic import BaseModel, ConfigDict, Field

from agents.build import Governed, build_agent, run_detached
from agents.crew import Crew
from agents.prompt import read_prompt
from audit.events import JudgementReviewed
from domain.canonical import digest
from domain.errors import Refused
from domain.finding import Judgement
from tools.gateway import ToolAnswer

PROMPT = Path(__file__).with_suffix(".md")
MOST_STEPS = 6  # of the judge's own agent: it has no tools, so one turn is the rule


class Review(BaseModel):
    """What the judge says of one judgement."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["uphold", "overturn"]
    reasons: str = Field(description="three sentences at most, naming what in the evidence they rest on")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A judgement after its review, with the reasons if it was overturned."""

    judgement: Judgement
    reasons: str = ""

    @property
    def overturned(self) -> bool:
        """Whether the judge said no."""
        return self.judgement.review == "overturned"


@dataclass(frozen=True, slots=True)
class Place:
    """Under which name a review stands in the ledger, and of which attempt it is."""

    name: str  # the judgement's code; its number only, where the finding is for compliance alone
    attempt: int


async def review(
    crew: Crew, governed: Governed, judgement: Judgement, evidence: Sequence[ToolAnswer], place: Place
) -> Reviewed:
    """One judgement reviewed and on record; a judge that is refused, fails or says nothing usable upholds nothing."""
    said = await _ask(crew, governed, judgement, evidence)
    verdict = "unreviewed" if said is None else {"uphold": "upheld", "overturn": "overturned"}[said.verdict]
    event = JudgementReviewed(
        specialist=governed.session.specialist,
        code=place.name,
        attempt=place.attempt,
        verdict=verdict,
        source=judgement.source,
        reasons_digest=digest(said.reasons) if said else "",
    )
    await governed.session.record(f"judge/{place.name}/{place.attempt}", event)
    return Reviewed(judgement.model_copy(update={"review": verdict}), said.reasons if said else "")


async def _ask(
    crew: Crew, governed: Governed, judgement: Judgement, evidence: Sequence[ToolAnswer]
) -> Review | None:
    model = cast("BaseChatModel", crew.judge or crew.model_for(governed.session.assignment))
    judging = replace(governed, prompt=read_prompt(PROMPT), answers=[])
    question = {
        "question": judgement.question.partition(": ")[2],
        "evidence": [{"tool": each.tool, "arguments": each.args, "result": each.result} for each in evidence],
        "answer": judgement.answer,
        "quote": judgement.quote,
        "counter": judgement.counter,
    }
    message = HumanMessage(json.dumps(question, sort_keys=True))
    try:
        state = await run_detached(
            build_agent(model, [], judging, Review), {"messages": [message]}, MOST_STEPS
        )
    except (Refused, GraphRecursionError):
        return None
    said: Review | None = state.get("structured_response")
    return said
