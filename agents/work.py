"""How a specialist works: with a model when one is configured, else by its playbook; one finding comes out.

A model that tries what its mandate does not name is not believed without a person: its finding is degraded. One
that fails, is refused or twice hands in what cannot be used is replaced by the playbook, and the
finding is marked degraded. One that works in the shadow is recorded and replaced by the playbook, as if there were
none. A playbook that fails or is late leaves a partial finding. Never decides what the
finding is worth: policy does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

from agents.build import Governed
from agents.by_model import ModelWork
from agents.by_playbook import by_playbook
from agents.contract import Specialist
from agents.crew import Crew
from agents.partial import NO_FAILURE, partial, told
from agents.prompt import read_prompt
from agents.verify import TableSays
from audit.events import SpecialistFellBack
from audit.failures import SpecialistBrokeOff
from audit.model_level import FindingShadowed
from checkpoints.session import Session
from domain.canonical import digest
from domain.errors import Refused, Unavailable
from domain.finding import Fact, Finding, Gap
from tools.contract import ToolContext

__all__ = ["Crew", "work"]

TIMEOUT = "specialist.timeout"
PATHS = 2  # by model, then by playbook
TOO_LATE = "it was not done within"  # so many seconds
OVERSTEPPED = Gap(  # no row of a book lets it pass: something that the model read may have steered it
    code="overstepped",
    detail="a model tried what its mandate does not name; look at what it read",
    needs="person",
)


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
    """One specialist's finding, whatever fails; raises only what is no failure of its work (``NO_FAILURE``).

    Both paths have the mandate's time and are really cancelled after it. Work that broke off gives a partial
    finding. Errors that no control raised count against the specialist's own breaker.
    """
    prompt = read_prompt(specialist.prompt_file)
    governed = Governed(session, context, prompt, blocked, crew.model_gateway, crew.tool_gateway)
    breakers, breaker = crew.model_gateway.breakers, f"specialist:{specialist.job}"
    try:
        await session.require_running(breaker)
        await breakers.enter(breaker, PATHS * session.assignment.mandate.timeout_seconds)
        finding = await _worked(crew, specialist, governed, table)
    except NO_FAILURE:
        raise
    except Exception as error:
        if not isinstance(error, Refused) or error.control == TIMEOUT:
            await breakers.failed(breaker)
        await session.record("broke_off", SpecialistBrokeOff(specialist=specialist.job, reason=told(error)))
        return partial(specialist, governed, error)
    await breakers.succeeded(breaker)
    return finding


async def _worked(crew: Crew, specialist: Specialist, governed: Governed, table: TableSays) -> Finding:
    session = governed.session
    model = crew.model_for(session.assignment)
    if model is None:
        return await _in_time(session, by_playbook(specialist, governed, degraded=False))
    try:
        found = await _in_time(session, ModelWork(crew, specialist, governed, model, table).finding())
        if not session.assignment.mandate.shadow:
            return found.model_copy(update={"degraded": session.overstepped})
        await session.record("shadow", _shadowed(specialist, found))
    except NO_FAILURE:
        raise
    except Exception as error:
        await session.record("fallback", SpecialistFellBack(specialist=specialist.job, reason=told(error)))
    governed.answers.clear()
    session.spent.tool_calls = 0  # what a model used is not taken from the playbook
    degraded = not session.assignment.mandate.shadow  # nobody relied on the model there
    finding = await _in_time(session, by_playbook(specialist, governed, degraded=degraded))
    if not (degraded and session.overstepped):
        return finding
    return finding.model_copy(update={"gaps": (*finding.gaps, OVERSTEPPED)})


def _shadowed(specialist: Specialist, found: Finding) -> FindingShadowed:
    sealed = specialist.audience == "compliance"
    return FindingShadowed(
        specialist=specialist.job,
        finding_digest=digest(found.model_dump(mode="json")),
        confidence_bps=found.confidence_bps,
        answers=() if sealed else found.answers,
        gaps=() if sealed else tuple(gap.code for gap in found.gaps),
    )


async def _in_time(session: Session, finding: Awaitable[Finding]) -> Finding:
    seconds = session.assignment.mandate.timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            return await finding
    except TimeoutError as error:
        raise Unavailable(f"{TOO_LATE} {seconds} s", control=TIMEOUT) from error
