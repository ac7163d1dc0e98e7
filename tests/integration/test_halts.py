"""The kill switch: before the next call in every process, with what happens to cases in flight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from api.assembly import running
from api.demo.identities import ensure_demo
from api.demo.stories import routine, self_employed
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from domain.errors import BadInput, Forbidden, NotFound
from domain.person import Person
from graphs.services import Services, install
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, bodies, decide, kinds, open_story, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import UNDERWRITER
from tests.fakes.specialists_script import specialists

SRE = Person("sre-1", groups=frozenset({"sre"}))
CHIEF = Person("chief-1", groups=frozenset({"chief_credit"}))
WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


async def awaited(services: Services) -> list[str]:
    """Cases for which an advance stands in the queue."""
    query = "select args ->> 'case_id' as case from procrastinate_jobs where status = 'todo' order by id"
    return [row["case"] for row in await services.database.rows(query)]


@pytest.mark.parametrize("target", ["everything", "kind:home_loan"])
async def test_halted_case_stands_still_and_goes_on_when_another_person_resumes_it(
    services: Services, clock: SetClock, target: str
) -> None:
    await services.halts.halt(SRE, target, "drill")
    case_id = await opened(services, routine(clock.now().date()))
    assert "plan_proposed" not in await kinds(services, case_id)
    with pytest.raises(Forbidden):
        await services.halts.resume(SRE, target, "again")
    await services.halts.resume(CHIEF, target, "the drill is over")
    assert (await awaited(services))[-1] == case_id
    await advance(services, case_id)
    assert (await bodies(services, case_id, "decision_reached"))[0]["outcome"] == "approve"


async def test_case_in_flight_stops_before_its_next_call_and_loses_nothing(
    with_model: WithModel, clock: SetClock
) -> None:
    script = specialists()

    class HaltsInFlight:
        """Everything is halted while the bureau analyst's model is being asked."""

        halted = False

        def reply_to(self, request: Any) -> Any:
            if request.job == "bureau_analyst" and not self.halted:
                self.halted = True
                with psycopg.connect(url, autocommit=True) as connection:
                    values = ("everything", "sre-1", "drill", clock.now())
                    connection.execute("insert into countersign.halts values (%s, %s, %s, %s)", values)
            return script.reply_to(request)

    server, services = with_model(HaltsInFlight())
    url = services.database.pool.conninfo
    case_id = await opened(services, self_employed(clock.now().date()))
    asked = len(server.requests)
    assert "decision_reached" not in await kinds(services, case_id)
    await services.halts.resume(CHIEF, "everything", "over")
    await advance(services, case_id)
    seen = [str(each.body["messages"]) for each in server.requests_of("bureau_analyst")]
    assert len(seen) == len(set(seen)), "an answer on record was asked for again"
    assert len(server.requests) > asked
    assert "decision_reached" in await kinds(services, case_id)


async def test_halted_model_leaves_the_work_to_the_playbook(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    await services.halts.halt(SRE, "model:scripted", "it answers strangely")
    case_id = await opened(services, routine(clock.now().date()))
    assert server.requests == []
    assert (await pending(services, case_id)).packet.degraded


@pytest.mark.parametrize("target", ["tool:bureau_file", "specialist:bureau_analyst"])
async def test_halted_tool_or_specialist_is_gone_round_to_a_person(
    services: Services, clock: SetClock, target: str
) -> None:
    await services.halts.halt(SRE, target, "wrong figures were seen")
    case_id = await opened(services, routine(clock.now().date()))
    assert (await bodies(services, case_id, "decision_reached"))[0]["outcome"] == "refer"
    assert (await bodies(services, case_id, "specialist_broke_off"))[0]["reason"].startswith(target)


async def test_halt_of_one_process_holds_in_every_other(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    async with running(settings, clock) as elsewhere:
        await elsewhere.halts.halt(SRE, "everything", "drill")
    install(services)
    await advance(services, case_id)
    assert "plan_proposed" not in await kinds(services, case_id)


async def test_decided_case_is_not_settled_while_halted_and_is_settled_once_afterwards(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await services.halts.halt(SRE, f"case:{case_id}", "a complaint came in")
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert bank.counts()["loans_booked"] == 0
    await services.halts.resume(CHIEF, f"case:{case_id}", "it concerned another case")
    await advance(services, case_id)
    assert bank.counts()["loans_booked"] == 1


async def test_halts_need_a_reason_and_stand_on_record(services: Services) -> None:
    with pytest.raises(BadInput):
        await services.halts.halt(SRE, "everything", " - ")
    with pytest.raises(NotFound):
        await services.halts.resume(CHIEF, "everything", "it is not")
    await services.halts.halt(SRE, "everything", "drill")
    (entry,) = [each for each in await services.ledger.entries("ops") if each.kind == "halting"]
    assert (entry.actor, entry.body) == ("sre-1", {"target": "everything", "reason": "drill"})


async def test_only_who_may_halts_over_http_and_only_what_there_is(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    said = {"target": "tool:screen_party", "reason": "drill"}
    assert is_problem(await front.ask("advisor", "POST", "/v1/halts", json=said), 403, "forbidden")
    wrong = await front.ask("sre", "POST", "/v1/halts", json=said | {"target": "tool:nothing"})
    assert is_problem(wrong, 422, "bad_input")
    assert (await front.ask("sre", "POST", "/v1/halts", json=said)).status_code == 204
    listed = (await front.ask("auditor", "GET", "/v1/halts")).json()
    assert [each["target"] for each in listed] == ["tool:screen_party"]
    same = await front.ask("sre", "POST", "/v1/halts/resume", json=said)
    assert is_problem(same, 403, "forbidden")
    assert (await front.ask("chief-credit", "POST", "/v1/halts/resume", json=said)).status_code == 204


async def test_case_and_its_last_moment_say_what_makes_it_stand_still(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await opened(services, routine(clock.now().date()))
    last = len((await front.ask("auditor", "GET", f"/v1/cases/{case_id}/moments")).json())
    pages = (f"/v1/cases/{case_id}", f"/v1/cases/{case_id}/moments/{last}")
    assert [(await front.ask("auditor", "GET", page)).json()["halted"] for page in pages] == [None, None]
    await services.halts.halt(SRE, "kind:home_loan", "wrong figures were seen")
    for page in pages:
        halted = (await front.ask("auditor", "GET", page)).json()["halted"]
        assert (halted["target"], halted["reason"]) == ("kind:home_loan", "wrong figures were seen")


async def test_nobody_without_the_kill_switch_halts_or_resumes_past_the_api(services: Services) -> None:
    with pytest.raises(Forbidden, match="kill switch is not for underwriters"):
        await services.halts.halt(UNDERWRITER, "everything", "drill")
    await services.halts.halt(SRE, "everything", "drill")
    with pytest.raises(Forbidden, match="kill switch is not for underwriters"):
        await services.halts.resume(UNDERWRITER, "everything", "over")
