"""A candidate runs beside the live book on new cases: it counts what it would have decided, and influences nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import small_amendment
from api.http.app import create_app
from api.runner import run_shadows
from api.settings import Settings
from checkpoints.ledger import OPS
from checkpoints.shadows import Shadows
from domain.clock import SetClock
from domain.errors import Conflict, Forbidden, NotFound
from graphs.policy_change.shadowing import compare_new, start, stop
from graphs.services import Services
from tests.fakes.books import under_book
from tests.fakes.casework import asking, kinds, opened
from tests.fakes.front import Front, is_problem
from tests.fakes.people import ADVISOR
from tests.fakes.policies import RISK, changed

KIND = "loan_amendment"
ALWAYS_REFERS = ("{id: A1, then: {outcome: approve}}", "{id: A1, then: {outcome: refer}}")


async def test_new_cases_are_decided_by_the_live_book_alone_and_what_differs_is_counted(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    before = await opened(services, small_amendment(today), "before")
    shadow = await start(services, RISK, changed(services, KIND, *ALWAYS_REFERS), "Try it first.")
    events = await kinds(services, before)
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.cases set opened_at = opened_at - interval '1 day'")
    after = await opened(services, asking(small_amendment(today), amount_cents=3_600), "after")
    assert (await compare_new(services), await compare_new(services)) == (1, 0)
    told = await Shadows(services.database).told(shadow.id)
    assert [tuple(each.values()) for each in told["turns"]] == [("approve", "refer", 1)]
    assert ([each["case_id"] for each in told["differing"]], told["otherwise"]) == ([after], 1)
    assert [each["row"] for each in told["rows"]] == ["A1"]
    assert (await services.cases.get(after)).outcome == "approved"
    assert await kinds(services, after) == events


async def test_a_shadow_that_fails_is_nobody_elses_matter(services: Services, clock: SetClock) -> None:
    await start(services, RISK, changed(services, KIND, *ALWAYS_REFERS), "Try it first.")
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.shadows set source = 'kind: ['")
    case_id = await opened(services, small_amendment(clock.now().date()))
    await run_shadows(services)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (await Shadows(services.database).listed())[0]["decisions"] == 0


async def test_one_shadow_of_a_kind_runs_started_and_stopped_by_whoever_may_propose(
    services: Services,
) -> None:
    candidate = changed(services, KIND, *ALWAYS_REFERS)
    with pytest.raises(Forbidden):
        await start(services, ADVISOR, candidate, "Try it first.")
    shadow = await start(services, RISK, candidate, "Try it first.")
    with pytest.raises(Conflict, match="runs already"):
        await start(services, RISK, candidate, "Try it twice.")
    with pytest.raises(Forbidden):
        await stop(services, ADVISOR, shadow.id)
    await stop(services, RISK, shadow.id)
    with pytest.raises(NotFound):
        await stop(services, RISK, shadow.id)
    assert [kind for kind in await kinds(services, OPS) if kind.startswith("shadow")] == [
        "shadow_started", "shadow_ended",
    ]  # fmt: skip
    assert (await Shadows(services.database).running(), await compare_new(services)) == ([], 0)


async def test_a_case_that_cannot_be_compared_is_counted_as_such_once(
    services: Services, clock: SetClock
) -> None:
    odd = under_book(services, KIND, title="Odd amendments")
    shadow = await start(services, RISK, changed(services, KIND, *ALWAYS_REFERS), "Try it first.")
    case_id = await opened(odd, small_amendment(clock.now().date()))
    async with services.database.transaction() as connection:
        await connection.execute(
            "update checkpoint_blobs set blob = (select blob from checkpoint_blobs where thread_id = %s "
            "and channel = 'facts' order by version limit 1) where channel = 'facts'",
            (case_id,),
        )
    assert (await compare_new(replace(odd)), await compare_new(odd)) == (1, 0)
    assert (await Shadows(services.database).told(shadow.id))["not_compared"] == 1


async def test_the_api_starts_reads_and_stops_a_shadow(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    body = {"source": changed(services, KIND, *ALWAYS_REFERS).source, "reason": "Try it first."}
    assert is_problem(await front.ask("advisor", "POST", "/v1/policy/shadows", json=body), 403, "forbidden")
    shadow = (await front.ask("risk-officer", "POST", "/v1/policy/shadows", json=body)).json()
    listed = (await front.ask("auditor", "GET", "/v1/policy/shadows")).json()
    assert [(each["id"], each["decisions"], each["ended_at"]) for each in listed] == [(shadow["id"], 0, None)]
    ended = await front.ask("risk-officer", "POST", f"/v1/policy/shadows/{shadow['id']}/stop")
    assert ended.json()["ended_by"] == "demo-risk-officer"
