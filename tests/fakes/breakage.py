"""Breaks one part of the house at a time: a tool in four ways, a specialist that is taken out of service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from agents.roster import ROSTER
from api.demo.stories import Story, routine, self_employed
from domain.case import CaseStatus
from domain.identity import Record
from graphs.services import Services, install
from guardrails.catalog import OF_CALLS, OVER_RATE
from tests.fakes.books import under_book
from tests.fakes.casework import bodies, opened
from tests.fakes.companies import story as company_loan
from tests.fakes.onboarding import company
from tools.contract import Tool, ToolContext
from tools.gateway import Inbound, ToolGateway

SECRET = "Avery Demo Quill"  # in the message of the error: it must be read nowhere
Run = Callable[[Any, ToolContext], Awaitable[Record]]


class Garbage(Record):
    """An answer that no tool declares."""

    nonsense: str = "?"


def error(_: Tool) -> Run:
    """It raises, and its message holds a name."""

    async def run(args: Any, context: ToolContext) -> Record:
        raise RuntimeError(f"no connection for {SECRET}")

    return run


def hang(_: Tool) -> Run:
    """It never comes back."""

    async def run(args: Any, context: ToolContext) -> Record:
        await asyncio.Event().wait()
        raise AssertionError("it came back")

    return run


def garbage(_: Tool) -> Run:
    """It answers something else than it declares."""

    async def run(args: Any, context: ToolContext) -> Record:
        return Garbage()

    return run


def slow(tool: Tool) -> Run:
    """It takes its time and answers."""

    async def run(args: Any, context: ToolContext) -> Record:
        await asyncio.sleep(0.1)
        return await tool.run(args, context)

    return run


WAYS: dict[str, Callable[[Tool], Run]] = {"error": error, "hang": hang, "garbage": garbage, "slow": slow}
STORIES: dict[str, Callable[[Any], Story]] = {
    "home_loan": routine,
    "home_loan, new customer": self_employed,
    "kyc_onboarding": company,
    "commercial_credit": lambda _: company_loan(),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a case stands when it moves no further by itself."""

    case_id: str
    stopped: bool  # at a boundary, at a wait or at its end
    decided: str | None
    effects: int
    failures: tuple[str, ...]  # gaps of work that broke off


def parts(services: Services, workflow: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(tools, specialists) that a workflow may use."""
    rules = services.books.seed(workflow.partition(",")[0]).rules
    jobs = tuple(job for of_worker in rules.workers.values() for job in of_worker)
    return tuple(dict.fromkeys(tool for job in jobs for tool in ROSTER[job].tools)), jobs


def with_broken_tool(services: Services, workflow: str, name: str, way: str) -> Services:
    """The same services with one tool broken, under a book that gives a tool one second."""
    kind = workflow.partition(",")[0]
    rows = services.books.seed(kind).rules.mandates
    hasty = {job: row.model_copy(update={"tool_timeout_seconds": 1}) for job, row in rows.items()}
    rest = under_book(services, kind, mandates=hasty)
    tool = rest.crew.tools[name]
    broken = {**rest.crew.tools, name: replace(tool, run=WAYS[way](tool))}
    inbound = Inbound(rest.guardrails, rest.quarantine)
    gateway = ToolGateway(broken, rest.breakers, OF_CALLS, OVER_RATE, inbound)
    return _installed(replace(rest, crew=replace(rest.crew, tool_gateway=gateway)))


async def out_of_service(services: Services, job: str) -> None:
    """A specialist that failed so often that nobody asks it any more."""
    for _ in range(5):
        await services.breakers.enter(f"specialist:{job}")
        await services.breakers.failed(f"specialist:{job}")


async def ending(services: Services, workflow: str, key: str) -> Ending:
    """Open the workflow's story and move it as far as it goes."""
    story = STORIES[workflow](services.clock.now().date())
    case_id = await opened(services, story, f"{workflow}/{key}")
    case = await services.cases.get(case_id)
    waits = [each for each in await services.desk.of_case(case_id) if each.status == "pending"]
    decided = await bodies(services, case_id, "decision_reached")
    broke_off = await bodies(services, case_id, "specialist_broke_off")
    return Ending(
        case_id,
        bool(waits) or case.status in (CaseStatus.CLOSED, CaseStatus.REFERRED),
        decided[-1]["outcome"] if decided else None,
        len(await services.outbox.of_case(case_id)),
        tuple(each["specialist"] for each in broke_off),
    )


def _installed(services: Services) -> Services:
    install(services)
    return services
