"""Cases and approvals over HTTP: what is answered, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import Body, routine
from api.http.app import create_app
from api.settings import Settings
from checkpoints.ledger import OPS
from domain.clock import SetClock
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.front import MOST, Front, is_problem


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock), MOST), settings)


@pytest.fixture
def application(clock: SetClock) -> Body:
    return routine(clock.now().date()).application


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


async def refused_attempts(services: Services) -> list[tuple[str, str]]:
    entries = await services.ledger.entries(OPS)
    return [(entry.actor, entry.body["action"]) for entry in entries if entry.kind == "attempt_refused"]


async def test_inbox_shows_no_evidence_and_no_digest_so_whoever_signs_has_asked_for_the_packet(
    front: Front, approval: Body
) -> None:
    (item,) = (await front.ask("underwriter-1", "GET", "/v1/approvals")).json()
    assert item["asked"] == approval["packet"]["asked"]
    assert not {"packet", "digest", "actions"} & item.keys()


async def test_same_key_opens_one_case(front: Front, submission: Body) -> None:
    first, again = await front.open(submission), await front.open(submission)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["location"] == f"/v1/cases/{first.json()['id']}"


async def test_same_key_with_other_content_collides(front: Front, application: Body) -> None:
    await front.open({"application": application})
    other = await front.open({"application": application | {"loan_amount_cents": 1_00}})
    assert is_problem(other, 409, "conflict")


async def test_ten_advisors_pressing_twice_open_one_case(front: Front, submission: Body) -> None:
    answers = await asyncio.gather(*(front.open(submission) for _ in range(10)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", [None, "", "two words", "x" * 201])
async def test_case_without_usable_idempotency_key_is_refused(
    front: Front, submission: Body, key: str | None
) -> None:
    answer = await front.open(submission, key)
    assert is_problem(answer, 400, "bad_input")
    assert "Idempotency-Key" in answer.json()["remedy"]


async def test_only_advisors_open_cases_and_the_attempt_is_recorded(
    front: Front, services: Services, submission: Body
) -> None:
    assert is_problem(await front.open(submission, who="underwriter-1"), 403, "forbidden")
    assert await refused_attempts(services) == [("demo-underwriter-1", "POST /v1/cases")]


async def test_answer_about_a_wrong_value_never_repeats_it(front: Front, application: Body) -> None:
    secret = "987-65-4321"
    for changes in ({"kind": secret}, {"product": secret}, {"application_date": secret}, {"price": secret}):
        answer = await front.open({"application": application | changes})
        assert is_problem(answer, 422, "bad_input")
        assert secret not in answer.text
        assert "remedy" in answer.json()


async def test_unknown_field_is_refused_by_name(front: Front, application: Body) -> None:
    answer = await front.open({"application": application, "approve": True})
    assert is_problem(answer, 422, "bad_input")
    assert answer.json()["field"] == "approve"


@pytest.mark.parametrize(
    "body", [b"{", b"", b"[]", b"\xff", b'{"a": "\\u0000"}', b"[" * 50_000, b'{"\\ud800": 1}']
)
async def test_what_is_no_submission_is_refused(front: Front, body: bytes) -> None:
    headers = {"content-type": "application/json", "idempotency-key": "k"}
    answer = await front.ask("advisor", "POST", "/v1/cases", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "bad_input"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"application": 1, "application": 2}', "this field stands twice"),
        (b'{"application": NaN}', "NaN is no number of JSON"),
        (b'{"application": ' + b"9" * 5000 + b"}", "a number has too many digits"),
        (b"[" * 50_000, "it is nested too deeply"),
        (b'{"a": "\xe9"}', "not UTF-8 text"),
        (b'{"a":\n', "not JSON: Expecting value"),
    ],
)
async def test_body_that_is_not_strict_json_is_told_what_is_wrong(
    front: Front, body: bytes, said: str
) -> None:
    headers = {"content-type": "application/json", "idempotency-key": "k"}
    answer = await front.ask("advisor", "POST", "/v1/cases", content=body, headers=headers)
    assert is_problem(answer, 400, "bad_input")
    assert (answer.json()["detail"], "remedy" in answer.json()) == (said, True)


async def test_application_of_a_day_before_the_book_is_refused_by_field(
    front: Front, application: Body
) -> None:
    answer = await front.open({"application": application | {"application_date": "1990-01-01"}})
    assert is_problem(answer, 422, "bad_input")
    assert (answer.json()["field"], "remedy" in answer.json()) == ("application_date", True)


async def test_submission_over_the_limit_is_too_large(front: Front) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MOST):
            yield b" " * 10

    for content in (b" " * (MOST + 1), endless()):
        answer = await front.ask("advisor", "POST", "/v1/cases", content=content)
        assert is_problem(answer, 413, "too_large")


async def test_caller_without_token_learns_nothing_and_is_recorded_once(
    front: Front, services: Services
) -> None:
    for _ in range(3):
        answer = await front.ask(None, "POST", "/v1/cases", content=b"{")
        assert is_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == 'Bearer realm="countersign"'
    assert await refused_attempts(services) == [("nobody", "login")]


async def test_expired_token_is_refused(front: Front, clock: SetClock) -> None:
    clock.forward(timedelta(days=31))
    answer = await front.ask("advisor", "GET", "/v1/cases")
    assert is_problem(answer, 401, "unauthenticated")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_case_of_somebody_else_does_not_exist(front: Front, services: Services, case_id: str) -> None:
    parts = ("", "/ledger", "/ledger/verification", "/notices", "/effects")
    for part in parts:
        hidden = await front.ask("servicing", "GET", f"/v1/cases/{case_id}{part}")
        absent = await front.ask("servicing", "GET", f"/v1/cases/absent{part}")
        assert is_problem(hidden, 404, "not_found")
        assert hidden.text.replace(case_id, "absent") == absent.text
    assert len(await refused_attempts(services)) == 2 * len(parts)


async def test_maker_and_auditor_read_the_whole_case(front: Front, case_id: str) -> None:
    for who in ("advisor", "auditor"):
        view = (await front.ask(who, "GET", f"/v1/cases/{case_id}")).json()
        assert view["case"]["id"] == case_id
        events = (await front.ask(who, "GET", f"/v1/cases/{case_id}/ledger")).json()
        assert events[0]["kind"] == "case_opened"
        found = (await front.ask(who, "GET", f"/v1/cases/{case_id}/ledger/verification")).json()
        assert found["verified"] is True
        assert [case["id"] for case in (await front.ask(who, "GET", "/v1/cases")).json()] == [case_id]


async def test_case_shows_tokens_instead_of_identity(front: Front, case_id: str, application: Body) -> None:
    text = (await front.ask("auditor", "GET", f"/v1/cases/{case_id}")).text
    borrower = application["borrowers"][0]
    assert not [value for value in (borrower["name"], borrower["tax_number"]) if value in text]


async def test_candidate_sees_the_case_but_not_its_ledger(front: Front, case_id: str, approval: Body) -> None:
    assert (await front.ask("underwriter-1", "GET", f"/v1/cases/{case_id}")).status_code == 200
    ledger = await front.ask("underwriter-1", "GET", f"/v1/cases/{case_id}/ledger")
    assert is_problem(ledger, 404, "not_found")
    assert (await front.ask("underwriter-1", "GET", "/v1/cases")).json() == []


async def test_approval_is_read_claimed_and_decided(front: Front, services: Services, approval: Body) -> None:
    path = f"/v1/approvals/{approval['id']}"
    packet = (await front.ask("underwriter-1", "GET", path)).json()
    assert packet["request"]["packet"]["asked"] in packet["markdown"]
    assert (await front.ask("underwriter-1", "POST", f"{path}/claim")).json()[
        "claimed_by"
    ] == "demo-underwriter-1"
    held = await front.ask("underwriter-2", "POST", f"{path}/claim")
    assert is_problem(held, 409, "conflict")
    said = {"verb": "approve", "reason": "figures agree", "digest": approval["digest"]}
    assert (await front.ask("underwriter-1", "POST", f"{path}/decide", json=said)).json()[
        "status"
    ] == "approved"
    assert is_problem(await front.ask("underwriter-2", "POST", f"{path}/decide", json=said), 409, "conflict")
    await Runner(services, "runner-1").advance(approval["case_id"])
    for part in ("effects", "notices"):
        assert (await front.ask("advisor", "GET", f"/v1/cases/{approval['case_id']}/{part}")).json()


async def test_maker_sees_the_request_and_cannot_decide_it(front: Front, approval: Body) -> None:
    path = f"/v1/approvals/{approval['id']}"
    assert (await front.ask("advisor", "GET", path)).status_code == 200
    said = {"verb": "approve", "reason": "it is fine", "digest": approval["digest"]}
    for who in ("advisor", "auditor"):
        assert is_problem(await front.ask(who, "POST", f"{path}/decide", json=said), 403, "forbidden")
    assert is_problem(await front.ask("servicing", "POST", f"{path}/decide", json=said), 404, "not_found")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"digest": "0" * 64}, 409),
        ({"verb": "wave_through"}, 422),
        ({"reason": " "}, 422),
        ({"person": "cfo"}, 422),
        ({"verb": "override"}, 422),
    ],
)
async def test_decision_that_does_not_fit_is_refused(
    front: Front, approval: Body, changes: Body, status: int
) -> None:
    said = {"verb": "approve", "reason": "figures agree", "digest": approval["digest"]} | changes
    answer = await front.ask("underwriter-1", "POST", f"/v1/approvals/{approval['id']}/decide", json=said)
    assert answer.status_code == status


async def test_released_request_is_free_again(front: Front, approval: Body) -> None:
    path = f"/v1/approvals/{approval['id']}"
    await front.ask("underwriter-1", "POST", f"{path}/claim")
    assert is_problem(await front.ask("underwriter-2", "POST", f"{path}/release"), 409, "conflict")
    assert (await front.ask("underwriter-1", "POST", f"{path}/release")).json()["claimed_by"] is None


@pytest.mark.parametrize("born", ["1800-01-01", "2026-03-02", "2031-05-05"])
async def test_impossible_birth_is_refused_by_field_and_opens_nothing(
    front: Front, submission: Body, born: str
) -> None:
    submission["application"]["borrowers"][0]["birth_date"] = born
    answer = await front.open(submission)
    assert is_problem(answer, 422, "bad_input")
    assert answer.json()["field"] == "borrowers.0.birth_date"
    assert (await front.ask("auditor", "GET", "/v1/cases")).json() == []
