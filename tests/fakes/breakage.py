"""Breaks one part of the house at a time, a tool or a specialist in four ways, and carries its case to the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from agents.contract import CallTool, Specialist
from agents.roster import ROSTER
from api.demo.stories import Story, routine, self_employed, small_amendment
from domain.approval import ApprovalRequest
from domain.assignment import Assignment
from domain.case import ENDED
from domain.errors import Conflict, Forbidden, NotFound
from domain.identity import Record
from domain.person import Person
from graphs.services import Services, install
from guardrails.catalog import OF_CALLS, OVER_RATE
from tests.fakes.books import under_book
from tests.fakes.casework import advance, asking, bodies, decide, opened
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


def _gathering(specialist: Specialist, run: Callable[[], Awaitable[None]]) -> Specialist:
    """The specialist with something else before its own work."""

    async def gather(assignment: Assignment, call: CallTool) -> None:
        await run()
        await specialist.gather(assignment, call)

    return replace(specialist, gather=gather)


async def _raises() -> None:
    raise RuntimeError(f"no connection for {SECRET}")


async def _hangs() -> None:
    await asyncio.Event().wait()


async def _dawdles() -> None:
    await asyncio.sleep(0.1)


def _nonsense(specialist: Specialist) -> Specialist:
    said: Any = Garbage()
    return replace(specialist, conclude=lambda *_: said)


BROKEN_JOBS: dict[str, Callable[[Specialist], Specialist]] = {
    "error": lambda each: _gathering(each, _raises),
    "hang": lambda each: _gathering(each, _hangs),
    "garbage": _nonsense,
    "slow": lambda each: _gathering(each, _dawdles),
}
WAYS: dict[str, Callable[[Tool], Run]] = {"error": error, "hang": hang, "garbage": garbage, "slow": slow}
PEOPLE = 3  # of each group, for whatever quorum
STOPS = 30  # at which people or time carry a case on, before it counts as stuck
YEAR = timedelta(days=366)


def stranger(today: date) -> Story:
    """A refund for a customer whom the bank has not screened today."""
    story = small_amendment(today)
    borrower = {**story.application["borrowers"][0], "customer_number": None}
    papers = tuple(each for each in self_employed(today).records if each["kind"] == "identity_document")
    return replace(asking(story, borrowers=[borrower]), records=(*story.records, *papers))


STORIES: dict[str, Callable[[Any], Story]] = {
    "home_loan": routine,
    "home_loan, new customer": self_employed,
    "kyc_onboarding": company,
    "commercial_credit": lambda _: company_loan(),
    "loan_amendment": small_amendment,
    "loan_amendment, new customer": stranger,
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


def in_haste(services: Services, workflow: str, what: str) -> Services:
    """The same services under a book that gives every tool, model or specialist one second."""
    kind = workflow.partition(",")[0]
    rows = services.books.seed(kind).rules.mandates
    hasty = {job: row.model_copy(update={what: 1}) for job, row in rows.items()}
    return under_book(services, kind, mandates=hasty)


@contextmanager
def broken_specialist(services: Services, workflow: str, job: str, way: str) -> Iterator[Services]:
    """The roster with one specialist broken; it is whole again afterwards."""
    whole = ROSTER[job]
    ROSTER[job] = BROKEN_JOBS[way](whole)
    try:
        yield in_haste(services, workflow, "timeout_seconds") if way == "hang" else services
    finally:
        ROSTER[job] = whole
        install(services)


def with_broken_tool(services: Services, workflow: str, name: str, way: str) -> Services:
    """The same services with one tool broken, under a book that gives a tool one second."""
    rest = in_haste(services, workflow, "tool_timeout_seconds")
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
    return await standing_of(services, await opened(services, story, f"{workflow}/{key}"))


async def standing_of(services: Services, case_id: str) -> Ending:
    """Where a case stands now."""
    case = await services.cases.get(case_id)
    waits = [each for each in await services.desk.of_case(case_id) if each.status == "pending"]
    decided = await bodies(services, case_id, "decision_reached")
    broke_off = await bodies(services, case_id, "specialist_broke_off")
    return Ending(
        case_id,
        bool(waits) or case.status in ENDED,
        decided[-1]["outcome"] if decided else None,
        len(await services.outbox.of_case(case_id)),
        tuple(each["specialist"] for each in broke_off),
    )


async def to_the_end(services: Services, case_id: str) -> str:
    """People approve what they are asked and time passes, until the case ends; its status.

    A request is signed by as many people of its groups as it takes; what waits for something gets nothing but time.
    """
    for _ in range(STOPS):
        status = (await services.cases.get(case_id)).status
        if status in ENDED:
            return status
        asked = [each for each in await services.desk.of_case(case_id) if each.status == "pending"]
        for request in asked:
            await _signed(services, request)
        if not asked:
            async with services.database.transaction() as connection:
                await services.timers.fire(connection, services.clock.now() + YEAR)
        await advance(services, case_id)
    return (await services.cases.get(case_id)).status


async def _signed(services: Services, request: ApprovalRequest) -> None:
    people = [
        Person(f"{group}-of-chaos-{n}", groups=frozenset({group}), country="US")
        for group in (*request.candidate_groups, request.escalates_to)
        for n in range(PEOPLE)
    ]
    for person in people:
        if (await services.desk.get(request.id)).status != "pending":
            return
        with suppress(Forbidden, Conflict, NotFound):  # of too small a limit, or not of its groups
            await decide(services, person, request)


def _installed(services: Services) -> Services:
    install(services)
    return services
