"""What ``GET /metrics`` shows of a fleet that works, waits, refuses and spends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api.demo.stories import routine, self_employed
from api.http import metrics
from checkpoints.halts import halt
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import Forbidden
from graphs.services import Services
from tests.fakes.casework import advance, decide, open_story, opened, pending
from tests.fakes.model_script import SERVER_ERROR, Reply, Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR, UNDERWRITER
from tests.fakes.specialists_script import specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
Shown = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def scrape(services: Services) -> Shown:
    """One scrape, parsed."""
    app = FastAPI()
    app.include_router(metrics.router)
    app.state.services = services
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"] == metrics.VERSION
    families = text_string_to_metric_families(answer.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(shown: Shown, name: str, **labels: str) -> float | None:
    """One sample, by its name without the project's prefix."""
    return shown.get((f"countersign_{name}", frozenset(labels.items())))


async def test_pending_approvals_and_the_oldest_wait_are_shown_by_boundary(
    services: Services, clock: SetClock
) -> None:
    await opened(services, routine(clock.now().date()))
    clock.forward(timedelta(hours=2))
    await open_story(services, self_employed(clock.now().date()), "second")
    shown = await scrape(services)
    assert value(shown, "approvals_pending", boundary="offer") == 1
    assert value(shown, "approval_oldest_seconds", boundary="offer") == 7200
    assert value(shown, "cases", status="waiting_person") == 1
    assert value(shown, "cases", status="open") == 1
    assert value(shown, "cases", status="closed") == 0
    assert value(shown, "jobs", state="todo") is not None


async def test_wait_for_a_decision_is_counted_when_it_falls(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    clock.forward(timedelta(minutes=10))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    shown = await scrape(services)
    assert value(shown, "approval_wait_seconds_sum", boundary="offer") == 600
    assert value(shown, "approval_wait_seconds_bucket", boundary="offer", le="300.0") == 0
    assert value(shown, "approval_wait_seconds_bucket", boundary="offer", le="900.0") == 1
    assert value(shown, "effects_total", effect="book_offer", ended="confirmed") == 1


async def test_model_calls_tokens_and_latency_are_shown(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    await opened(services, self_employed(clock.now().date()))
    shown, calls = await scrape(services), len(server.requests)
    assert value(shown, "model_calls_total", model="scripted") == calls
    assert value(shown, "model_tokens_total", model="scripted") == 120 * calls
    assert (value(shown, "model_spend_microusd_total", model="scripted") or 0) > 0
    assert value(shown, "gateway_seconds_count", gateway="model", target="scripted") == calls
    assert value(shown, "specialist_seconds_count", specialist="income_verifier") == 1
    found = {"specialist": "income_verifier", "produced_by": "model", "degraded": "false"}
    assert value(shown, "findings_total", **found) == 1


async def test_failing_model_shows_as_unanswered_calls_and_an_open_breaker(
    with_model: WithModel, clock: SetClock
) -> None:
    broken = Turns(answer=Reply(fault=SERVER_ERROR.fault))
    _, services = with_model(specialists(**dict.fromkeys(("bureau_analyst", "income_verifier"), broken)))
    await opened(services, self_employed(clock.now().date()))
    for _ in range(5):
        await services.breakers.failed("model:scripted")
    clock.forward(timedelta(minutes=20))
    shown = await scrape(services)
    assert (value(shown, "calls_unanswered", gateway="model", target="scripted") or 0) > 0
    assert value(shown, "breaker_open", breaker="model:scripted") == 1


async def test_refusals_are_shown_by_gate_and_control(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    two_hats = type(ADVISOR)(ADVISOR.id, groups=frozenset({"underwriters"}))
    with pytest.raises(Forbidden):
        await decide(services, two_hats, await pending(services, case_id), Verb.APPROVE)
    shown = await scrape(services)
    refused = {labels for name, labels in shown if name == "countersign_refusals_total"}
    assert {dict(labels)["gate"] for labels in refused} == {"attempt"}


async def test_halted_case_is_shown_without_naming_it(services: Services, clock: SetClock) -> None:
    async with services.database.transaction() as connection:
        await halt(connection, "case:home_loan-1", "operator-1", "drill", clock)
    shown = await scrape(services)
    assert value(shown, "halts", scope="case") == 1
    assert "home_loan-1" not in str(shown)


async def test_counters_start_anew_at_midnight(services: Services, clock: SetClock) -> None:
    await opened(services, routine(clock.now().date()))
    assert [name for name, _ in await scrape(services) if name == "countersign_findings_total"]
    clock.forward(timedelta(hours=10))
    assert not [name for name, _ in await scrape(services) if name == "countersign_findings_total"]


async def test_metrics_are_answered_while_the_database_is_away(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(services.database, "transaction", away)
    shown = await scrape(services)
    assert value(shown, "fleet_read") == 0
