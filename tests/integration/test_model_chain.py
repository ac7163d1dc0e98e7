"""Model, fallback model, playbook; what a case may spend on all of it; and what is on record about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from agents.roster import ROSTER
from agents.work import work
from api.assembly import crew
from api.demo.stories import routine, self_employed
from api.settings import ModelSettings
from checkpoints.journal import read_calls
from domain.clock import SetClock
from domain.model_use import CaseBudget, PriceRow
from graphs.services import Services, install
from tests.fakes.books import under_book
from tests.fakes.casework import asking, open_story, opened, pending
from tests.fakes.governed import session_of
from tests.fakes.model_script import HANG, SERVER_ERROR, Call, Reply, Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, answer, specialists

Chain = Callable[[Script, Script], tuple[ScriptedModel, ScriptedModel, Services]]
WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
BROKEN = Turns(answer=Reply(fault=SERVER_ERROR.fault))


@pytest.fixture
def chain(services: Services) -> Iterator[Chain]:
    """Two scripted models: the tier's own and the fallback, at addresses of their own."""
    with ExitStack() as stack:

        def start(first: Script, second: Script) -> tuple[ScriptedModel, ScriptedModel, Services]:
            servers = [stack.enter_context(ScriptedModel(script)) for script in (first, second)]
            settings = ModelSettings(
                base_url=servers[0].url,
                routine="scripted",
                fallback="second",
                fallback_base_url=servers[1].url,
            )
            built = crew(settings, services.breakers, services.crew.tool_gateway)
            equipped = replace(services, crew=built)
            install(equipped)
            return servers[0], servers[1], equipped

        yield start


async def bodies(services: Services, case_id: str, kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in await services.ledger.entries(case_id) if entry.kind == kind]


async def test_fallback_model_answers_when_the_first_fails_and_both_are_on_record(
    chain: Chain, clock: SetClock
) -> None:
    _, second, services = chain(specialists(bureau_analyst=BROKEN), specialists())
    case_id = await opened(services, routine(clock.now().date()))
    called = await bodies(services, case_id, "model_called")
    assert {(each["model"], *each["passed_over"]) for each in called} >= {("second", "scripted")}
    refused = await bodies(services, case_id, "call_refused")
    assert {(each["target"], each["control"]) for each in refused} == {("scripted", "model.failure")}
    assert not (await pending(services, case_id)).packet.degraded
    assert len(second.requests_of("bureau_analyst")) == 2


async def test_playbook_works_when_both_models_fail(chain: Chain, clock: SetClock) -> None:
    _, second, services = chain(specialists(bureau_analyst=BROKEN), specialists(bureau_analyst=BROKEN))
    case_id = await opened(services, routine(clock.now().date()))
    fell = await bodies(services, case_id, "specialist_fell_back")
    assert [each["specialist"] for each in fell] == ["bureau_analyst"]
    assert (await pending(services, case_id)).packet.degraded
    assert second.requests_of("bureau_analyst")


async def test_answer_of_the_fallback_is_not_asked_again(chain: Chain, clock: SetClock) -> None:
    first, second, services = chain(specialists(bureau_analyst=BROKEN), specialists())
    given = await session_of(services, clock, "bureau_analyst")
    await work(services.crew, ROSTER["bureau_analyst"], given.session, given.context, given.blocked)
    asked = len(first.requests), len(second.requests)
    again = await session_of(services, clock, "bureau_analyst", case_id=given.session.assignment.case_id)
    found = await work(services.crew, ROSTER["bureau_analyst"], again.session, again.context, again.blocked)
    assert (found.produced_by, found.degraded) == ("model", False)
    assert (len(first.requests), len(second.requests)) == asked


async def test_model_that_hangs_is_seen_to_fail_while_there_is_time_for_the_other(
    chain: Chain, clock: SetClock
) -> None:
    _, second, services = chain(specialists(bureau_analyst=Turns(answer=HANG)), specialists())
    given = await session_of(services, clock, "bureau_analyst", timeout_seconds=2)
    await work(services.crew, ROSTER["bureau_analyst"], given.session, given.context, given.blocked)
    assert second.requests_of("bureau_analyst")
    refused = await bodies(services, given.session.assignment.case_id, "call_refused")
    assert ("scripted", "model.failure") in {(each["target"], each["control"]) for each in refused}


async def test_fallback_has_a_breaker_of_its_own(chain: Chain, clock: SetClock) -> None:
    _, _, services = chain(specialists(bureau_analyst=BROKEN), specialists())
    await opened(services, routine(clock.now().date()))
    assert {"model:scripted", "model:second@fallback"} <= set(await services.breakers.states())


async def test_call_is_priced_by_a_row_of_the_book_that_the_event_names(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(specialists())
    case_id = await opened(services, self_employed(clock.now().date()))
    called = await bodies(services, case_id, "model_called")
    assert {(each["tier"], each["price_row"]) for each in called} == {
        ("routine", "P-routine"),
        ("standard", "P-standard"),
    }
    assert {(each["tokens_in"], each["tokens_out"], each["cost_microusd"]) for each in called} == {
        (100, 20, 90),
        (100, 20, 360),
    }


@pytest.mark.parametrize(
    ("budget", "control"),
    [
        (CaseBudget(max_tokens=240), "case.tokens"),
        (CaseBudget(max_cost_microusd=240), "case.cost"),
        (CaseBudget(max_seconds=0), "case.time"),
    ],
)
async def test_spent_budget_of_the_case_stops_models_and_the_case_goes_on_by_playbook(
    with_model: WithModel, clock: SetClock, budget: CaseBudget, control: str
) -> None:
    server, equipped = with_model(specialists())
    equipped = under_book(equipped, "home_loan", case_budget=budget)
    case_id = await opened(equipped, routine(clock.now().date()))
    refused = await bodies(equipped, case_id, "call_refused")
    assert {each["control"] for each in refused} == {control}
    assert (await pending(equipped, case_id)).packet.degraded
    assert len(server.requests) < 8


async def test_recalled_answers_cost_the_case_nothing_and_a_crash_forgets_no_spending(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(specialists())
    budget = CaseBudget(max_tokens=240)
    given = await session_of(services, clock, "bureau_analyst", case_budget=budget)
    case_id = given.session.assignment.case_id
    await work(services.crew, ROSTER["bureau_analyst"], given.session, given.context, given.blocked)
    again = await session_of(services, clock, "bureau_analyst", case_id=case_id, case_budget=budget)
    found = await work(services.crew, ROSTER["bureau_analyst"], again.session, again.context, again.blocked)
    assert not found.degraded
    other = await session_of(services, clock, "market_analyst", case_id=case_id, case_budget=budget)
    found = await work(services.crew, ROSTER["market_analyst"], other.session, other.context, other.blocked)
    assert found.degraded
    assert len(server.requests) == 2


async def test_uncounted_call_is_estimated_and_priced(with_model: WithModel, clock: SetClock) -> None:
    uncounted = replace(Reply(payload=answer()), prompt_tokens=0, completion_tokens=0)
    _, services = with_model(specialists(bureau_analyst=Turns(TOOLS["bureau_analyst"], answer=uncounted)))
    row = PriceRow(id="P9", prompt=1_000_000, completion=1_000_000)
    given = await session_of(services, clock, "bureau_analyst", prices=(row,))
    await work(services.crew, ROSTER["bureau_analyst"], given.session, given.context, given.blocked)
    called = await bodies(services, given.session.assignment.case_id, "model_called")
    assert [each["estimated"] for each in called] == [False, True]
    assert called[-1]["cost_microusd"] == called[-1]["tokens"] > 100


async def test_long_conversation_is_sent_with_pointers_and_recalled_all_the_same(
    with_model: WithModel, clock: SetClock
) -> None:
    letter = "My order book is full for this year and the next. " * 30
    records = [call for call in TOOLS["income_verifier"] if call.tool != "letter_of_explanation"]
    steps = [*[[Call("letter_of_explanation")]] * 4, *[[call] for call in records]]
    server, services = with_model(specialists(income_verifier=Turns(*steps, answer=answer())))
    case_id = await open_story(services, asking(routine(clock.now().date()), letter_of_explanation=letter))
    bounds: dict[str, Any] = {
        "max_prompt_tokens": 1_900,
        "keep_tool_results": 2,
        "max_model_calls": 20,
    }
    for _ in range(2):
        given = await session_of(services, clock, "income_verifier", case_id=case_id, **bounds)
        await work(services.crew, ROSTER["income_verifier"], given.session, given.context, given.blocked)
    assert len(server.requests) == len(steps) + 1
    letters = server.requests[-1].results("letter_of_explanation")
    assert {"left out" in text and "r1.mortgage.income_verifier/1/" in text for text in letters} == {True}
    kept = [server.requests[-1].results(call.tool)[-1] for call in records[-2:]]
    assert not any("left out" in text for text in kept)
    assert server.requests[-1].system == server.requests[0].system
    assert (await bodies(services, case_id, "model_called"))[-1]["trimmed"] == len(steps) - 2


async def test_prompt_that_cannot_be_made_short_enough_is_not_sent(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(specialists())
    given = await session_of(services, clock, "bureau_analyst", max_prompt_tokens=100)
    found = await work(services.crew, ROSTER["bureau_analyst"], given.session, given.context, given.blocked)
    assert found.degraded
    assert server.requests == []
    (refused,) = await bodies(services, given.session.assignment.case_id, "call_refused")
    assert refused["control"] == "model.prompt"


async def test_journal_holds_the_digest_of_the_prompt_that_was_approved(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(specialists())
    case_id = await opened(services, routine(clock.now().date()))
    calls = await read_calls(services.database, services.vault, case_id)
    digests = {call["request"]["prompt"] for call in calls if call["gateway"] == "model"}
    assert digests == {each["prompt_digest"] for each in await bodies(services, case_id, "model_called")}
