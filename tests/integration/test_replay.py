"""Cases replayed from their records: everything comes out again, nothing outside is reached, nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine, self_employed, small_amendment
from api.http.app import create_app
from api.settings import Settings
from checkpoints.escalation import Escalation
from domain.clock import SetClock
from evals.cases.erring import ErringCrew
from graphs.services import Services
from graphs.services import services as of_this_process
from graphs.time_machine import fork, read_record, replay
from tests.fakes.bank import RunningBank
from tests.fakes.books import rewritten
from tests.fakes.casework import advance, decide, deliver, kinds, only, opened, pending, time_passes, without
from tests.fakes.front import Front, is_problem
from tests.fakes.model_script import FallsSilent, Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR, SECOND_UNDERWRITER, UNDERWRITER
from tests.fakes.specialists_script import TOOLS, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
DEMO = (
    (routine, (UNDERWRITER,)),
    (self_employed, (UNDERWRITER, SECOND_UNDERWRITER)),
    (over_committed, (UNDERWRITER,)),
    (small_amendment, ()),
)


async def divergence(services: Services, case_id: str) -> dict[str, Any] | None:
    return (await replay(await read_record(services, case_id))).divergence


async def everything(services: Services) -> list[Any]:
    """How many rows every table has, and where each chain ends."""
    tables = await services.database.rows(
        "select schemaname || '.' || relname as t from pg_stat_user_tables where schemaname in "
        "('countersign', 'source') order by t"
    )
    counted = [await services.database.row(f"select count(*) from {each['t']}") for each in tables]
    return [*counted, *await services.database.rows("select * from countersign.ledger_heads order by stream")]


def asked_of(bank: RunningBank) -> dict[str, Any]:
    calls = bank.counts()["calls"]
    return {name: number for name, number in calls.items() if name != "GET /_counts"}  # this question itself


async def test_all_demo_cases_come_out_again_with_no_effect_and_nothing_written(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    cases = []
    for story, people in DEMO:
        case_id = await opened(services, story(clock.now().date()), story.__name__)
        for person in people:
            await decide(services, person, await pending(services, case_id))
        await advance(services, case_id)
        cases.append(case_id)
    before, at_the_bank = await everything(services), asked_of(bank)
    replays = [await replay(await read_record(services, case_id)) for case_id in cases]
    assert [each.divergence for each in replays] == [None] * 4
    assert sum(each.effects for each in replays) == 10  # on record: none of them is performed again
    assert (await everything(services), asked_of(bank)) == (before, at_the_bank)
    assert of_this_process() is services


async def test_deck_of_cases_by_an_erring_model_comes_out_again_without_a_call(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(ErringCrew(one_in=3))
    stories = (routine, self_employed, over_committed)
    cases = [await opened(services, each(clock.now().date()), each.__name__) for each in stories]
    asked = len(server.requests)
    assert [await divergence(services, case_id) for case_id in cases] == [None] * 3
    assert (asked > 0, len(server.requests)) == (True, asked)
    told = [kind for case_id in cases for kind in await kinds(services, case_id)]
    assert {"answer_sent_back", "judgement_reviewed"} <= {*told}


async def test_case_whose_specialists_ran_out_of_time_at_different_turns_comes_out_again(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(
        FallsSilent(specialists(), after=lambda job: len(job) % 3 if job in TOOLS else 9)
    )
    hasty = rewritten(services, "home_loan", "{tier:", "{timeout_seconds: 1, tier:")
    async with services.database.transaction() as connection:
        await hasty.books.keep(connection, clock)
    case_id = await opened(hasty, self_employed(clock.now().date()))
    assert {"specialist_fell_back", "specialist_broke_off"} & {*await kinds(hasty, case_id)}
    assert await divergence(hasty, case_id) is None


async def test_case_that_waited_for_a_record_and_one_whose_time_ran_out_come_out_again(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    came = await opened(services, without(story, "valuation"), "came")
    clock.forward(timedelta(days=9))
    await deliver(services, came, only(story, "valuation"), "appraisal-7")
    await advance(services, came)
    late = await opened(services, without(story, "valuation"), "late")
    await time_passes(services, clock, 60)
    assert "timer_fired" in await kinds(services, late)
    assert [await divergence(services, each) for each in (came, late)] == [None, None]


async def test_offer_that_nobody_decides_comes_out_again(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    for _ in range(2):
        clock.forward(timedelta(days=30))
        async with services.database.transaction() as connection:
            await Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents).sweep(
                connection
            )
    await advance(services, case_id)
    assert {"approval_escalated", "approval_expired", "case_referred"} <= {*await kinds(services, case_id)}
    assert await divergence(services, case_id) is None


async def test_what_if_copy_comes_out_again_on_its_original_s_answers(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = (await fork(services, ADVISOR, case_id, 13, {"credit_score": 580})).id
    await advance(services, copy)
    assert await divergence(services, copy) is None


async def test_replay_over_http_is_for_auditors(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await opened(services, small_amendment(clock.now().date()))
    path = f"/v1/cases/{case_id}/replay"
    assert is_problem(await front.ask("advisor", "GET", path), 403, "forbidden")
    came = (await front.ask("auditor", "GET", path)).json()
    assert (came["identical"], came["effects"], came["divergence"]) == (True, 2, None)
    assert is_problem(await front.ask("auditor", "GET", "/v1/cases/none/replay"), 404, "not_found")
