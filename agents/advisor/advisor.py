"""Answers one message: with a model when one is configured, by the certified questions otherwise.

Either way every figure comes from a tool result with its citation. A model's answer that does not check is sent back
once; then the certified questions answer, and the answer says that it is degraded. Nothing is done here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage

from agents.advisor.certified import Spoken, run
from agents.advisor.checks import SaidAnswer, as_json, citations, problems, traced
from agents.advisor.telling import told
from agents.build import Governed, build_agent, run_detached
from agents.contract import Evidence
from agents.partial import NO_FAILURE
from agents.partial import told as why
from agents.prompt import read_prompt
from agents.work import Crew
from audit.events import SpecialistFellBack
from checkpoints.session import Session
from domain.chat import ChatAnswer, Segment
from domain.errors import Refused
from tools.contract import ToolContext
from tools.scope import reference

PROMPT = Path(__file__).with_suffix(".md")
JOB = "advisor"
TOOLS = (
    "case_status",
    "case_figures",
    "case_decision",
    "open_approvals",
    "customer_cases",
    "rate_quote",
    "what_if",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """One message with all it takes to answer it."""

    session: Session
    context: ToolContext
    blocked: frozenset[str]
    spoken: Spoken
    text: str  # tokenised
    before: tuple[str, ...]  # the conversation so far, shortened
    match_bps: int


async def answer(crew: Crew, asking: Asking) -> ChatAnswer:
    """The answer; raises only what nothing here can mend (``NO_FAILURE``)."""
    governed = Governed(
        asking.session,
        asking.context,
        read_prompt(PROMPT),
        asking.blocked,
        crew.model_gateway,
        crew.tool_gateway,
    )
    model = crew.models.get(asking.session.assignment.mandate.tier)
    if model is None:
        return await _by_certified(governed, asking, degraded=False)
    try:
        return await _by_model(crew, governed, asking, model)
    except NO_FAILURE:
        raise
    except Exception as error:
        await asking.session.record("fallback", SpecialistFellBack(specialist=JOB, reason=why(error)))
        governed.answers.clear()
        return await _by_certified(governed, asking, degraded=True)


async def _by_certified(governed: Governed, asking: Asking, *, degraded: bool) -> ChatAnswer:
    found = await run(asking.session.database, asking.spoken, governed.call_tool, asking.match_bps)
    segments = tuple(segment for each in found for segment in told(each))
    return _answer(governed, segments or (_nothing_asked(),), degraded=degraded)


async def _by_model(crew: Crew, governed: Governed, asking: Asking, model: Any) -> ChatAnswer:
    agent = build_agent(model, [crew.tools[name] for name in TOOLS], governed, SaidAnswer)
    messages: list[Any] = [HumanMessage(_brief(asking))]
    limit = 4 * asking.session.assignment.mandate.max_model_calls + 4
    wrong: list[str] = []
    for _ in range(2):
        state = await run_detached(agent, {"messages": messages}, limit)
        said: SaidAnswer | None = state.get("structured_response")
        wrong = problems(said, Evidence(tuple(governed.answers)))
        if said is not None and not wrong:
            segments = tuple(Segment(text=each.text, cites=tuple(each.cites)) for each in said.segments)
            return _answer(governed, segments, degraded=False, by_model=True)
        messages = [*state["messages"], HumanMessage(as_json(wrong))]
    raise Refused("; ".join(wrong), control="model.answer")


def _answer(
    governed: Governed, segments: tuple[Segment, ...], *, degraded: bool, by_model: bool = False
) -> ChatAnswer:
    evidence = Evidence(tuple(governed.answers))
    known = citations(evidence)
    used = dict.fromkeys(ref for each in segments for ref in each.cites)
    return ChatAnswer(
        segments=segments,
        citations=tuple(known[ref] for ref in used if ref in known),
        produced_by="model" if by_model else "certified",
        degraded=degraded,
        tools=tuple(dict.fromkeys(each.tool for each in governed.answers)),
        traced=traced(segments, evidence),
    )


def _nothing_asked() -> Segment:
    return Segment(
        text="Ask about a case, a customer of yours, what waits for your team, a rate or a what-if."
    )


def _brief(asking: Asking) -> str:
    said = asking.spoken
    known = {case: reference(case) for case in (*said.cases.values(), said.before) if case}
    return json.dumps(
        {
            "question": asking.text,
            "cases": known,
            "spoken_of_before": said.before or None,
            "figures": {each.reference: each.words for each in said.message.figures},
            "conversation_so_far": asking.before,
            "today": asking.session.assignment.as_of.date().isoformat(),
        },
        sort_keys=True,
    )
