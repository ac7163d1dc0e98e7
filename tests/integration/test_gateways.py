"""Each refusal of the model and tool gateways, one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agents.roster import ROSTER
from agents.work import work
from api.demo.stories import routine
from checkpoints.lease import take
from domain.assignment import Assignment, Mandate
from domain.clock import SetClock
from domain.errors import Refused, Unavailable
from domain.finding import Finding
from domain.guard import Passage, Stage, Verdict
from domain.identity import Record
from graphs.lease import CURRENT
from graphs.services import Services
from graphs.sessions import OpenSession, open_session
from guardrails.catalog import OF_CALLS, OVER_RATE
from tests.fakes.casework import bodies, kinds, open_story
from tests.fakes.model_script import Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import answer, specialists
from tools.catalog import TOOLS
from tools.contract import ToolContext
from tools.gateway import ToolGateway

BUREAU = ROSTER["bureau_analyst"]
WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def session(services: Services, clock: SetClock, **bounds: Any) -> OpenSession:
    """A bureau analyst's session under a mandate with these bounds."""
    case_id = await open_story(services, routine(clock.now().date()))
    CURRENT.set(await take(services.database, case_id, "test", clock))
    allowed: dict[str, Any] = {"tools": frozenset({"bureau_file"}), "records": frozenset({"bureau_file"})}
    given = Assignment(
        id="r1.credit",
        case_id=case_id,
        worker="credit",
        specialists=(BUREAU.job,),
        objective="test",
        inputs={},
        parties=("party:1",),
        boundaries=(),
        expected=BUREAU.provides,
        as_of=clock.now(),
        deadline=clock.now() + timedelta(hours=1),
        mandate=Mandate(**(allowed | bounds)),
    )
    return await open_session(given, BUREAU.job)


async def call(services: Services, opened: OpenSession, name: str = "bureau_file", **args: Any) -> str:
    gateway = services.crew.tool_gateway
    return (await gateway.call(opened.session, opened.context, name, args or {"party": "party:1"})).entry


@pytest.mark.parametrize(
    ("bounds", "control"),
    [
        ({"tools": frozenset()}, "mandate.tools"),
        ({"records": frozenset()}, "mandate.records"),
        ({"regions": frozenset({"EU"})}, "mandate.regions"),
        ({"max_tool_calls": 0}, "mandate.tool_calls"),
        ({"hours_utc": (0, 9)}, "mandate.hours"),
    ],
)
async def test_tool_outside_the_mandate_is_refused_and_recorded(
    services: Services, clock: SetClock, bounds: dict[str, Any], control: str
) -> None:
    opened = await session(services, clock, **bounds)
    with pytest.raises(Refused) as refusal:
        await call(services, opened)
    assert refusal.value.control == control
    assert "call_refused" in await kinds(services, opened.session.assignment.case_id)


@pytest.mark.parametrize("args", [{"party": 7}, {"party": "party:1", "amount": 5}, {"who": "party:1"}])
async def test_arguments_that_fail_the_schema_are_refused(
    services: Services, clock: SetClock, args: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refusal:
        await call(services, await session(services, clock), **args)
    assert refusal.value.control == "tool.arguments"


async def test_value_as_an_argument_is_refused_by_the_guardrail(services: Services, clock: SetClock) -> None:
    with pytest.raises(Refused) as refusal:
        await call(services, await session(services, clock), party="party:900000001")
    assert refusal.value.control == "guardrail.values_as_arguments"


class Broken:
    """A guardrail that cannot make up its mind."""

    name, version = "broken", "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        raise RuntimeError("no idea")


async def test_guardrail_that_fails_counts_as_a_refusal(services: Services, clock: SetClock) -> None:
    opened = await session(services, clock, call_guardrails=("broken",))
    with pytest.raises(Refused, match="broken failed"):
        await ToolGateway(TOOLS, services.breakers, (Broken(),), OVER_RATE).call(
            opened.session, opened.context, "bureau_file", {"party": "party:1"}
        )


async def test_guardrails_over_calls_are_those_that_the_book_switches_on(
    services: Services, clock: SetClock
) -> None:
    opened = await session(services, clock, call_guardrails=())
    await call(services, opened, party="party:900000001")
    ruled = await bodies(services, opened.session.assignment.case_id, "guardrail_ruled")
    assert "values_as_arguments" not in {each["guardrail"] for each in ruled}


async def test_guardrail_over_calls_that_is_not_there_refuses(services: Services, clock: SetClock) -> None:
    with pytest.raises(Refused, match="beyond_reason"):
        await call(services, await session(services, clock, call_guardrails=("beyond_reason",)))


async def never(args: Record, context: ToolContext) -> Record:
    """A tool that does not come back."""
    await asyncio.Event().wait()
    raise AssertionError("it came back")


async def test_tool_that_hangs_is_given_up_and_nothing_is_journaled_as_its_answer(
    services: Services, clock: SetClock
) -> None:
    opened = await session(services, clock, tool_timeout_seconds=0)
    hanging = replace(TOOLS["bureau_file"], run=never)
    with pytest.raises(Unavailable) as refusal:
        await ToolGateway({hanging.name: hanging}, services.breakers, OF_CALLS, OVER_RATE).call(
            opened.session, opened.context, hanging.name, {"party": "party:1"}
        )
    assert refusal.value.control == "tool.timeout"
    (row,) = await services.database.rows("select response from countersign.journal")
    assert row["response"] is None


async def test_answer_on_record_is_given_again_without_running_the_tool(
    services: Services, clock: SetClock
) -> None:
    first = await call(services, await session(services, clock))
    lease = CURRENT.get()
    again = await session(services, clock)
    assert lease is not None
    assert await call(services, again) == first
    rows = await services.database.rows("select * from countersign.journal")
    assert len(rows) == 1


async def judged(services: Services, opened: OpenSession) -> Finding:
    return await work(services.crew, BUREAU, opened.session, opened.context, opened.blocked)


@pytest.mark.parametrize(
    ("bounds", "control"),
    [
        ({"max_model_calls": 0}, "model.calls"),
        ({"max_tokens": 0}, "model.tokens"),
        ({"max_cost_microusd": 1, "price_in": 10**9}, "model.cost"),
    ],
)
async def test_spent_budget_stops_the_model_and_the_playbook_does_the_work(
    with_model: WithModel, clock: SetClock, bounds: dict[str, Any], control: str
) -> None:
    _, services = with_model(specialists())
    opened = await session(services, clock, **bounds)
    found = await judged(services, opened)
    entries = await services.ledger.entries(opened.session.assignment.case_id)
    assert found.degraded
    assert control in [entry.body["control"] for entry in entries if entry.kind == "call_refused"]


async def test_passed_deadline_stops_the_model(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    opened = await session(services, clock)
    clock.forward(timedelta(hours=2))
    assert (await judged(services, opened)).degraded
    assert server.requests == []


async def test_vault_value_in_a_prompt_stops_the_call(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    opened = await session(services, clock)
    leaking = opened.session.assignment.model_copy(update={"objective": "Look at Avery Demo Quill"})
    opened.session.assignment = leaking
    assert (await judged(services, opened)).degraded
    assert server.requests == []


async def test_answer_with_a_vault_value_is_kept_from_everybody_and_recorded_as_such(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(Turns([], answer=answer(narrative="Avery Demo Quill pays on time.")))
    opened = await session(services, clock)
    found = await judged(services, opened)
    entries = await services.ledger.entries(opened.session.assignment.case_id)
    assert found.degraded
    assert [e.body["control"] for e in entries if e.kind == "call_refused"] == ["model.answer_identity"]
    assert "Quill" not in found.model_dump_json()


async def test_open_breaker_is_not_asked_and_admits_one_probe(services: Services, clock: SetClock) -> None:
    for _ in range(5):
        await services.breakers.enter("model:x")
        await services.breakers.failed("model:x")
    with pytest.raises(Unavailable):
        await services.breakers.enter("model:x")
    clock.forward(timedelta(seconds=31))
    await services.breakers.enter("model:x", lasts=60)
    clock.forward(timedelta(seconds=31))
    with pytest.raises(Unavailable):
        await services.breakers.enter("model:x", lasts=60)  # the probe may still be under way
    clock.forward(timedelta(seconds=30))
    await services.breakers.enter("model:x", lasts=60)
    await services.breakers.succeeded("model:x")
    await services.breakers.enter("model:x")
    assert await transitions(services) == ["tripped", "probed", "probed", "closed"]


async def test_breaker_whose_probe_fails_opens_anew_and_every_transition_is_on_record(
    services: Services, clock: SetClock
) -> None:
    breakers, name = services.breakers, "tool:x"
    await breakers.enter(name)
    await breakers.succeeded(name)  # nothing to tell: it was never open
    for _ in range(5):
        await breakers.enter(name)
        await breakers.failed(name)
    clock.forward(timedelta(seconds=31))
    await breakers.enter(name)
    clock.forward(timedelta(seconds=1))
    await breakers.failed(name)
    with pytest.raises(Unavailable):
        await breakers.enter(name)
    clock.forward(timedelta(seconds=31))
    await breakers.enter(name)
    await breakers.succeeded(name)
    assert await transitions(services) == ["tripped", "probed", "tripped", "probed", "closed"]


async def test_of_many_runners_at_once_one_alone_wins_the_probe(services: Services, clock: SetClock) -> None:
    for _ in range(5):
        await services.breakers.enter("tool:x")
        await services.breakers.failed("tool:x")
    clock.forward(timedelta(seconds=31))
    asked = [services.breakers.enter("tool:x") for _ in range(8)]
    refused = [each for each in await asyncio.gather(*asked, return_exceptions=True) if each is not None]
    assert [type(each) for each in refused] == [Unavailable] * 7
    assert await transitions(services) == ["tripped", "probed"]


async def transitions(services: Services) -> list[str]:
    """What became of breakers, as the operations stream tells it."""
    kinds = [entry.kind for entry in await services.ledger.entries("ops")]
    return [kind.removeprefix("breaker_") for kind in kinds if kind.startswith("breaker_")]
