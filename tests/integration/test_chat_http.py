"""The chat over HTTP: events as they come, the thread as it stands, and who is let in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.settings import Settings
from checkpoints.ledger import OPS
from domain.clock import SetClock
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.chat import sent_events
from tests.fakes.front import MOST, Front, is_problem


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> AsyncIterator[Front]:
    """The API, and a runner that answers."""
    services.jobs.register(Runner(services, "chat-runner").advance)
    working = asyncio.create_task(services.jobs.work("chat-runner", 2, poll_seconds=0.1))
    yield Front(create_app(services, ensure_demo(settings, clock), MOST), settings)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


@pytest.fixture
async def loan(front: Front, clock: SetClock) -> str:
    story = routine(clock.now().date())
    body = {"application": story.application, "records": list(story.records)}
    case_id = str((await front.open(body)).json()["id"])
    for _ in range(200):
        case = (await front.ask("advisor", "GET", f"/v1/cases/{case_id}")).json()["case"]
        if case["status"] == "waiting_person":
            break
        await asyncio.sleep(0.1)
    return case_id


async def test_progress_comes_first_then_checked_segments_citations_and_the_end(
    front: Front, loan: str
) -> None:
    body = {"message": f"Where does case {loan} stand and what would DTI be at 6.5 %?"}
    answer = await front.ask("advisor", "POST", "/v1/chat", json=body)
    events = sent_events(answer.text)
    names = [name for name, _ in events]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert names[0] == "progress"
    assert names.index("segment") > max(n for n, name in enumerate(names) if name == "progress")
    assert {"citation", "action"} < set(names)
    assert names[-1] == "done"
    assert events[-1][1]["refused"] is None


async def test_thread_is_continued_and_read_again(front: Front, loan: str) -> None:
    first = await front.ask("advisor", "POST", "/v1/chat", json={"message": f"Where does case {loan} stand?"})
    thread = sent_events(first.text)[-1][1]["thread"]
    body = {"thread": thread, "message": "What would DTI be at 6.5 %?"}
    second = sent_events((await front.ask("advisor", "POST", "/v1/chat", json=body)).text)
    read = (await front.ask("advisor", "GET", f"/v1/chat/{thread}")).json()
    assert second[-1][1]["turn"] == 2
    assert [turn["n"] for turn in read["turns"]] == [1, 2]
    assert loan in read["turns"][1]["segments"][0]["text"]


async def test_what_i_typed_is_shown_to_me_as_i_typed_it(front: Front, loan: str) -> None:
    asked = {"message": "Which cases does Avery Demo Quill have? And who is he?"}
    events = sent_events((await front.ask("advisor", "POST", "/v1/chat", json=asked)).text)
    thread = events[-1][1]["thread"]
    read = (await front.ask("advisor", "GET", f"/v1/chat/{thread}")).json()
    assert read["turns"][0]["message"] == asked["message"]


async def test_thread_of_somebody_else_does_not_exist_and_the_attempt_is_on_record(
    front: Front, services: Services, loan: str
) -> None:
    first = await front.ask("advisor", "POST", "/v1/chat", json={"message": f"Where does case {loan} stand?"})
    thread = sent_events(first.text)[-1][1]["thread"]
    read = await front.ask("auditor", "GET", f"/v1/chat/{thread}")
    said = await front.ask(
        "underwriter-1", "POST", "/v1/chat", json={"thread": thread, "message": "And now?"}
    )
    assert is_problem(read, 404, "not_found")
    assert is_problem(said, 404, "not_found")
    targets = {entry.body["target"] for entry in await services.ledger.entries(OPS) if "target" in entry.body}
    assert thread in targets


async def test_whose_group_is_not_listed_is_told_why(front: Front) -> None:
    events = sent_events(
        (await front.ask("sre", "POST", "/v1/chat", json={"message": "What rate today?"})).text
    )
    assert events[-1][1]["refused"] == "not_listed"


@pytest.mark.parametrize(
    "body", [{}, {"message": ""}, {"message": "x" * 5000}, {"message": "a", "thread": "loan-1"}]
)
async def test_message_that_is_none_is_a_problem(front: Front, body: dict[str, str]) -> None:
    assert is_problem(await front.ask("advisor", "POST", "/v1/chat", json=body), 422, "bad_input")


async def test_nobody_without_a_token_is_answered(front: Front) -> None:
    assert is_problem(
        await front.ask(None, "POST", "/v1/chat", json={"message": "hi"}), 401, "unauthenticated"
    )
