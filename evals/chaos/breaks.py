"""What is broken, one thing at a time, and whether the case that met it ended as it should."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from api.assembly import models
from api.settings import ModelSettings
from graphs.services import Services, install
from tests.fakes.books import under_book
from tests.fakes.breakage import STORIES, WAYS, Ending, ending, out_of_service, parts, with_broken_tool
from tests.fakes.model_script import BROKEN_BODY, HANG, SERVER_ERROR, Reply, Turns, malformed_json
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, specialists

FAULTS: dict[str, Reply] = {
    "error": SERVER_ERROR,
    "hang": HANG,
    "broken body": BROKEN_BODY,
    "garbage": malformed_json(answer()),
}
MODELLED = "home_loan, new customer"  # its story needs every specialist that the script knows


@dataclass(frozen=True, slots=True)
class Broken:
    """One break and where its case ended."""

    workflow: str
    kind: str  # tool, specialist or model
    part: str
    way: str
    ended: Ending

    @property
    def recovered(self) -> bool:
        """With a person or at its end, nothing done to the outside, and nothing approved that was not found out."""
        missed = bool(self.ended.failures) and self.ended.decided == "approve"
        return self.ended.stopped and not self.ended.effects and not missed


async def tools(services: Services) -> AsyncIterator[Broken]:
    """Each tool of each workflow, in every way."""
    for workflow in STORIES:
        for tool in parts(services, workflow)[0]:
            for way in WAYS:
                await _mended(services)
                broken = with_broken_tool(services, workflow, tool, way)
                yield Broken(workflow, "tool", tool, way, await ending(broken, workflow, f"{tool}-{way}"))
                install(services)


async def jobs(services: Services) -> AsyncIterator[Broken]:
    """Each specialist of each workflow, out of service."""
    for workflow in STORIES:
        for job in parts(services, workflow)[1]:
            await _mended(services)
            await out_of_service(services, job)
            yield Broken(workflow, "specialist", job, "down", await ending(services, workflow, f"{job}-down"))


async def model_turns(services: Services) -> AsyncIterator[Broken]:
    """The model of each specialist of one workflow, failing every time."""
    for job in TOOLS:
        for way, fault in FAULTS.items():
            await _mended(services)
            async with _with_faults(services, job, fault) as equipped:
                yield Broken(MODELLED, "model", job, way, await ending(equipped, MODELLED, f"{job}-{way}"))


@asynccontextmanager
async def _with_faults(services: Services, job: str, fault: Reply) -> AsyncIterator[Services]:
    rows = services.books.seed("home_loan").rules.mandates
    hasty = {name: row.model_copy(update={"model_timeout_seconds": 1}) for name, row in rows.items()}
    rest = under_book(services, "home_loan", mandates=hasty)
    failing = Turns(answer=Reply(fault=fault.fault)) if fault.fault else Turns(answer=fault)
    with ScriptedModel(specialists(**{job: failing})) as server:
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
