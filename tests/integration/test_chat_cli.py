"""``countersign chat`` against a running API: asked once, as JSON, and in a conversation."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn

from api.cli import main
from api.demo.identities import PEOPLE, ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.casework import advance, open_story
from tests.fakes.command_line import Said


@pytest.fixture
async def api(
    services: Services, settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[None]:
    """The API on a port of its own and a runner that answers."""
    services.jobs.register(Runner(services, "chat-runner").advance)
    working = asyncio.create_task(services.jobs.work("chat-runner", 2, poll_seconds=0.1))
    app = create_app(services, ensure_demo(settings, clock))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield
        server.should_exit = True
        await serving
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


@pytest.fixture
async def loan(services: Services, clock: SetClock) -> str:
    case_id = await open_story(services, routine(clock.now().date()), maker=PEOPLE["advisor"])
    await advance(services, case_id)
    return case_id


async def command(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    """One command, on a thread beside the API."""

    def run() -> int:
        with pytest.raises(SystemExit) as left:
            main(words)
        return int(left.value.code or 0)

    code = await asyncio.to_thread(run)
    out, err = capsys.readouterr()
    return Said(code, out, err)


async def test_question_is_answered_with_sources_and_progress(
    loan: str, api: None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = await command(capsys, "chat", f"What would DTI be for {loan} at 6.5 %?", "--as", "advisor")
    flat = " ".join(said.out.split())
    assert said.code == 0
    assert "DTI (back)" in flat
    assert "[1]" in flat
    assert f"countersign history {loan}" in flat
    assert "looking up: what if" in said.err


async def test_answer_is_json_and_the_thread_goes_on(
    loan: str, api: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads(
        (await command(capsys, "chat", f"Where does {loan} stand?", "--as", "advisor", "--json")).out
    )
    words = ("chat", "What would DTI be at 6.5 %?", "--thread", first["thread"], "--as", "advisor", "--json")
    second = json.loads((await command(capsys, *words)).out)
    assert (second["thread"], second["turn"]) == (first["thread"], 2)
    assert loan in second["segments"][0]["text"]


async def test_conversation_lasts_until_somebody_leaves(
    loan: str, api: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO(f"Where does {loan} stand?\nWhat would DTI be at 6.5 %?\nbye\n")
    )
    said = await command(capsys, "chat", "--as", "advisor")
    flat = " ".join(said.out.split())
    assert said.code == 0
    assert flat.count("thread advisor-") == 2
    assert "What if, case" in flat


async def test_thread_of_nobody_is_an_error_in_a_line(api: None, capsys: pytest.CaptureFixture[str]) -> None:
    said = await command(capsys, "chat", "hello", "--thread", "advisor-000000000000", "--as", "advisor")
    assert said.code != 0
    assert "no case advisor-000000000000" in said.err


async def test_chat_thread_is_listed_among_cases_only_when_asked_for(
    api: None, loan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = await command(capsys, "chat", "How many cases do I have?", "--as", "advisor", "--json")
    thread = json.loads(asked.out)["thread"]
    listed = await command(capsys, "cases", "--as", "advisor", "--json")
    everything = await command(capsys, "cases", "--chats", "--as", "advisor", "--json")
    assert [each["id"] for each in json.loads(listed.out)] == [loan]
    assert {each["id"] for each in json.loads(everything.out)} == {loan, thread}
    assert thread not in (await command(capsys, "cases", "--as", "auditor")).out
    assert thread in (await command(capsys, "cases", "--chats", "--as", "auditor")).out
