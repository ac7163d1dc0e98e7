"""A record that arrives while specialists are at work is not lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from api.demo.stories import routine
from domain.clock import SetClock
from graphs.services import Services, install
from tests.fakes.casework import advance, deliver, kinds, only, open_story, pending, without
from tools.gateway import ToolGateway


@dataclass
class Interrupted:
    """A tool gateway; something happens once, right before a credit file is asked for."""

    inner: ToolGateway
    happens: Callable[[], Awaitable[object]]
    done: bool = False

    async def call(self, session: Any, context: Any, name: str, args: Any) -> Any:
        """One call."""
        if name == "bureau_file" and not self.done:
            self.done = True
            await self.happens()
        return await self.inner.call(session, context, name, args)


async def test_appraisal_that_comes_during_a_round_is_used_in_the_next(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await open_story(services, without(story, "valuation"))

    async def appraisal() -> None:
        clock.forward(timedelta(seconds=1))
        await deliver(services, case_id, only(story, "valuation"), "appraisal-7")

    gateway: Any = Interrupted(services.crew.tool_gateway, appraisal)
    hooked = replace(services, crew=replace(services.crew, tool_gateway=gateway))
    install(hooked)
    await advance(hooked, case_id)
    assert "event_awaited" not in await kinds(services, case_id)
    figures = {each.label: each.value for each in (await pending(services, case_id)).packet.figures}
    assert figures["ltv"] == "80.00 %"
