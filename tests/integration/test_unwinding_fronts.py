"""Unwinding over HTTP, by an event of a system of record, and from a terminal."""

from __future__ import annotations

import asyncio
import json

import httpx

from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance
from tests.fakes.front import Front, is_problem
from tests.fakes.unwound import refunded
from tests.integration.test_cli import Command, api, command
from tests.integration.test_http_events import STRUCTURED, Body, event, front

__all__ = ["api", "command", "front"]  # fixtures


async def sent(front: Front, body: Body, who: str = "record-feed") -> httpx.Response:
    return await front.ask(who, "POST", "/v1/events", content=json.dumps(body), headers=STRUCTURED)


async def test_refund_is_previewed_and_unwound_from_a_terminal(
    services: Services, api: None, command: Command, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    shown = await asyncio.to_thread(command, "unwind", of, "--preview", "--as", "servicing")
    assert "taken back by reverse amendment" in " ".join(shown.out.split())
    bare = await asyncio.to_thread(command, "unwind", of, "--as", "servicing")
    assert (bare.code, "--reason" in bare.err) == (2, True)
    words = ("--reason", "wrong_document", "--evidence", "The form is another customer's.")
    begun = await asyncio.to_thread(command, "unwind", of, *words, "--as", "servicing", "--json")
    case_id = json.loads(begun.out)["id"]
    await advance(services, case_id)
    seen = await asyncio.to_thread(command, "case", of, "--as", "auditor")
    assert case_id in "".join(seen.out.split())
    told = await asyncio.to_thread(command, "dossier", of, "--as", "auditor")
    assert f"{case_id} began to unwind this case" in " ".join(told.out.split())


async def test_defect_found_by_a_system_of_record_unwinds_the_case_once(
    front: Front, services: Services, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    found = event(of, type="bank.defect.found.v1", data={"reason": "consent_revoked", "evidence": "Form R-1"})
    answers = [await sent(front, found) for _ in range(2)]
    assert [(each.status_code, each.json()["kept"]) for each in answers] == [(201, True), (200, False)]
    other = await sent(front, found | {"id": "e-2"})
    assert (other.json()["kept"], other.json()["case_id"]) == (True, answers[0].json()["case_id"])
    assert await services.cases.unwound_by(of) == (answers[0].json()["case_id"],)
    assert is_problem(await sent(front, found, "advisor"), 403, "forbidden")


async def test_event_of_a_defect_that_the_book_does_not_know_is_refused_and_opens_nothing(
    front: Front, services: Services, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    for data in ({"reason": "bad_mood", "evidence": "none"}, {"reason": "consent_revoked"}):
        answer = await sent(front, event(of, type="bank.defect.found.v1", data=data))
        assert is_problem(answer, 422, "bad_input")
    assert await services.cases.unwound_by(of) == ()


async def test_unwinding_is_opened_once_over_http_by_those_who_may_report(
    front: Front, services: Services, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    body = {"reason": "wrong_document", "evidence": "The form is another customer's."}
    path, headers = f"/v1/cases/{of}/unwinding", {"idempotency-key": "u-1"}
    refused = await front.ask("advisor", "POST", path, json=body, headers=headers)
    assert is_problem(refused, 403, "forbidden")
    answers = [await front.ask("servicing", "POST", path, json=body, headers=headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 200]
    assert is_problem(await front.ask("advisor", "GET", path), 403, "forbidden")
    seen = (await front.ask("auditor", "GET", f"/v1/cases/{of}")).json()
    assert seen["unwound_by"] == [answers[0].json()["id"]]
