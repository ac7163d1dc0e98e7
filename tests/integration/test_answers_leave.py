"""Answers of the API reach a person only without values they have no right to and facts that are not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.responses import StreamingResponse

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.access import Visiting, governed
from api.http.app import ROUTERS, create_app
from api.settings import Settings
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import opened
from tests.fakes.front import Front, is_problem
from tests.fakes.onboarding import alert, alone

router = governed("leaking")


@router.get("/cases/{case_id}/leak")
async def leak(case_id: str, text: str, visiting: Visiting) -> dict[str, str]:
    """A route that was written carelessly."""
    return {"case": case_id, "text": text}


@router.get("/cases/{case_id}/stream")
async def stream(case_id: str, text: str, visiting: Visiting) -> StreamingResponse:
    """The same, streamed."""

    async def pieces() -> Any:
        for piece in ("first", text, "last"):
            yield f"data: {piece}\n\n"

    return StreamingResponse(pieces(), media_type="text/event-stream")


@pytest.fixture
def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    """The API with careless routes in it."""
    auth = ensure_demo(settings, clock)
    return Front(create_app(services, auth, routers=(*ROUTERS, router)), settings)


async def ruled(services: Services, reader: str) -> list[tuple[str, str, str]]:
    """Verdicts over what somebody reads, oldest first; they stand where it is noted that it was read."""
    noted = await services.ledger.entries(f"access/{reader}")
    entries = [each for each in noted if each.kind == "guardrail_ruled"]
    return [(each.body["guardrail"], each.body["ruling"], each.body["rule"]) for each in entries]


@pytest.mark.parametrize("text", ["quill, avery demo", "born on 12 April 1986"])
async def test_careless_route_leaks_no_value_of_the_vault(
    services: Services, clock: SetClock, front: Front, text: str
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    answer = await front.ask("auditor", "GET", f"/v1/cases/{case_id}/leak", params={"text": text})
    assert is_problem(answer, 403, "refused")
    assert "vault" in answer.json()["detail"]
    assert "Quill" not in answer.text
    assert ("vault_values", "refuse") in {each[:2] for each in await ruled(services, "demo-auditor")}


async def test_stream_ends_before_the_piece_that_may_not_leave(
    services: Services, clock: SetClock, front: Front
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    path = f"/v1/cases/{case_id}/stream"
    assert "last" in (await front.ask("auditor", "GET", path, params={"text": "fine"})).text
    told = (await front.ask("auditor", "GET", path, params={"text": "Avery Demo Quill"})).text
    assert ("first" in told, "event: problem" in told) == (True, True)
    assert "Quill" not in told
    assert "last" not in told


async def test_fact_of_a_filing_reaches_compliance_and_nobody_else(
    services: Services, clock: SetClock, front: Front
) -> None:
    today = clock.now().date()
    case_id = await opened(services, alone(today, "Rowan ASHDOWN DEMO", "1984-05-20", alert(today)))
    path = f"/v1/cases/{case_id}/leak"
    told = await front.ask("advisor", "GET", path, params={"text": "see AL-2026-7"})
    assert is_problem(told, 403, "refused")
    assert (await front.ask("compliance-1", "GET", path, params={"text": "see AL-2026-7"})).status_code == 200


async def test_ordinary_reading_is_on_record_once_with_rule_and_version(
    services: Services, clock: SetClock, front: Front
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    for _ in range(2):
        assert (await front.ask("underwriter-1", "GET", f"/v1/cases/{case_id}")).status_code == 200
    assert await ruled(services, "demo-underwriter-1") == [
        ("vault_values", "pass", "VV1"),
        ("tipping_off", "pass", "TI1"),
    ]
