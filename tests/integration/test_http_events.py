"""Records, events and health over HTTP: taken once, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any, LiteralString

import httpx
import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import Body, routine
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from domain.identity import IdentityKind
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.casework import pending
from tests.fakes.front import MOST, Front, is_problem

STUB = {
    "kind": "pay_stub",
    "party": "party:1",
    "period": "biweekly",
    "period_end": "2026-02-20",
    "gross_cents": 323_077,
}
SENT = {"event_id": "stub-1", "record": STUB}
STRUCTURED = {"content-type": "application/cloudevents+json"}


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock), MOST), settings)


@pytest.fixture
def submission(clock: SetClock) -> Body:
    story = routine(clock.now().date())
    return {"application": story.application, "records": list(story.records)}


@pytest.fixture
async def case_id(front: Front, submission: Body) -> str:
    return str((await front.open(submission)).json()["id"])


@pytest.fixture
async def approval(front: Front, services: Services, case_id: str) -> Body:
    await Runner(services, "runner-1").advance(case_id)
    (item,) = (await front.ask("underwriter-1", "GET", "/v1/approvals")).json()
    read = await front.ask("underwriter-1", "GET", f"/v1/approvals/{item['id']}")
    return dict(read.json()["request"])


async def test_record_is_kept_once_per_event(front: Front, case_id: str) -> None:
    path = f"/v1/cases/{case_id}/records"
    answers = [await front.ask("record-feed", "POST", path, json=SENT) for _ in range(2)]
    assert [(answer.status_code, answer.json()["kept"]) for answer in answers] == [(201, True), (200, False)]


@pytest.mark.parametrize(("who", "status"), [("underwriter-1", 403), ("auditor", 403), ("advisor", 201)])
async def test_records_come_from_sources_and_advisors(
    front: Front, case_id: str, who: str, status: int
) -> None:
    assert (await front.ask(who, "POST", f"/v1/cases/{case_id}/records", json=SENT)).status_code == status


async def test_event_of_an_advisor_never_stands_in_for_one_of_a_system_of_record(
    front: Front, case_id: str
) -> None:
    async def sent(who: str, gross: int) -> bool:
        content = json.dumps(event(case_id, data=STUB | {"gross_cents": gross}))
        answer = await front.ask(who, "POST", "/v1/events", content=content, headers=STRUCTURED)
        return bool(answer.json()["kept"])

    assert [await sent("advisor", 999_999), await sent("record-feed", 323_077)] == [True, True]
    assert [await sent("advisor", 999_999), await sent("record-feed", 323_077)] == [False, False]


async def test_event_of_a_known_id_with_other_content_is_a_conflict(front: Front, case_id: str) -> None:
    await send(front, event(case_id))
    answer = await send(front, event(case_id, data=STUB | {"gross_cents": 999_999}))
    assert is_problem(answer, 409, "conflict")
    assert "id of its own" in answer.json()["remedy"]


async def test_record_dated_in_the_future_is_refused(front: Front, case_id: str) -> None:
    late = SENT | {"record": STUB | {"period_end": "2026-03-03"}}
    answer = await front.ask("record-feed", "POST", f"/v1/cases/{case_id}/records", json=late)
    assert is_problem(answer, 422, "bad_input")


def event(case_id: str, **changes: Any) -> Body:
    named = {"specversion": "1.0", "id": "e-1", "source": "/payroll", "type": "bank.record.received.v1"}
    body = named | {"subject": case_id, "datacontenttype": "application/json", "data": STUB} | changes
    return {name: value for name, value in body.items() if value is not None}


async def send(front: Front, body: Body) -> httpx.Response:
    return await front.ask("record-feed", "POST", "/v1/events", content=json.dumps(body), headers=STRUCTURED)


async def test_event_in_either_mode_is_acted_on_once(front: Front, case_id: str) -> None:
    first = await send(front, event(case_id))
    attributes = {f"ce-{name}": value for name, value in event(case_id).items() if name[:4] != "data"}
    binary = await front.ask("record-feed", "POST", "/v1/events", json=STUB, headers=attributes)
    other = await send(front, event(case_id, source="/payroll/2"))
    assert [each.status_code for each in (first, binary, other)] == [201, 200, 201]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"source": None},
        {"type": None},
        {"specversion": None},
        {"specversion": "0.3"},
        {"subject": None},
        {"id": 7},
        {"id": "two words"},
        {"id": "e-1\n"},
        {"type": "bank.money.sent.v1"},
        {"time": "yesterday"},
        {"time": 5},
        {"data": None},
        {"data": {"kind": "987-65-4321"}},
        {"data": "text"},
        {"Extension": "x"},
    ],
)
async def test_event_that_does_not_fit_is_refused(front: Front, case_id: str, changes: Body) -> None:
    answer = await send(front, event(case_id, **changes))
    assert is_problem(answer, 422, "bad_input")
    assert "987-65-4321" not in answer.text


async def test_event_for_no_case_is_not_found(front: Front) -> None:
    assert is_problem(await send(front, event("absent")), 404, "not_found")


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/cloudevents-batch+json"])
async def test_other_media_types_are_no_events(front: Front, kind: str) -> None:
    headers = {"content-type": kind}
    answer = await front.ask("record-feed", "POST", "/v1/events", content=b"[]", headers=headers)
    assert is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.usefixtures("approval")
async def test_event_delivered_again_after_the_case_closed_is_acknowledged(
    front: Front, services: Services, case_id: str
) -> None:
    await send(front, event(case_id))
    for _ in range(2):  # the first answer was given before the record was read: the case is asked again
        asked = await pending(services, case_id)
        said = {"verb": "reject", "reason": "withdrawn by the applicant", "digest": asked.digest}
        await front.ask("underwriter-1", "POST", f"/v1/approvals/{asked.id}/decide", json=said)
        await Runner(services, "runner-1").advance(case_id)
    assert (await send(front, event(case_id))).status_code == 200
    assert is_problem(await send(front, event(case_id, id="e-2")), 409, "conflict")
    other = await send(front, event(case_id, data=STUB | {"gross_cents": 999_999}))
    assert "other content" in other.json()["detail"]


async def test_event_of_a_known_id_about_another_person_is_a_conflict_and_marks_nobody(
    front: Front, services: Services, case_id: str
) -> None:
    def stub(employer: str) -> Body:
        return event(case_id, data=STUB | {"employer": employer})

    assert (await send(front, stub("Demo Mills Inc"))).status_code == 201
    assert is_problem(await send(front, stub("Demo Quarry Ltd")), 409, "conflict")
    assert (await send(front, stub("Demo Mills Inc"))).status_code == 200
    assert await services.vault.cases_with(IdentityKind.EMPLOYER, "Demo Mills Inc") == [case_id]
    assert await services.vault.cases_with(IdentityKind.EMPLOYER, "Demo Quarry Ltd") == []


@pytest.mark.parametrize(("path", "status"), [("/healthz", "alive"), ("/readyz", "ready")])
async def test_health_is_open_to_all(front: Front, path: str, status: str) -> None:
    assert (await front.ask(None, "GET", path)).json() == {"status": status}


@pytest.mark.parametrize(
    "change", ["update public.alembic_version set version_num = 'r0000'", "drop table public.alembic_version"]
)
async def test_unmigrated_database_is_not_ready(
    front: Front, services: Services, change: LiteralString
) -> None:
    async with services.database.transaction() as connection:
        await connection.execute(change)
    assert is_problem(await front.ask(None, "GET", "/readyz"), 503, "unavailable")


async def test_database_that_does_not_answer_is_unavailable(front: Front, services: Services) -> None:
    await services.database.pool.close()
    for path in ("/readyz", "/v1/cases"):
        answer = await front.ask("auditor", "GET", path)
        assert is_problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"


async def test_failure_inside_shows_nothing_of_the_inside(
    front: Front, services: Services, case_id: str
) -> None:
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.cases rename to hidden")
    answer = await front.ask("auditor", "GET", f"/v1/cases/{case_id}")
    assert is_problem(answer, 500, "internal")
    assert not [word for word in ("hidden", "cases") if word in answer.text]


async def test_every_answer_is_guarded(front: Front) -> None:
    for path in ("/healthz", "/v1/cases", "/nowhere", "/openapi.json"):
        headers = (
            await front.ask(None, "GET", path, headers={"origin": "https://elsewhere.example"})
        ).headers
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
        assert "access-control-allow-origin" not in headers


async def test_every_route_is_documented(front: Front) -> None:
    paths = (await front.ask(None, "GET", "/openapi.json")).json()["paths"]
    for path, methods in paths.items():
        for operation in methods.values():
            assert operation["summary"]
            assert not path.startswith("/v1") or operation["security"] == [{"HTTPBearer": []}]
