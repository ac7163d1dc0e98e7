"""The real dev server in sandbox mode: graphs are drawn and run, states edited and forked, nothing happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from langgraph_sdk import get_client

from api.studio.lifespan import SANDBOX
from checkpoints import embedded
from tests.fakes.canaries import Canaries, files, hits
from tests.fakes.dev_server import dev_server, graph_names

pytest.importorskip("langgraph_api", reason="the studio extra is not installed")
APPROVE = {"decisions": [{"type": "approve", "message": "the figures agree"}]}
IGNORE = [{"type": "ignore", "args": None}]
DECISION_WAITS = ["await_offer"]


@dataclass(frozen=True)
class Studio:
    """The running sandbox."""

    url: str
    client: Any
    cases: dict[str, dict[str, str]]  # what goes into the form, by story
    database: str
    home: Path

    async def run(self, thread: str, **given: Any) -> dict[str, Any]:
        return dict(await self.client.runs.wait(thread, "supervisor", **given))

    async def asked(self, story: str = "routine") -> str:
        """A thread in which a story waits for its decision."""
        thread = str((await self.client.threads.create())["thread_id"])
        await self.run(thread, input=self.cases[story])
        return thread

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    home = tmp_path_factory.mktemp("sandbox")
    server = embedded.start(embedded.default_folder(Path(".state/test-postgres")))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {SANDBOX} with (force)")
    given = {"COUNTERSIGN_MODE": "sandbox", "COUNTERSIGN_HOME": str(home), "DATABASE_URL": server}
    with dev_server(home, given) as url:
        client = get_client(url=url, api_key=None)
        async with httpx.AsyncClient() as plain:
            cases = (await plain.get(f"{url}/sandbox/cases")).json()
        yield Studio(url, client, cases, psycopg.conninfo.make_conninfo(server, dbname=SANDBOX), home)
        await client.aclose()


@pytest.mark.parametrize("graph", graph_names())
async def test_every_graph_is_drawn_and_asks_for_a_case(studio: Studio, graph: str) -> None:
    drawn = await studio.client.assistants.get_graph(graph)
    (assistant,) = await studio.client.assistants.search(graph_id=graph)
    schemas = await studio.client.assistants.get_schemas(assistant["assistant_id"])
    assert {"__start__", "__end__"} < {node["id"] for node in drawn["nodes"]}
    assert schemas["input_schema"]["required"] == ["case_id"]


@pytest.mark.parametrize("graph", ["mortgage", "kyc", "credit"])
async def test_a_worker_graph_runs_from_the_form_on_its_own(studio: Studio, graph: str) -> None:
    result = dict(await studio.client.runs.wait(None, graph, input=studio.cases["self_employed"]))
    assert result["findings"]
    assert all(each["receipt"] for each in result["findings"].values())


async def test_a_story_is_streamed_with_its_workers_up_to_the_decision(studio: Studio) -> None:
    thread = (await studio.client.threads.create())["thread_id"]
    run = {"input": studio.cases["routine"], "stream_mode": ["updates"], "stream_subgraphs": True}
    parts = [part async for part in studio.client.runs.stream(thread, "supervisor", **run)]
    state = await studio.client.threads.get_state(thread)
    assert any(part.event.startswith("updates|mortgage:") for part in parts)
    assert list(state["next"]) == DECISION_WAITS
    assert "### Figures" in state["interrupts"][0]["value"]["action_requests"][0]["description"]


@pytest.mark.parametrize(("answer", "effect"), [(APPROVE, "book_offer"), (IGNORE, "decision_notice")])
async def test_whatever_is_answered_no_effect_happens(studio: Studio, answer: Any, effect: str) -> None:
    result = await studio.run(await studio.asked(), command={"resume": answer})
    (tried,) = result["effects"]
    assert (tried["kind"], tried["status"]) == (effect, "refused")
    assert studio.rows("select * from countersign.effects") == []


async def test_an_offer_is_edited_in_the_sandbox_and_asked_anew(studio: Studio) -> None:
    thread = await studio.asked()
    edited = {"name": "book_offer", "args": {"principal_cents": 250_000_00}}
    resume = {"decisions": [{"type": "edit", "edited_action": edited}]}
    asked = (await studio.run(thread, command={"resume": resume}))["__interrupt__"][0]["value"]
    assert asked["action_requests"][0]["args"]["principal_cents"] == 250_000_00


async def test_the_chat_runs_from_the_form_and_what_is_typed_is_tokenised(studio: Studio) -> None:
    asked = {"type": "human", "content": "Which cases does Avery Demo Quill (900-00-0001) have?"}
    thread = (await studio.client.threads.create())["thread_id"]
    given = {**studio.cases["advisor"], "messages": [asked]}
    result = dict(await studio.client.runs.wait(thread, "advisor", input=given))
    question, answer = result["messages"]
    assert "tok_said_name_" in question["content"]
    assert "tok_said_tax_number_" in question["content"]
    assert studio.cases["routine"]["case_id"] in answer["content"]
    kept = " ".join(row[0] for row in studio.rows("select t::text from checkpoint_blobs t")).upper()
    assert b"QUILL".hex().upper() not in kept
    assert b"Quill".hex().upper() not in kept


async def test_what_is_typed_into_forms_states_and_answers_is_written_nowhere_in_clear(
    studio: Studio,
) -> None:
    canaries = Canaries()
    thread = await studio.asked()
    sorts = ("tax", "email", "card", "phone")
    await studio.client.threads.update(thread, metadata={"of": canaries.said(*sorts)})
    await studio.client.threads.update_state(thread, {"missing": [canaries.said(*sorts)]})
    said = {"decisions": [{"type": "reject", "message": canaries.said(*sorts)}]}
    given = {
        "metadata": {canaries.take("tax"): 1},
        "config": {"configurable": {"note": canaries.said(*sorts)}},
    }
    await studio.run(thread, command={"resume": said}, **given)
    chat = (await studio.client.threads.create(metadata={"asked by": canaries.take("email")}))["thread_id"]
    asked = {"messages": [{"type": "human", "content": canaries.said(*sorts)}]}
    await studio.client.runs.wait(chat, "advisor", input={**studio.cases["advisor"], **asked})
    with psycopg.connect(studio.database) as connection:
        kept = everything(connection)
    assert {where for where, each in kept.items() if hits(canaries.planted, each)} == set()
    assert hits(canaries.planted, files(studio.home)) == []
    assert len(canaries.planted) == 22
    assert any(b"tok_said_tax_number_" in each for each in kept.values())


def everything(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, bytes]:
    """Every table as text, ciphertexts and blobs as they are."""
    tables = connection.execute(
        "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
    ).fetchall()
    rows = {name: connection.execute(f"select * from {name}").fetchall() for (name,) in tables}  # type: ignore[arg-type]
    return {
        name: b"\n".join(
            each if isinstance(each, bytes) else str(each).encode() for row in found for each in row
        )
        for name, found in rows.items()
    }


async def test_standing_authority_has_no_effect_either(studio: Studio) -> None:
    result = dict(await studio.client.runs.wait(None, "supervisor", input=studio.cases["small_amendment"]))
    assert {each["status"] for each in result["effects"]} == {"refused"}


async def test_an_edited_figure_in_a_fork_leads_to_another_decision(studio: Studio) -> None:
    thread = await studio.asked()
    states = await studio.client.threads.get_history(thread, limit=100)
    before = next(state for state in states if list(state["next"]) == ["decide"])
    facts = before["values"]["facts"]
    poor = facts | {"credit_score": facts["credit_score"] | {"value": 500}}
    await studio.client.threads.update_state(thread, {"facts": poor}, checkpoint=before["checkpoint"])
    forked = await studio.run(thread, input=None)
    assert states[0]["values"]["decision"]["outcome"] == "approve"
    assert forked["decision"]["outcome"] != "approve"


async def test_a_fork_of_a_decided_story_is_decided_differently(studio: Studio) -> None:
    thread = await studio.asked()
    approved = await studio.run(thread, command={"resume": APPROVE})
    states = await studio.client.threads.get_history(thread, limit=100)
    before = next(state for state in states if list(state["next"]) == ["prepare_offer"])
    await studio.client.threads.update_state(thread, {"risk": "high"}, checkpoint=before["checkpoint"])
    await studio.run(thread, input=None)
    rejected = await studio.run(thread, command={"resume": IGNORE})
    assert [each["approvals"][-1]["verb"] for each in (approved, rejected)] == ["approve", "reject"]


async def test_only_invented_cases_live_in_a_database_of_their_own(studio: Studio) -> None:
    assert studio.rows("select current_database()") == [(SANDBOX,)]
    assert {row[0] for row in studio.rows("select maker from countersign.cases")} == {"demo-advisor"}


@pytest.mark.parametrize(
    "path", ["/deploy", "//deploy", "/internal/truncate", "/store/items", "/mcp/", "/a2a/kyc"]
)
async def test_nothing_leaves_or_wipes_the_sandbox(studio: Studio, path: str) -> None:
    async with httpx.AsyncClient() as plain:
        answer = await plain.post(f"{studio.url}{path}", json={})
    assert answer.status_code in (403, 404)
