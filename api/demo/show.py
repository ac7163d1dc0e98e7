"""``countersign demo``: four applications from file to closed case, told as a story or given as one JSON object.

Owns the order of events. Everything goes through the HTTP API: the advisor submits, approvers decide and the
auditor verifies, each with a token of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import typer
from rich.console import Console

from api.demo.people import DECISIONS, Found, Front, Say, problem
from api.demo.stories import Story, stories
from api.demo.summary import events, summary
from api.demo.telling import Telling
from api.settings import Settings
from api.up import free_port, prepare, started
from domain.clock import SystemClock

ENDED = ("closed", "referred")
TIMEOUT_SECONDS = 30


def demo(settings: Settings, as_json: bool) -> None:
    """Set everything up, run the four stories, verify; leaves the database as ``countersign up`` finds it."""
    begun = SystemClock().now()
    console = Console(quiet=as_json, highlight=False)
    telling = Telling(console)
    telling.introduction()
    with _front(settings, telling) as front:
        told = _tell(front, telling)
    if as_json:
        typer.echo(json.dumps({"cases": told}, ensure_ascii=False))
    else:
        telling.ending(settings, told, (SystemClock().now() - begun).total_seconds())


@contextmanager
def _front(settings: Settings, telling: Telling) -> Iterator[Front]:
    """The running system, and a client of it."""
    with telling.console.status("Setting up an embedded Postgres, keys and demo people …"):
        prepare(settings)
    telling.done("Postgres, keys, demo people")
    with ExitStack() as stack:
        with telling.console.status("Starting the stand-in core bank, the API and a runner …"):
            system = stack.enter_context(started(settings, free_port(), free_port()))
        telling.done("core bank, API and runner, three processes on 127.0.0.1")
        client = httpx.Client(base_url=system.api, timeout=TIMEOUT_SECONDS, trust_env=False)
        yield Front(settings, stack.enter_context(client))


def _tell(front: Front, telling: Telling) -> list[Found]:
    told = stories(SystemClock().now().date())
    return [_story(front, telling, story, (number, len(told))) for number, story in enumerate(told, 1)]


def _story(front: Front, telling: Telling, story: Story, place: tuple[int, int]) -> Found:
    telling.opening(story, *place)
    body = {"application": story.application, "records": list(story.records)}
    key = f"demo-{story.name}-{SystemClock().now().isoformat()}"
    case_id: str = front.ask("advisor", "POST", "/v1/cases", body, key)["id"]
    warming = "the runner reads the sanctions list once; then " if place[0] == 1 else ""
    with telling.console.status(f"{case_id}: {warming}the supervisor plans, specialists work …"):
        front.wait(case_id, lambda found: found["status"] != "open")
    telling.work(events(front, case_id))
    if place[0] == 1:
        _maker_tries(front, telling, case_id)
    for number, say in enumerate(DECISIONS[story.name]):
        _decide(front, telling, case_id, say, first=number == 0)
    with telling.console.status(f"{case_id}: effects are performed and read back, the notice is written …"):
        front.wait(case_id, lambda found: found["status"] in ENDED)
    told = summary(front, case_id)
    telling.outcome(told)
    return told


def _decide(front: Front, telling: Telling, case_id: str, say: Say, *, first: bool) -> None:
    request = front.request_for(say.who, case_id)
    shown = front.ask(say.who, "GET", f"/v1/approvals/{request['id']}")
    if first:
        telling.packet(say.who, shown["markdown"])
    else:
        telling.same_packet(say.who, shown["request"]["digest"])
    body = {"verb": say.verb, "reason": say.reason, "digest": shown["request"]["digest"]}
    after = front.ask(say.who, "POST", f"/v1/approvals/{request['id']}/decide", body)
    telling.decision(say, after["status"], request["quorum"])


def _maker_tries(front: Front, telling: Telling, case_id: str) -> None:
    """The maker signs their own case: refused, and recorded in the ledger."""
    request = front.request_for(DECISIONS["routine"][0].who, case_id)
    shown = front.ask("advisor", "GET", f"/v1/approvals/{request['id']}")
    body = {
        "verb": "approve",
        "reason": "My own case looks good to me.",
        "digest": shown["request"]["digest"],
    }
    answer = front.send("advisor", "POST", f"/v1/approvals/{request['id']}/decide", body)
    if not answer.is_success:
        telling.refused("advisor", problem(answer))
