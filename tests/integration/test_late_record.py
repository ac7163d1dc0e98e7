"""A record that arrives while specialists are at work is not lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from api.demo.stories import routine
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services, install
from tests.fakes.bank import RunningBank
from tests.fakes.casework import (
    advance,
    bodies,
    decide,
    deliver,
    kinds,
    only,
    open_story,
    opened,
    pending,
    without,
)
from tests.fakes.people import UNDERWRITER
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


def title(clock: SetClock) -> dict[str, Any]:
    """A title report that names a defect."""
    day = clock.now().date().isoformat()
    return {"kind": "title_report", "reported_on": day, "defects": ["boundary"]}


async def test_title_report_that_comes_while_something_else_is_awaited_is_read(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, without(story, "bureau_file"))
    clock.forward(timedelta(days=1))
    await deliver(services, case_id, title(clock), "title-1")
    await deliver(services, case_id, only(story, "bureau_file"), "bureau-1")
    await advance(services, case_id)
    request = await pending(services, case_id)
    assert any("the title report names defects: boundary" in line for line in request.packet.exceptions)
    (reopened,) = await bodies(services, case_id, "facts_reopened")
    assert (reopened["cause"], "title_status" in reopened["facts"]) == ("record arrived title_report", True)


async def test_evidence_that_comes_while_people_decide_is_read_and_they_are_asked_again(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    clock.forward(timedelta(minutes=5))
    await deliver(services, case_id, title(clock), "title-1")
    await advance(services, case_id)
    await decide(services, UNDERWRITER, request)
    await advance(services, case_id)
    assert bank.counts()["loans_booked"] == 0
    again = await pending(services, case_id)
    assert (again.id, "T3: refer" in again.packet.policy_rows) == (f"{case_id}.offer.2", True)
    await decide(services, UNDERWRITER, again)
    await advance(services, case_id)
    assert (
        await services.cases.get(case_id)
    ).status == "waiting_event"  # until the cloud on title is cleared


async def test_second_appraisal_after_a_return_for_information_is_read(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    first = await pending(services, await opened(services, story))
    clock.forward(timedelta(minutes=5))
    lower = only(story, "valuation") | {"value_cents": only(story, "valuation")["value_cents"] * 9 // 10}
    await deliver(services, first.case_id, lower, "appraisal-2")
    await decide(services, UNDERWRITER, first, Verb.RETURN)
    await advance(services, first.case_id)
    again = await pending(services, first.case_id)
    ratios = [next(x.value for x in each.packet.figures if x.label == "ltv") for each in (first, again)]
    assert ratios == ["80.00 %", "88.89 %"]
