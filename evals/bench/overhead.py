"""What governance costs: a specialist through the gateways against the same agent called directly, in pairs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents import create_agent
from langchain.agents.structured_output import ProviderStrategy
from langchain_core.messages import HumanMessage
from langchain_core.tools import BaseTool, StructuredTool

from agents.answer import Answer
from agents.prompt import read_prompt
from agents.roster import ROSTER
from agents.work import work
from api.demo.stories import routine
from checkpoints.lease import take
from domain.assignment import PlanStep
from evals.bench.report import Figure, Say, Scale, paired
from evals.bench.stage import NOW, with_model
from graphs.lease import CURRENT
from graphs.mandates import Setting, assignment
from graphs.services import Services
from graphs.sessions import OpenSession, open_session
from graphs.worker import book_of
from tests.fakes.casework import open_story
from tests.fakes.model_server import ScriptedModel
from tools.catalog import TOOLS
from tools.contract import Tool, ToolContext

SEQUENTIAL = ("bureau_analyst",)
PARALLEL = ("income_verifier", "collateral_assessor", "market_analyst")


async def overhead(services: Services, scale: Scale, say: Say) -> list[Figure]:
    """Ratios at 100 ms and at 2 s a model answer, one specialist and three in parallel."""
    figures = []
    for latency, rounds in ((0.1, scale.pairs), (2.0, scale.slow_pairs)):
        async with with_model(services, latency) as (equipped, model):
            for label, jobs in (("sequential", SEQUENTIAL), ("parallel", PARALLEL)):
                name, pairs = f"governed_{label}_{int(latency * 1000)}ms", []
                for n in range(rounds + 1):
                    pairs.append(await _pair(equipped, model, jobs, f"{name}-{n}"))
                    say(f"  {name} {n}: {pairs[-1][0]:.3f} s governed, {pairs[-1][1]:.3f} s direct")
                figures.append(paired(name, "s", pairs[1:]))  # the first one warms up
    return figures


async def _pair(
    services: Services, model: ScriptedModel, jobs: tuple[str, ...], key: str
) -> tuple[float, float]:
    """(governed, direct) seconds for the same work, one after the other; both must ask the model as often."""
    case_id = await open_story(services, routine(NOW.date()), key)
    CURRENT.set(await take(services.database, case_id, "bench", services.clock))
    sessions = {job: await _session(services, case_id, job) for job in jobs}
    before = len(model.requests)
    governed = await _timed([_governed(services, job, sessions[job]) for job in jobs])
    between = len(model.requests)
    direct = await _timed([_direct(services, job, sessions[job].context) for job in jobs])
    asked, asked_directly = between - before, len(model.requests) - between
    if asked != asked_directly:
        raise RuntimeError(f"governed work asked the model {asked} times, direct work {asked_directly} times")
    return governed, direct


async def _timed(work_to_do: list[Awaitable[Any]]) -> float:
    started = time.perf_counter()
    await asyncio.gather(*work_to_do)
    return time.perf_counter() - started


async def _session(services: Services, case_id: str, job: str) -> OpenSession:
    case, book = await services.cases.get(case_id), await book_of(case_id)
    step = PlanStep(worker=ROSTER[job].worker, specialists=(job,), covers=(), reason="bench")
    setting = Setting(case, book, {}, ("party:1",), 1, NOW)
    return await open_session(assignment(setting, step), job)


async def _governed(services: Services, job: str, opened: OpenSession) -> None:
    finding = await work(services.crew, ROSTER[job], opened.session, opened.context, opened.blocked)
    if finding.degraded:
        raise RuntimeError(f"{job} fell back: the bench would measure the playbook")


async def _direct(services: Services, job: str, context: ToolContext) -> None:
    """The same agent with the same tools and nothing around it."""
    specialist = ROSTER[job]
    agent = create_agent(
        services.crew.models["routine"],
        tools=[_bare(TOOLS[name], context) for name in specialist.tools],
        system_prompt=read_prompt(specialist.prompt_file).text,
        response_format=ProviderStrategy(Answer),
    )
    await agent.ainvoke({"messages": [HumanMessage("begin")]})


def _bare(tool: Tool, context: ToolContext) -> BaseTool:
    async def run(**arguments: Any) -> str:
        answer = await tool.run(tool.args.model_validate(arguments), context)
        return json.dumps(answer.model_dump(mode="json"))

    run_it: Callable[..., Awaitable[str]] = run
    return StructuredTool.from_function(
        coroutine=run_it, name=tool.name, description=tool.description, args_schema=tool.args
    )
