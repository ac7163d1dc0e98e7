"""The record answers by actor, kind, time, policy row and agent; who reads it is on record before they see it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.http.search import _harmless
from api.settings import Settings
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER

EVENTS = "/v1/record/events"


@pytest.fixture
def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock)), settings)


@pytest.fixture
async def case_id(services: Services, clock: SetClock) -> str:
    case_id = await opened(services, routine(clock.now().date()))
    clock.forward(timedelta(hours=1))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def found(front: Front, **asked: object) -> list[dict[str, object]]:
    answer = await front.ask("auditor", "GET", EVENTS, params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["events"])


async def test_events_are_found_by_actor_kind_row_agent_and_time(
    front: Front, services: Services, clock: SetClock, case_id: str
) -> None:
    (decision,) = await bodies(services, case_id, "decision_reached")
    by_row = await found(front, row=decision["rows_hit"][0])
    by_agent = await found(front, agent="income_verifier", case=case_id)
    assert {each["kind"] for each in await found(front, actor="underwriter-1")} == {"approval_decided"}
    assert [each["stream"] for each in await found(front, kind="case_closed")] == [case_id]
    assert "decision_reached" in {each["kind"] for each in by_row}
    assert {"tool_called", "finding_returned"} <= {each["kind"] for each in by_agent}
    late = await found(front, since=clock.now().isoformat(), case=case_id, limit=1000)
    early = await found(front, until=clock.now().isoformat(), case=case_id, limit=1000)
    assert len(early) + len(late) == len(await services.ledger.entries(case_id))
    assert "approval_decided" in {each["kind"] for each in late}


async def test_pages_and_files_hold_every_event_once_and_in_order(
    front: Front, services: Services, case_id: str
) -> None:
    seqs, after = [], None
    while True:
        asked = {"case": case_id, "limit": 20} | ({"after": after} if after else {})
        answer = (await front.ask("auditor", "GET", EVENTS, params=asked)).json()
        seqs += [each["seq"] for each in answer["events"]]
        after = answer["next"]
        if after is None:
            break
    whole = [entry.seq for entry in await services.ledger.entries(case_id)]
    lines = (await front.ask("auditor", "GET", EVENTS, params={"case": case_id, "form": "jsonl"})).text
    table = (await front.ask("auditor", "GET", EVENTS, params={"case": case_id, "form": "csv"})).text
    assert seqs == whole
    assert [json.loads(line)["seq"] for line in lines.splitlines()] == whole
    assert [int(row["seq"]) for row in csv.DictReader(io.StringIO(table))] == whole


async def test_who_read_what_is_on_record_once_a_minute_and_in_a_chain_of_their_own(
    front: Front, services: Services, case_id: str
) -> None:
    for _ in range(2):
        await front.ask("auditor", "GET", f"/v1/cases/{case_id}/ledger")
    await front.ask("auditor", "GET", EVENTS, params={"actor": "underwriter-1"})
    await front.ask("advisor", "GET", f"/v1/cases/{case_id}-not-there")
    read = await bodies(services, "access/demo-auditor", "record_read")
    assert [each["target"] for each in read] == [
        f"/v1/cases/{case_id}/ledger",
        f"{EVENTS}?actor=underwriter-1",
    ]
    assert await services.ledger.entries("access/demo-advisor") == []
    assert (await services.proofs.of_case("access/demo-auditor")).verified


async def test_what_cannot_be_recorded_is_not_shown(front: Front, services: Services, case_id: str) -> None:
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.ledger rename to ledger_away")
    answer = await front.ask("auditor", "GET", "/v1/record/key")
    assert answer.status_code >= 500
    assert "countersign.demo/record" not in answer.text


async def test_only_auditors_search(front: Front) -> None:
    assert is_problem(await front.ask("advisor", "GET", EVENTS), 403, "forbidden")


@pytest.mark.parametrize(
    "asked", [{"after": "nowhere"}, {"since": "2026-03-02"}, {"limit": 0}, {"colour": "red"}]
)
async def test_question_that_makes_no_sense_names_its_field(front: Front, asked: dict[str, object]) -> None:
    answer = await front.ask("auditor", "GET", EVENTS, params=asked)
    assert is_problem(answer, 422 if "after" in asked else 400, "bad_input")
    assert answer.json()["field"].endswith(next(iter(asked)))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert _harmless(cell) == f"'{cell}"
