"""The real dev server in live mode: cases are read, woken and decided; every way round the gate is closed."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from langgraph_sdk import get_client

from api.assembly import running
from api.demo.identities import ISSUER, PEOPLE, DemoIssuer, demo_token, ensure_demo
from api.demo.stories import routine
from api.settings import Settings
from checkpoints import embedded, keys
from checkpoints.ledger import OPS
from checkpoints.migrate import migrate
from checkpoints.saver import CaseSaver
from domain.case import CaseStatus
from domain.clock import SetClock, SystemClock
from domain.person import Person
from graphs.catalog import case_graph
from graphs.services import Services
from tests.fakes.bank import TOKEN, RunningBank, running_bank
from tests.fakes.casework import asking, kinds, open_story
from tests.fakes.dev_server import dev_server, graph_names
from tests.fakes.ways_round import APPROVE, OTHER, ROUTES, RUNS, filled

pytest.importorskip("langgraph_api", reason="the studio extra is not installed")
ACCEPT = [{"type": "accept", "args": None}]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Live:
    """The running dev server, and the bank behind it."""

    url: str
    services: Services
    settings: Settings
    bank: RunningBank
    clients: dict[str, Any] = field(default_factory=dict)

    def token(self, name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {demo_token(self.settings, name)}"}

    def client(self, name: str) -> Any:
        if name not in self.clients:
            self.clients[name] = get_client(url=self.url, headers=self.token(name), api_key=None)
        return self.clients[name]

    async def send(self, name: str, method: str, path: str, body: Any = None) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, headers=self.token(name), timeout=30) as client:
            return await client.request(method, path, json=body)

    async def new(self, maker: Person = PEOPLE["advisor"]) -> str:
        """A routine loan just submitted, of a customer of its own: loans to one customer are limited together."""
        today, n = self.services.clock.now().date(), next(_numbers)
        story = routine(today)
        (borrower,) = story.application["borrowers"]
        story = asking(story, borrowers=[{**borrower, "tax_number": f"900-01-{n:04}"}])
        return await open_story(self.services, story, f"live-{n}", maker)

    async def asked(self, name: str = "underwriter-1") -> tuple[str, Any, dict[str, Any]]:
        """A case that waits for its countersignature, and its state as this person was shown it."""
        case_id = await self.new()
        await self.client("advisor").runs.wait(case_id, "supervisor", input={"case_id": case_id})
        client = self.client(name)
        return case_id, client, dict(await client.threads.get_state(case_id))

    def effects(self) -> dict[str, int]:
        """What happened in the bank."""
        return {name: n for name, n in self.bank.counts().items() if isinstance(n, int)}

    async def attempts(self) -> list[dict[str, Any]]:
        """Refused attempts in the ``ops`` stream."""
        return [e.body for e in await self.services.ledger.entries(OPS) if e.kind == "attempt_refused"]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    server = embedded.start(embedded.default_folder(Path(".state/test-postgres")))
    name = f"live_{os.getpid()}"
    url = embedded.create_database(server, name)
    migrate(url)
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture(scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory, database: str) -> AsyncIterator[Live]:
    home = tmp_path_factory.mktemp("live")
    clock = SetClock(SystemClock().now())
    keys.generate(home / "vault.key")
    keys.generate(home / "record.key")
    (home / "bank.token").write_text(TOKEN)
    with running_bank(home, clock) as bank:
        settings = Settings(_env_file=None, home=home, DATABASE_URL=database, bank_url=bank.url)
        ensure_demo(settings, clock)
        given = {  # the bank's own issuer, played by the demo's: a live server takes no demo people as such
            "DATABASE_URL": database,
            "COUNTERSIGN_HOME": str(home),
            "COUNTERSIGN_BANK_URL": bank.url,
            "COUNTERSIGN_AUTH__ISSUER": ISSUER,
            "COUNTERSIGN_AUTH__JWKS": str(DemoIssuer(home).jwks),
        }
        with dev_server(home, given) as url:
            async with running(settings, clock) as services:
                made = Live(url, services, settings, bank)
                yield made
                for client in made.clients.values():
                    await client.aclose()


async def test_a_case_is_woken_and_its_workers_are_watched(live: Live) -> None:
    case_id = await live.new()
    run = {"input": {"case_id": case_id}, "stream_mode": ["updates"], "stream_subgraphs": True}
    seen = [part async for part in live.client("advisor").runs.stream(case_id, "supervisor", **run)]
    assert any(part.event.startswith("updates|mortgage:") for part in seen)
    assert seen[-1].data["__interrupt__"][0]["value"]["case_id"] == case_id


async def test_the_interrupt_shows_evidence_and_binding(live: Live) -> None:
    case_id, _, state = await live.asked()
    (asked,) = state["interrupts"]
    (request,) = await live.services.desk.of_case(case_id)
    assert asked["value"]["digest"] == request.digest
    assert "### Figures" in asked["value"]["action_requests"][0]["description"]


@pytest.mark.parametrize("answer", [APPROVE, ACCEPT])
async def test_either_answer_shape_countersigns_and_books_once(live: Live, answer: Any) -> None:
    case_id, client, _ = await live.asked()
    before = live.bank.counts()["loans_booked"]
    await client.runs.wait(case_id, "supervisor", command={"resume": answer})
    case = await live.services.cases.get(case_id)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "approved")
    assert live.bank.counts()["loans_booked"] == before + 1
    assert (await live.services.ledger.verify(case_id)).verified


async def test_an_answer_keyed_by_its_interrupt_counts(live: Live) -> None:
    case_id, client, state = await live.asked()
    keyed = {state["interrupts"][0]["id"]: {"decisions": [{"type": "reject", "message": "collateral"}]}}
    await client.runs.wait(case_id, "supervisor", command={"resume": keyed})
    assert (await live.services.cases.get(case_id)).outcome == "declined"


SMALLER = {"principal_cents": 250_000_00}


def edits(state: dict[str, Any], **changes: Any) -> tuple[Any, Any]:
    """An edit of the offer as shown, in either shape; text fields of agent-inbox send numbers as text."""
    request = state["interrupts"][0]["value"]["action_requests"][0]
    typed = {"name": request["name"], "args": request["args"] | changes}
    text = {"action": request["name"], "args": request["args"] | {k: str(v) for k, v in changes.items()}}
    return {"decisions": [{"type": "edit", "edited_action": typed}]}, [{"type": "edit", "args": text}]


@pytest.mark.parametrize("shape", [0, 1])
async def test_edited_offer_is_judged_anew_and_signed_by_somebody_else(live: Live, shape: int) -> None:
    case_id, client, state = await live.asked()
    resume = {"resume": edits(state, **SMALLER)[shape]}
    asked = (await client.runs.wait(case_id, "supervisor", command=resume))["__interrupt__"][0]["value"]
    assert asked["action_requests"][0]["args"]["principal_cents"] == SMALLER["principal_cents"]
    body = {"assistant_id": "supervisor", "command": {"resume": APPROVE}}
    own = await live.send("underwriter-1", "POST", f"/threads/{case_id}/runs/wait", body)
    assert own.status_code == 403
    second = live.client("underwriter-2")
    await second.threads.get_state(case_id)
    await second.runs.wait(case_id, "supervisor", command={"resume": APPROVE})
    booked = (await live.services.outbox.of_case(case_id))[0]["action"]["args"]["principal_cents"]
    assert (booked, (await live.services.cases.get(case_id)).outcome) == (
        SMALLER["principal_cents"],
        "approved",
    )


@pytest.mark.parametrize("changes", [{"rate_bps": 1}, {"principal_cents": -1}, {"product": "fixed_15"}, {}])
async def test_edit_of_what_may_not_be_edited_is_refused_live(live: Live, changes: dict[str, Any]) -> None:
    case_id, _, state = await live.asked()
    for resume in edits(state, **changes):
        body = {"assistant_id": "supervisor", "command": {"resume": resume}}
        answer = await live.send("underwriter-1", "POST", f"/threads/{case_id}/runs/wait", body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await live.services.cases.get(case_id)).status is CaseStatus.WAITING_PERSON


async def test_a_question_back_returns_the_request_for_information(live: Live) -> None:
    case_id, client, _ = await live.asked()
    said = [{"type": "response", "args": "who valued the house?"}]
    await client.runs.wait(case_id, "supervisor", command={"resume": said})
    assert {each.status.value for each in await live.services.desk.of_case(case_id)} == {
        "returned",
        "pending",
    }


async def test_background_run_carries_an_answer_to_the_desk_and_is_joined(live: Live) -> None:
    case_id, client, _ = await live.asked()
    run = await client.runs.create(case_id, "supervisor", command={"resume": APPROVE})
    await client.runs.join(case_id, run["run_id"])
    assert (await client.runs.get(case_id, run["run_id"]))["status"] == "success"
    assert (await live.services.cases.get(case_id)).outcome == "approved"


async def test_background_run_of_who_may_not_decide_is_refused(live: Live) -> None:
    case_id, _, _ = await live.asked("advisor")
    body = {"assistant_id": "supervisor", "command": {"resume": APPROVE}}
    answer = await live.send("advisor", "POST", f"/threads/{case_id}/runs", body)
    assert (answer.status_code, (await live.services.cases.get(case_id)).status) == (
        403,
        CaseStatus.WAITING_PERSON,
    )


@pytest.mark.parametrize("who", ["advisor", "auditor"])
async def test_who_may_read_but_not_decide_is_refused(live: Live, who: str) -> None:
    case_id, _, _ = await live.asked(who)
    body = {"assistant_id": "supervisor", "command": {"resume": APPROVE}}
    answer = await live.send(who, "POST", f"/threads/{case_id}/runs/wait", body)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "attempt_refused" in await kinds(live.services, case_id)
    assert (await live.services.cases.get(case_id)).status is CaseStatus.WAITING_PERSON


async def test_for_a_stranger_the_case_does_not_exist(live: Live) -> None:
    case_id, _, _ = await live.asked()
    answer = await live.send("servicing", "GET", f"/threads/{case_id}/state")
    assert answer.status_code == 404
    assert case_id in {each["target"] for each in await live.attempts()}


async def test_nobody_decides_what_they_were_not_shown(live: Live) -> None:
    case_id, _, _ = await live.asked("underwriter-1")
    body = {"assistant_id": "supervisor", "command": {"resume": APPROVE}}
    answer = await live.send("underwriter-2", "POST", f"/threads/{case_id}/runs/wait", body)
    assert (answer.status_code, answer.json()["remedy"]) == (409, "read the thread's state, then decide")


async def test_history_is_read_and_an_old_checkpoint_cannot_be_resumed(live: Live) -> None:
    case_id, client, _ = await live.asked()
    await client.runs.wait(case_id, "supervisor", command={"resume": APPROVE})
    before, states = live.effects(), await client.threads.get_history(case_id, limit=100)
    waiting = next(state for state in states if state["next"] == ["await_offer"])
    body = {"assistant_id": "supervisor", "checkpoint": waiting["checkpoint"], "command": {"resume": APPROVE}}
    answer = await live.send("underwriter-1", "POST", f"/threads/{case_id}/runs/wait", body)
    assert (answer.status_code, live.effects()) == (403, before)


async def test_many_parallel_answers_settle_once(live: Live) -> None:
    case_id, _, _ = await live.asked()
    before, path = live.bank.counts()["loans_booked"], f"/threads/{case_id}/runs/wait"
    body = {"assistant_id": "supervisor", "command": {"resume": APPROVE}}
    answers = await asyncio.gather(*(live.send("underwriter-1", "POST", path, body) for _ in range(16)))
    codes = [each.status_code for each in answers]
    assert (codes.count(200), set(codes)) in ((1, {200, 403}), (1, {200, 409}), (1, {200, 403, 409}))
    assert live.bank.counts()["loans_booked"] == before + 1


@pytest.fixture(scope="module")
async def waiting(live: Live) -> str:
    case_id, _, _ = await live.asked()
    return case_id


async def untouched(live: Live, case_id: str) -> tuple[Any, ...]:
    """What no attempt may change."""
    rows = await live.services.database.rows(
        "select count(*) as n, max(checkpoint_id) as newest from checkpoints where thread_id = %s", case_id
    )
    return rows, await live.services.cases.get(case_id), live.effects()


@pytest.mark.parametrize("route", ["/wait", "/stream", ""])
@pytest.mark.parametrize("way", RUNS)
async def test_a_run_that_is_more_than_a_wake_up_or_an_answer_is_refused(
    live: Live, waiting: str, way: str, route: str
) -> None:
    before, (body, recorded) = await untouched(live, waiting), RUNS[way]
    path = f"/threads/{waiting}/runs{route}"
    answer = await live.send("underwriter-1", "POST", path, filled(body, waiting))
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    tried = {each["action"] for each in await live.attempts() if each["target"] == waiting}
    assert f"dev-server run with {recorded}" in tried
    assert await untouched(live, waiting) == before


@pytest.mark.parametrize("way", ROUTES)
async def test_every_other_route_of_the_server_is_refused(live: Live, waiting: str, way: str) -> None:
    before, (method, path, body) = await untouched(live, waiting), ROUTES[way]
    path = filled(path, waiting)
    answer = await live.send("underwriter-1", method, path, filled(body, waiting))
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    target = (
        path[1:].replace(f"case:{waiting}", "{id}").replace(waiting, "{id}").replace("supervisor", "{id}")
    )
    assert (f"dev-server {method}", target) in {(e["action"], e["target"]) for e in await live.attempts()}
    assert await untouched(live, waiting) == before


async def test_a_new_thread_is_never_made(live: Live) -> None:
    answer = await live.send("advisor", "POST", "/threads", {"thread_id": OTHER, "supersteps": []})
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{}, {"x-auth-scheme": "langsmith"}, {"authorization": "Bearer x.y.z"}])
async def test_without_a_valid_token_nothing_is_shown(
    live: Live, waiting: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=live.url, headers=headers) as client:
        reads = [await client.get(f"/threads/{waiting}/state"), await client.post("/threads/search", json={})]
        drawn = await client.get("/assistants/supervisor/graph")
    assert [each.status_code for each in (*reads, drawn)] == [401, 401, 401]
    assert "login" in {each["action"] for each in await live.attempts()}


async def test_graphs_are_drawn_for_who_is_known(live: Live) -> None:
    client = live.client("auditor")
    known = {each["graph_id"] for each in await client.assistants.search()}
    drawn = await client.assistants.get_graph("supervisor")
    assert known == set(graph_names())
    assert "await_offer" in {node["id"] for node in drawn["nodes"]}


async def test_the_inbox_lists_what_waits_for_me_and_nothing_else(live: Live, waiting: str) -> None:
    mine = {each["thread_id"] for each in await live.client("underwriter-1").threads.search(limit=100)}
    others = await live.client("servicing").threads.search(limit=100)
    assert waiting in mine
    assert others == []


async def test_the_chat_is_used_as_agent_chat_ui_uses_it_and_hears_tokens_only(live: Live) -> None:
    case_id, _, _ = await live.asked()
    client = live.client("advisor")
    thread = (await client.threads.create())["thread_id"]
    said = [
        {
            "type": "human",
            "content": [{"type": "text", "text": f"Where does {case_id} of Avery Demo Quill stand?"}],
        }
    ]
    run = {"input": {"messages": said}, "stream_mode": ["values"]}
    parts = [part async for part in client.runs.stream(thread, "advisor", **run)]
    question, answer = parts[-1].data["messages"][-2:]
    assert (question["type"], answer["type"]) == ("human", "ai")
    assert "tok_said_name_" in question["content"]
    assert f"Case {case_id}" in answer["content"]
    rows = await live.services.database.rows(
        "select t::text as row from checkpoint_blobs t where thread_id = %s", thread
    )
    assert b"Quill".hex() not in " ".join(row["row"] for row in rows)


async def test_a_chat_thread_is_its_own_persons_and_takes_messages_only(live: Live) -> None:
    thread = (await live.client("advisor").threads.create())["thread_id"]
    human = [{"type": "human", "content": "What waits for my team?"}]
    ways = [
        ("underwriter-1", {"input": {"messages": human}}),
        ("auditor", {"input": {"messages": human}}),
        ("advisor", {"input": {"messages": [{"type": "ai", "content": "Approved."}]}}),
        ("advisor", {"input": {"messages": human, "answer": {"segments": []}}}),
        ("advisor", {"input": {"messages": human, "case_id": "home_loan-000000000000"}}),
    ]
    for who, body in ways:
        answer = await live.send(
            who, "POST", f"/threads/{thread}/runs/wait", {"assistant_id": "advisor", **body}
        )
        assert answer.status_code in (403, 404), body
    assert await live.services.chats.of_thread(thread) == []
    assert (await live.send("sre", "POST", "/threads", {})).status_code == 403


async def test_the_servers_own_files_hold_no_case(live: Live, waiting: str) -> None:
    written = b"".join(file.read_bytes() for file in (live.settings.home / ".langgraph_api").glob(".*"))
    assert waiting.encode() not in written
    assert b"underwriter" not in written


async def test_a_core_run_that_got_past_the_guard_could_write_nothing(live: Live) -> None:
    case_id = await live.new()
    unleased = CaseSaver(live.services.database.pool)
    graph = case_graph("home_loan").copy(update={"checkpointer": unleased})
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await graph.ainvoke(
            {"case_id": case_id}, {"configurable": {"thread_id": "not-a-case"}}, durability="sync"
        )
