"""Two hundred identities go in at every front; afterwards none of them is written anywhere in clear.

They go in by files, over the API, in chats, as Studio's input and as resume values; then the whole database, the dev
server's files and its log, our own log, what was told to the trace's server, spans and metrics are searched.
The bank's own system of record and the vault's ciphertexts are where identity belongs.
"""

from __future__ import annotations

import asyncio
import io
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api import telemetry
from api.assembly import running
from api.demo.identities import ISSUER, DemoIssuer, demo_token, ensure_demo
from api.demo.stories import Story, passport_lines, routine, self_employed
from api.http.app import create_app
from api.settings import Settings
from api.studio.watching import busy
from domain.clock import SetClock, SystemClock
from graphs.advance import Runner
from graphs.services import Services
from tests.fakes.canaries import MANY, Canaries, database, files, hits
from tests.fakes.chat import sent_events
from tests.fakes.companies import commentary, filing
from tests.fakes.companies import story as company_loan
from tests.fakes.dev_server import dev_server
from tests.fakes.front import Front
from tests.fakes.ingest import Ingest, running_ingest

pytest.importorskip("langgraph_api", reason="the studio extra is not installed")
FIXTURES = Path(__file__).parents[1] / "fixtures"
STRANGER = ("tax", "email", "card", "phone")
BANKS_OWN = "bank.sqlite"  # the system of record: it knows its customers


@dataclass(frozen=True)
class Bank:
    """Both fronts over one database, and what they tell the outside."""

    front: Front
    services: Services
    settings: Settings
    canaries: Canaries
    told: dict[str, Any]

    async def rests(self, case_id: str) -> None:
        """Wait until the runner has done what there was to do."""
        for _ in range(600):
            if not await busy(self.services, case_id):
                return
            await asyncio.sleep(0.1)

    async def said(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.front.ask(who, method, path, **more)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything that this process logs, from the finest level on; logging stands as before afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    telemetry.start_logs("DEBUG")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    try:
        yield written
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
async def bank(settings: Settings, clock: SetClock) -> AsyncIterator[Bank]:
    """A process that logs, traces and makes spans."""
    ingest, spans = Ingest(), InMemorySpanExporter()
    with logged() as log, running_ingest(ingest):
        traced = {"langsmith_tracing": True, "langsmith_endpoint": ingest.url}
        with telemetry.spans(spans):
            async with running(settings.model_copy(update=traced), clock) as services:
                front = Front(create_app(services, ensure_demo(settings, clock)), settings)
                told = {"log": log, "spans": spans, "ingest": ingest}
                yield Bank(front, services, settings, Canaries(), told)


@asynccontextmanager
async def at_work(services: Services) -> AsyncIterator[None]:
    """A runner."""
    services.jobs.register(Runner(services, "runner-1").advance)
    working = asyncio.create_task(services.jobs.work("runner-1", 2, poll_seconds=0.1))
    try:
        yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


def applicant(canaries: Canaries, story: Story, today: date) -> Story:
    """The story of somebody else, whose document and letter are theirs too."""
    name, born = canaries.take("name"), canaries.take("birth")
    (borrower,) = story.application["borrowers"]
    changed = {"name": name, "birth_date": born, "tax_number": canaries.take("tax"), "customer_number": None}
    home = story.application["property"] | {"address": canaries.take("street")}
    letter = f"I, {name}, changed my work once. {canaries.said(*STRANGER, *STRANGER)}"
    first, last = name.upper().split()
    zone = passport_lines(
        last, first, canaries.take("passport"), date.fromisoformat(born), date(today.year + 4, 1, 1)
    )
    document = {"kind": "identity_document", "party": "party:1", "mrz": zone, "received_on": str(today)}
    kept = [each for each in story.records if each["kind"] != "identity_document"]
    given = {"borrowers": [borrower | changed], "property": home, "letter_of_explanation": letter}
    return replace(story, application=story.application | given, records=(*kept, document))


async def by_file(bank: Bank, today: date) -> list[str]:
    """Applications, a MISMO message, a register and a company's papers; the cases at their first stop."""
    opened = []
    for n, told in enumerate((routine, self_employed, routine)):
        story = applicant(bank.canaries, told(today), today)
        body = {"application": story.application, "records": list(story.records)}
        opened.append((await bank.front.open(body, f"planted-{n}")).json()["id"])
    message = (FIXTURES / "mismo_demo.xml").read_text("utf-8")
    message = message.replace("27 Example Terrace", bank.canaries.take("street").partition(",")[0])
    headers = {"content-type": "application/xml", "idempotency-key": "mismo-1"}
    sent = await bank.said("advisor", "POST", "/v1/mismo", content=message.encode(), headers=headers)
    register = (FIXTURES / "register_synthetic.txt").read_text("utf-8")
    register = register.replace("1 SYNTHETIC WAY", bank.canaries.take("street").partition(",")[0])
    headers = {"content-type": "text/plain", "idempotency-key": "register-1"}
    named = headers | {"x-file-name": f"{bank.canaries.take('email')}.txt"}
    refused = await bank.said("advisor", "POST", "/v1/registers", content=register.encode(), headers=named)
    taken = await bank.said("advisor", "POST", "/v1/registers", content=register.encode(), headers=headers)
    assert (sent.status_code, refused.status_code, taken.status_code) == (201, 422, 201)
    lent = company_loan(
        filing(file=f"{bank.canaries.take('tax')}.xml"), commentary(bank.canaries.said(*STRANGER))
    )
    body = {"application": lent.application, "records": list(lent.records)}
    opened.append((await bank.front.open(body, "company")).json()["id"])
    for case_id in opened:
        await bank.rests(case_id)
    return opened


async def over_the_api(bank: Bank, cases: list[str]) -> None:
    """In reasons of decisions and halts, in ids of events, keys, addresses and questions."""
    take, said = bank.canaries.take, bank.canaries.said
    (request,) = [each for each in await bank.services.desk.of_case(cases[0]) if each.status == "pending"]
    body = {
        "verb": "reject",
        "reason": f"{bank.canaries.planted[0]}: {said(*STRANGER, *STRANGER)}",
        "digest": request.digest,
    }
    path = f"/v1/approvals/{request.id}/decide"
    assert (await bank.said("underwriter-1", "POST", path, json=body)).status_code == 200
    for n in range(4):
        record = {"kind": "title_report", "reported_on": bank.services.clock.now().date().isoformat()}
        body = {"event_id": f"{n}/{take('tax')}/{take('email')}", "record": record}
        kept = await bank.said("record-feed", "POST", f"/v1/cases/{cases[1]}/records", json=body)
        assert kept.status_code == 201
    halt = {"target": "tool:screen_party", "reason": said(*STRANGER)}
    answers = [await bank.said("sre", "POST", "/v1/halts", json=halt)]
    key = {"idempotency-key": take("tax")}
    application = {"application": routine(bank.services.clock.now().date()).application}
    answers.append(await bank.said("advisor", "POST", "/v1/cases", json=application, headers=key))
    for who in ("advisor", "auditor"):
        for path in ("/v1/cases/{}", "/v1/approvals/{}", "/v1/cases/{}/dossier", "/v1/chat/{}"):
            answers.append(await bank.said(who, "GET", path.format(take("tax"))))
    assert {each.status_code for each in answers} == {404, 422}
    asked = [
        {"actor": take("email"), "agent": bank.canaries.planted[0]},
        {"row": take("card"), "kind": take("phone")},
    ]
    for each in asked:
        assert (await bank.said("auditor", "GET", "/v1/record/events", params=each)).status_code == 200


async def in_the_chat(bank: Bank) -> None:
    """Of strangers, and of customers by their whole name."""
    thread: dict[str, str] = {}
    name = bank.canaries.planted[0]
    for _ in range(5):
        message = f"Which cases does {name} have? {bank.canaries.said(*STRANGER, *STRANGER)}"
        answer = await bank.said("advisor", "POST", "/v1/chat", json={"message": message, **thread})
        thread = {"thread": sent_events(answer.text)[-1][1]["thread"]}
    key = {"idempotency-key": bank.canaries.take("card").replace(" ", "")}
    refused = await bank.said("advisor", "POST", "/v1/chat", json={"message": "Hello?"}, headers=key)
    assert refused.status_code == 422


async def in_studio(bank: Bank, url: str, cases: list[str]) -> None:
    """As input of runs and threads, in addresses, and as resume values; refused, or in the vault."""
    canaries = bank.canaries

    async def sent(who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {demo_token(bank.settings, who)}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
            return await client.request(method, path, json=body)

    for case_id in cases:
        await sent("underwriter-1", "GET", f"/threads/{case_id}/state")
        run = {"assistant_id": "supervisor"}
        refused = [
            run | {"input": {"case_id": case_id, "letter": canaries.said(*STRANGER)}},
            run | {"command": {"goto": canaries.take("email")}},
            run | {"command": {"resume": {"decisions": [{"type": canaries.take("email")}]}}},
            run | {"command": {"update": {canaries.take("tax"): 1}}},
            run | {"input": {"case_id": canaries.take("tax")}, "metadata": {"of": canaries.take("phone")}},
        ]
        for body in refused:
            answer = await sent("underwriter-1", "POST", f"/threads/{case_id}/runs/wait", body)
            assert answer.status_code in (403, 422)
        answer = await sent("underwriter-1", "GET", f"/threads/{canaries.take('tax')}/state")
        assert answer.status_code == 404
        decided = {"decisions": [{"type": "reject", "message": canaries.said(*STRANGER, "email")}]}
        body = run | {"command": {"resume": decided}}
        answer = await sent("underwriter-1", "POST", f"/threads/{case_id}/runs/wait", body)
        assert answer.status_code == 200
    thread = (await sent("advisor", "POST", "/threads", {"metadata": {"of": canaries.take("email")}})).json()
    while left := MANY - len(canaries.planted):
        text = canaries.said(*(STRANGER * 3)[:left])
        said = [{"type": "human", "content": [{"type": "text", "text": text}]}]
        body = {"assistant_id": "advisor", "input": {"messages": said}}
        answer = await sent("advisor", "POST", f"/threads/{thread['thread_id']}/runs/wait", body)
        assert answer.status_code == 200


def environment(bank: Bank) -> dict[str, str]:
    """The dev server in live mode, over the same database and the same people."""
    return {
        "DATABASE_URL": str(bank.settings.database_url),
        "COUNTERSIGN_HOME": str(bank.settings.home),
        "COUNTERSIGN_BANK_URL": str(bank.settings.bank_url),
        "COUNTERSIGN_LOG_LEVEL": "DEBUG",
        "COUNTERSIGN_AUTH__ISSUER": ISSUER,
        "COUNTERSIGN_AUTH__JWKS": str(DemoIssuer(bank.settings.home).jwks),
    }


async def everything(bank: Bank) -> dict[str, bytes]:
    """What is written, by where."""
    told = bank.told
    metrics = await bank.front.ask(None, "GET", "/metrics")
    return {
        "database": await database(bank.services),
        "files and the dev server's log": files(bank.settings.home, BANKS_OWN),
        "log": told["log"].getvalue().encode(),
        "traces": told["ingest"].everything.encode(),
        "spans": "\n".join(span.to_json() for span in told["spans"].get_finished_spans()).encode(),
        "metrics": metrics.content,
    }


async def test_two_hundred_identities_are_planted_at_every_front_and_stand_nowhere_in_clear(
    bank: Bank, clock: SetClock
) -> None:
    async with at_work(bank.services):
        cases = await by_file(bank, clock.now().date())
        await over_the_api(bank, cases)
        await in_the_chat(bank)
    with dev_server(bank.settings.home, environment(bank)) as url:
        await in_studio(bank, url, cases[1:3])
    canaries, written = bank.canaries, await everything(bank)
    assert len(set(canaries.planted)) == len(canaries.planted) == MANY
    assert all(len(each) > 1000 for each in written.values()), {at: len(each) for at, each in written.items()}
    assert {at: found for at, each in written.items() if (found := hits(canaries.planted, each))} == {}
    kept = {value for _, value in (await bank.services.vault.values(cases[0])).values()}
    assert {canaries.planted[0], *STRANGER} - kept == {*STRANGER}
    assert [hits(canaries.planted, form) for form in forms(canaries.planted[0])] == [
        [canaries.planted[0]]
    ] * 3


def forms(value: str) -> tuple[bytes, ...]:
    """A value as programs write it: the search finds each."""
    return value.upper().encode(), b64encode(f"x{value}".encode()), value.encode().hex().encode()
