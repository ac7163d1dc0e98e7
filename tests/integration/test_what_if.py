"""What a what-if copy finds out again, what it recalls, what it may suppose, and who may make one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine, small_amendment
from api.http.app import create_app
from api.settings import Settings
from audit.time_travel import CaseForked
from checkpoints.journal import count_calls, read_calls
from domain.clock import SetClock
from domain.errors import BadInput, Conflict
from domain.finding import Fact
from graphs.services import Services
from graphs.time_machine import fork, history, show
from tests.fakes.casework import advance, deliver, kinds, only, open_story, opened, without
from tests.fakes.front import Front, is_problem
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR
from tests.fakes.specialists_script import specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def what_if(services: Services, case_id: str, at: int, **changes: Fact) -> str:
    copy = (await fork(services, ADVISOR, case_id, at, dict(changes))).id
    await advance(services, copy)
    return copy


async def last(services: Services, case_id: str) -> int:
    return len(await history(services, case_id))


async def known(services: Services, case_id: str) -> dict[str, Fact]:
    found = await show(services, case_id, await last(services, case_id))
    return {name: each["value"] for name, each in found["facts"].items()}


async def rows_hit(services: Services, case_id: str) -> list[str]:
    return list((await show(services, case_id, await last(services, case_id)))["decision"]["rows_hit"])


async def test_history_says_what_comes_next_and_where_a_simulation_ends(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = await what_if(services, case_id, await last(services, case_id))
    asked = "underwriters or senior underwriters to countersign the offer"
    assert (await history(services, case_id))[-1].next == (f"Waiting for {asked}",)
    told = await history(services, copy)
    assert told[0].done == "The case was copied as a what-if"
    assert told[-1].next == (f"The simulation ends here: it would wait for {asked}",)


async def test_other_score_is_priced_again_however_late_the_copy_is_made(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = await what_if(services, case_id, await last(services, case_id), credit_score=580)
    before, after = await known(services, case_id), await known(services, copy)
    assert (before["note_rate_bps"], after["note_rate_bps"]) == (612, 687)
    assert await rows_hit(services, copy) == ["S1", "A1"]
    assert [call["target"] for call in await read_calls(services.database, services.vault, copy)] == [
        "price_loan",
        "ability_to_repay",
    ]


async def test_supposed_fact_is_not_replaced_by_what_is_found_out_again(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    at = await last(services, case_id)
    copy = await what_if(services, case_id, at, credit_score=580, dti_back_bps=5_200)
    assert (await known(services, copy))["dti_back_bps"] == 5_200
    assert "D1" in await rows_hit(services, copy)


@pytest.mark.parametrize("at", [1, 4, 5, 13])
async def test_copy_without_changes_decides_the_same_and_asks_nothing(
    services: Services, clock: SetClock, at: int
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = await what_if(services, case_id, at)
    assert await known(services, copy) == await known(services, case_id)
    assert await rows_hit(services, copy) == ["A1"]
    assert await count_calls(services.database, copy, "tool") == 0


async def test_models_are_not_asked_again_on_another_day_for_what_they_answered(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(specialists())
    case_id = await opened(services, routine(clock.now().date()))
    clock.forward(timedelta(days=9))
    copy = await what_if(services, case_id, 3)
    assert await count_calls(services.database, case_id, "model") > 0
    assert await count_calls(services.database, copy, "model") == 0
    assert (await show(services, copy, await last(services, copy)))["decision"]["facts"]["degraded"] is False


async def test_copy_from_before_the_appraisal_came_uses_it_and_does_not_wait(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, without(story, "valuation"))
    clock.forward(timedelta(weeks=3))
    await deliver(services, case_id, only(story, "valuation"), "appraisal-7")
    await advance(services, case_id)
    copy = await what_if(services, case_id, 3)
    assert "event_awaited" not in await kinds(services, copy)
    assert (await known(services, copy))["ltv_bps"] == 8_000
    asked = {call["target"] for call in await read_calls(services.database, services.vault, copy)}
    assert "valuation" in asked
    assert not asked & {"bureau_file", "pay_stubs", "market_report"}


async def test_simulation_uses_no_standing_authority(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, small_amendment(clock.now().date()))
    copy = await what_if(services, case_id, 3)
    uses = await services.database.rows("select case_id from countersign.standing_uses")
    assert [use["case_id"] for use in uses] == [case_id]
    assert "approval_opened" in await kinds(services, copy)
    assert await services.outbox.of_case(copy) == []


async def test_copies_made_at_once_have_numbers_of_their_own(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copies = await asyncio.gather(*(fork(services, ADVISOR, case_id, 5, {}) for _ in range(4)))
    assert {each.id for each in copies} == {f"{case_id}-fork-{n}" for n in (1, 2, 3, 4)}


async def test_ledger_of_a_copy_says_what_was_supposed(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = await what_if(services, case_id, 13, credit_score=580)
    (forked,) = [each for each in await services.ledger.entries(copy) if each.kind == CaseForked.kind()]
    supposed = {"changes": {"credit_score": 580}, "decisions": {}, "model": None, "policy": None}
    assert forked.body == {"fork": copy, "moment": 13, **supposed}
    assert (await services.ledger.verify(copy)).verified


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount_cents": 100}, "term of the application"),
        ({"credit_score": 999}, "impossible amount"),
        ({"sanctions_status": "perhaps"}, "no such value"),
        ({"credit_score": True}, "type int"),
    ],
)
async def test_what_cannot_be_is_not_supposed(
    services: Services, clock: SetClock, changes: dict[str, Fact], why: str
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    with pytest.raises(BadInput, match=why):
        await fork(services, ADVISOR, case_id, 13, changes)
    assert [case.id for case in await services.cases.newest()] == [case_id]


@pytest.mark.parametrize(
    ("changes", "span"),
    [
        ({"ltv_bps": 0}, "from 1 to 100000"),
        ({"cltv_bps": 0}, "from 1 to 100000"),
        ({"monthly_debts_cents": -1}, "from 0 to 10000000000000"),
        ({"appraised_value_cents": 0}, "from 1 to 10000000000000"),
        ({"note_rate_bps": -25}, "from 0 to 100000"),
        ({"sanctions_status": "perhaps"}, "one of clear, potential_match"),
    ],
)
async def test_refused_supposition_names_the_fact_and_its_possible_range(
    services: Services, clock: SetClock, changes: dict[str, Fact], span: str
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    with pytest.raises(BadInput) as refused:
        await fork(services, ADVISOR, case_id, await last(services, case_id), changes)
    (name,) = changes
    assert refused.value.attributes["field"] == name
    assert span in str(refused.value.attributes["remedy"])


async def test_case_that_no_runner_took_has_nothing_to_copy(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    with pytest.raises(Conflict, match="no moments yet"):
        await fork(services, ADVISOR, case_id, 1, {})


async def test_time_machine_over_http_is_for_those_who_may_see_the_case(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    story = routine(clock.now().date())
    body = {"application": story.application, "records": list(story.records)}
    case_id = (await front.open(body)).json()["id"]
    await advance(services, case_id)
    path, what = f"/v1/cases/{case_id}", {"at": 13, "set": {"credit_score": 580}}
    assert is_problem(await front.ask("servicing", "POST", f"{path}/forks", json=what), 404, "not_found")
    copy = (await front.ask("underwriter-1", "POST", f"{path}/forks", json=what)).json()
    assert (copy["simulation"], copy["parent"]) == (True, case_id)
    luck = {"at": 13, "set": {"luck": 7}}
    assert is_problem(await front.ask("auditor", "POST", f"{path}/forks", json=luck), 422, "bad_input")
    told = await front.ask("underwriter-1", "GET", f"/v1/cases/{copy['id']}/moments")
    assert told.json()[0]["done"] == "The case was copied as a what-if"
