"""How a specialist works: with a model when one is configured, else by its playbook; one finding comes out.

A model that fails, is refused or twice hands in what cannot be used is replaced by the playbook, and the
finding is marked degraded. Never decides what the finding is worth: policy does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langgraph.errors import GraphRecursionError

from agents.answer import Answer, asked, judgements, problems
from agents.build import Governed, build_agent, run_detached
from agents.contract import Conclusion, Evidence, Specialist
from agents.gateway import ModelGateway
from agents.prompt import read_prompt
from audit.events import SpecialistFellBack
from checkpoints.session import Session
from domain.assignment import Assignment
from domain.errors import Refused
from domain.finding import Finding, Gap, ProducedBy
from domain.model_use import Tier
from tools.contract import Tool, ToolContext
from tools.gateway import ToolGateway


@dataclass(frozen=True, slots=True)
class Crew:
    """What every specialist works with; ``models`` is empty when none is configured."""

    models: Mapping[Tier, BaseChatModel]
    model_gateway: ModelGateway
    tool_gateway: ToolGateway
    tools: Mapping[str, Tool]


async def work(
    crew: Crew, specialist: Specialist, session: Session, context: ToolContext, blocked: frozenset[str]
) -> Finding:
    """One specialist's finding; raises only what no playbook can mend (a refused tool, a stale lease)."""
    prompt = read_prompt(specialist.prompt_file)
    governed = Governed(session, context, prompt, blocked, crew.model_gateway, crew.tool_gateway)
    model = crew.models.get(session.assignment.mandate.tier)
    if model is None:
        return await _by_playbook(specialist, governed, degraded=False)
    try:
        return await _by_model(crew, specialist, governed, model)
    except (Refused, GraphRecursionError) as error:
        await session.record("fallback", SpecialistFellBack(specialist=specialist.job, reason=str(error)))
        governed.answers.clear()
        return await _by_playbook(specialist, governed, degraded=True)


async def _by_playbook(specialist: Specialist, governed: Governed, *, degraded: bool) -> Finding:
    await specialist.gather(governed.session.assignment, governed.call_tool)
    conclusion = specialist.conclude(governed.session.assignment, Evidence(tuple(governed.answers)))
    for_a_person = tuple(
        Gap(code=f"judgement:{code}", detail=governed.prompt.question(code), needs="person")
        for code in conclusion.asks
    )
    return _finding(governed, conclusion).model_copy(
        update={"gaps": (*conclusion.gaps, *for_a_person), "degraded": degraded}
    )


async def _by_model(crew: Crew, specialist: Specialist, governed: Governed, model: BaseChatModel) -> Finding:
    tools = [crew.tools[name] for name in specialist.tools]
    agent = build_agent(model, tools, governed, Answer)
    messages: list[Any] = [HumanMessage(_brief(governed.session.assignment, specialist))]
    for _ in range(2):
        state = await _run(agent, messages, governed)
        evidence = Evidence(tuple(governed.answers))
        conclusion = specialist.conclude(governed.session.assignment, evidence)
        answer = state.get("structured_response")
        wrong = problems(answer, specialist, evidence, conclusion)
        if answer is not None and not wrong:
            return _judged(governed, conclusion, answer)
        messages = [*state["messages"], HumanMessage(_sent_back(wrong, conclusion, governed))]
    raise Refused("; ".join(wrong), control="model.answer")


async def _run(agent: Any, messages: list[Any], governed: Governed) -> dict[str, Any]:
    limit = 4 * governed.session.assignment.mandate.max_model_calls + 4
    return await run_detached(agent, {"messages": messages}, limit)


def _judged(governed: Governed, conclusion: Conclusion, answer: Answer) -> Finding:
    wording = {each.code: each.question for each in governed.prompt.front.judgement}
    threshold = governed.session.assignment.mandate.judgements.sure_enough_percent
    answered = asked(answer, conclusion)
    doubts = tuple(
        Gap(
            code=f"judgement:{each.code}",
            detail=f"{wording[each.code]} The model: {each.answer}.",
            needs="person",
        )
        for each in answered
        if each.answer != "supports" or each.confidence_percent < threshold
    )
    return _finding(governed, conclusion).model_copy(
        update={
            "judgements": judgements(answered, wording),
            "gaps": (*conclusion.gaps, *doubts),
            "narrative": answer.narrative,
            "confidence_bps": answer.confidence_percent * 100,
            "produced_by": ProducedBy.MODEL,
        }
    )


def _finding(governed: Governed, conclusion: Conclusion) -> Finding:
    return Finding(
        assignment=governed.session.assignment.id,
        specialist=governed.session.specialist,
        figures=conclusion.figures,
        flags=conclusion.flags,
        gaps=conclusion.gaps,
        parties=conclusion.parties,
        conclusion=conclusion.conclusion,
        produced_by=ProducedBy.PLAYBOOK,
    )


def _brief(assignment: Assignment, specialist: Specialist) -> str:
    return json.dumps(
        {
            "objective": assignment.objective,
            "parties": assignment.parties,
            "known_facts": {
                name: assignment.inputs[name] for name in specialist.needs if name in assignment.inputs
            },
            "as_of": assignment.as_of.date().isoformat(),
            "boundaries": assignment.boundaries,
            "expected_facts": specialist.provides,
        },
        sort_keys=True,
    )


def _sent_back(wrong: list[str], conclusion: Conclusion, governed: Governed) -> str:
    wanted = {code: governed.prompt.question(code) for code in conclusion.asks}
    return json.dumps({"your_answer_cannot_be_used": wrong, "judgements_asked": wanted}, sort_keys=True)
