"""What is broken, one thing at a time, and whether the case that met it ended as it should."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from agents.advisor.advisor import TOOLS as OF_THE_CHAT
from api.assembly import models
from api.demo.stories import routine
from api.intake import Submission, parse_register_file, submit
from api.settings import ModelSettings
from domain.case import ENDED
from graphs.services import Services, install
from tests.fakes.breakage import (
    STORIES,
    WAYS,
    Ending,
    broken_specialist,
    ending,
    in_haste,
    out_of_service,
    parts,
    standing_of,
    to_the_end,
    with_broken_tool,
)
from tests.fakes.casework import advance, opened
from tests.fakes.chat import Talk
from tests.fakes.model_script import (
    BROKEN_BODY,
    HANG,
    SERVER_ERROR,
    InOrder,
    Reply,
    Script,
    Turns,
    malformed_json,
)
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR, COMPLIANCE
from tests.fakes.proofs import proven
from tests.fakes.registers import synthetic
from tests.fakes.specialists_script import TOOLS, answer, specialists

FAULTS: dict[str, Reply] = {
    "error": SERVER_ERROR,
    "hang": HANG,
    "broken body": BROKEN_BODY,
    "garbage": malformed_json(answer()),
}
SLOW = 0.2  # seconds before every answer of a slow model
MODELLED = "home_loan, new customer"  # its story needs every specialist that the script knows
CHAT, REGISTER = "advisor", "lar_review"
REVIEWER = "register_review"
ANSWERED = "answered"
ENDS = (*ENDED, ANSWERED)
QUESTION = "Where does case {} stand, and why?"


@dataclass(frozen=True, slots=True)
class Broken:
    """One break, where its case stopped, and where it ended when people had done what they were asked."""

    workflow: str
    kind: str  # tool, specialist or model
    part: str
    way: str
    ended: Ending
    at_last: str  # status

    @property
    def recovered(self) -> bool:
        """With a person or at its end, nothing done to the outside, and nothing approved that was not found out.

        A case that took its way as ever (slow, or never met the break) may have done what its book lets it do alone.
        """
        met = bool(self.ended.failures)
        harmless = not met or (self.ended.decided != "approve" and not self.ended.effects)
        return self.ended.stopped and harmless and self.at_last in ENDS


Breaks = Callable[[Services], AsyncIterator[Broken]]


async def tools(services: Services) -> AsyncIterator[Broken]:
    """Each tool of each workflow, in every way."""
    for workflow in STORIES:
        for tool in parts(services, workflow)[0]:
            for way in WAYS:
                await _mended(services)
                broken = with_broken_tool(services, workflow, tool, way)
                yield await _case(broken, workflow, ("tool", tool, way))
                install(services)


async def jobs(services: Services) -> AsyncIterator[Broken]:
    """Each specialist of each workflow, in every way, and out of service."""
    for workflow in STORIES:
        for job in parts(services, workflow)[1]:
            for way in WAYS:
                await _mended(services)
                with broken_specialist(services, workflow, job, way) as broken:
                    yield await _case(broken, workflow, ("specialist", job, way))
            await _mended(services)
            await out_of_service(services, job)
            yield await _case(services, workflow, ("specialist", job, "down"))


async def whole_models(services: Services) -> AsyncIterator[Broken]:
    """The model of each workflow, whoever asks it, failing every time; or slow."""
    for workflow in STORIES:
        for way, fault in FAULTS.items():
            await _mended(services)
            with _modelled(services, workflow, InOrder(then=fault)) as equipped:
                yield await _case(equipped, workflow, ("model", "every answer", way))
    await _mended(services)
    with _modelled(services, MODELLED, specialists(), latency=SLOW) as equipped:
        yield await _case(equipped, MODELLED, ("model", "every answer", "slow"))


async def model_turns(services: Services) -> AsyncIterator[Broken]:
    """The model of each specialist, of the judge and of the planner of one workflow, failing every time."""
    for job in (*TOOLS, "judge", "planner"):
        for way, fault in FAULTS.items():
            await _mended(services)
            failing = Turns(answer=Reply(fault=fault.fault)) if fault.fault else Turns(answer=fault)
            with _modelled(services, MODELLED, specialists(**{job: failing})) as equipped:
                yield await _case(equipped, MODELLED, ("model", job, way))


async def chats(services: Services) -> AsyncIterator[Broken]:
    """Each tool of the chat, in every way, and its model: whoever asked gets an answer, or is told of none."""
    case_id = await opened(services, routine(services.clock.now().date()), "of the chat")
    for tool in OF_THE_CHAT:
        for way in WAYS:
            await _mended(services)
            broken = with_broken_tool(services, CHAT, tool, way)
            yield await _asked(broken, case_id, ("tool", tool, way))
            install(services)
    await proven(services, CHAT)  # so that the model is asked at all
    for way, fault in FAULTS.items():
        await _mended(services)
        with _modelled(services, CHAT, InOrder(then=fault)) as equipped:
            yield await _asked(equipped, case_id, ("model", "every answer", way))


async def registers(services: Services) -> AsyncIterator[Broken]:
    """The one tool of a register review, in every way."""
    for way in WAYS:
        await _mended(services)
        broken = with_broken_tool(services, REGISTER, REVIEWER, way)
        today = services.clock.now().date()
        file = parse_register_file(synthetic(), f"{way}.txt", today)
        case = await submit(broken, COMPLIANCE, Submission(file, f"register-{way}"))
        await advance(broken, case.id)
        stopped = await standing_of(broken, case.id)
        at_last = await to_the_end(broken, case.id)
        yield Broken(REGISTER, "tool", REVIEWER, way, stopped, at_last)
        install(services)


EVERY: dict[str, Breaks] = {
    "tools": tools,
    "specialists": jobs,
    "models": whole_models,
    "turns": model_turns,
    "chat": chats,
    "registers": registers,
}


async def _case(services: Services, workflow: str, broken: tuple[str, str, str]) -> Broken:
    """The workflow's story with this broken: where it stops, and where it ends."""
    kind, part, way = broken
    stopped = await ending(services, workflow, f"{kind}-{part}-{way}")
    return Broken(workflow, kind, part, way, stopped, await to_the_end(services, stopped.case_id))


async def _asked(services: Services, case_id: str, broken: tuple[str, str, str]) -> Broken:
    """One question of the chat with this broken."""
    kind, part, way = broken
    talk = Talk(services, ADVISOR)
    said = await talk.ask(QUESTION.format(case_id), f"{kind}-{part}-{way}")
    told = Ending(talk.thread or "", bool(said.segments), said.refused or ANSWERED, 0, ())
    return Broken(CHAT, kind, part, way, told, ANSWERED if said.segments else "silent")


@contextmanager
def _modelled(services: Services, workflow: str, script: Script, latency: float = 0.0) -> Iterator[Services]:
    """The same services with a scripted model, under a book that gives it one second."""
    rest = in_haste(services, workflow, "model_timeout_seconds")
    with ScriptedModel(script, latency) as server:
        settings = ModelSettings(_env_file=None, base_url=server.url, api_key="chaos", routine="scripted")
        equipped = replace(rest, crew=replace(rest.crew, models=models(settings)))
        install(equipped)
        yield equipped
    install(services)


async def _mended(services: Services) -> None:
    """Close every breaker, so that one break does not hide behind another's."""
    for name, is_open in (await services.breakers.states()).items():
        if is_open:
            await services.breakers.succeeded(name)
