"""Opens what the dev server runs on: the production services (live) or a sandbox with its own database.

The sandbox has its own key, invented cases, and a customer file instead of a core bank: even code that
ignored the mode could reach no other system. In live mode this process is one more runner.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg
import structlog
from starlette.applications import Starlette

from api.assembly import running
from api.chatting import open_thread
from api.database import database_url
from api.demo.identities import PEOPLE, ensure_demo
from api.demo.stories import demo_customers, stories
from api.http.app import authenticator
from api.http.auth import Authenticator
from api.intake import Submission, parse_application, parse_record, submit
from api.settings import Settings
from api.studio.watching import WatchedRunner, Watchers
from checkpoints import embedded, keys
from checkpoints.migrate import migrate
from domain.chat import CHAT
from domain.clock import Clock
from domain.errors import Misconfigured
from graphs.services import Services, install

SANDBOX = "countersign_sandbox"  # database beside the production one
NOWHERE = "http://sandbox.invalid"  # RFC 2606: never resolves
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Front:
    """What the dev server's routes work with."""

    services: Services
    settings: Settings
    auth: Authenticator
    watchers: Watchers
    stories: dict[str, str]  # of the sandbox: name -> case


_opened: list[Front] = []


def front() -> Front:
    """The running front; ``Misconfigured`` when nothing was opened."""
    if not _opened:
        raise Misconfigured("the dev server was started without checkpointer.path of langgraph.json")
    return _opened[0]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Front]:
    """Services in the mode that the settings ask for."""
    chosen = await asyncio.to_thread(_sandboxed, settings) if settings.mode == "sandbox" else settings
    async with running(chosen) as built:
        here, cases = built, dict[str, str]()
        if built.mode == "sandbox":
            here = replace(built, bank=CustomerFile(built.clock.now().date()))
            install(here)
            cases = await _seed(here, keys.KeyRing.read(chosen.vault_key))
        auth = await asyncio.to_thread(_who, chosen, here.clock)
        _opened[:] = [Front(here, chosen, auth, Watchers(), cases)]
        try:
            yield _opened[0]
        finally:
            _opened.clear()


@asynccontextmanager
async def serving(_: Starlette) -> AsyncIterator[None]:
    """While the server runs: in live mode, take jobs like every runner."""
    here = front()
    if here.services.mode == "sandbox":
        yield
        return
    runner = WatchedRunner(here.services, "dev-server", here.watchers)
    here.services.jobs.register(runner.advance)
    working = here.services.jobs.work(runner.name, here.settings.runner_concurrency, poll_seconds=1.0)
    task = asyncio.create_task(working)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class CustomerFile:
    """The demo customers, for reading; it has no way to change anything."""

    def __init__(self, today: date) -> None:
        self._customers = demo_customers(today)

    async def customer(self, number: str) -> dict[str, Any] | None:
        """One customer's profile, or nothing."""
        return self._customers.get(number)


def _sandboxed(settings: Settings) -> Settings:
    """The same settings over a database and a key of the sandbox's own; both are made when missing."""
    url = database_url(settings)
    try:
        sandbox = embedded.create_database(url, SANDBOX)
    except psycopg.errors.DuplicateDatabase:
        sandbox = psycopg.conninfo.make_conninfo(url, dbname=SANDBOX)
    migrate(sandbox)
    key, token = settings.home / "sandbox.key", settings.home / "sandbox-bank.token"
    record = settings.home / "sandbox-record.key"
    for file in (key, record):
        keys.generate(file)
    token.write_text("no-bank-knows-this", encoding="utf-8")
    own = {"database_url": sandbox, "key_file": key, "bank_url": NOWHERE, "bank_token_file": token}
    own |= {"record_key_file": record, "notes_folder": settings.home / "sandbox-notes"}
    return settings.model_copy(update=own)


def _who(settings: Settings, clock: Clock) -> Authenticator:
    """Demo people may work in the sandbox, whose database is never the bank's own."""
    if settings.mode == "sandbox" and not settings.auth.issuer:
        return ensure_demo(settings, clock)
    return authenticator(settings, clock)


async def _seed(services: Services, ring: keys.KeyRing) -> dict[str, str]:
    """The demo's stories as cases of today; running it again on the same day changes nothing.

    A new key cannot open the cases of an older one: it gets cases of its own.
    """
    today, cases = services.clock.now().date(), {}
    for story in stories(today):
        records = tuple(parse_record(record) for record in story.records)
        key = ring.mark("sandbox", f"{story.name}@{today.isoformat()}").hex()
        submission = Submission(parse_application(story.application), key, records)
        cases[story.name] = (await submit(services, PEOPLE["advisor"], submission)).id
        log.info("sandbox_case", story=story.name, case_id=cases[story.name])
    key = ring.mark("sandbox", f"{CHAT}@{today.isoformat()}").hex()
    cases[CHAT] = (await open_thread(services, PEOPLE["advisor"], key)).id
    return cases
