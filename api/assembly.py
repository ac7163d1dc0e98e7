"""Builds the services of a process from its settings; refuses to start when a control is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agents.gateway import ModelGateway
from agents.work import Crew
from api.amending import open_amendment
from api.database import database_url
from api.settings import ModelSettings, Settings
from api.telemetry import tracing
from audit.policy import BookKept
from checkpoints import keys
from checkpoints.anchors import Anchors
from checkpoints.approvals import Desk
from checkpoints.books import BookShelf
from checkpoints.bounds import EffectGuard
from checkpoints.breakers import Breakers
from checkpoints.chats import Chats
from checkpoints.clearances import Clearances
from checkpoints.database import Database, Pool, make_pool
from checkpoints.halts import Halts
from checkpoints.incidents import Incidents
from checkpoints.jobs import Jobs
from checkpoints.leaving import OutputGate
from checkpoints.ledger import OPS, Ledger
from checkpoints.orders import OrderGate
from checkpoints.outbox import Outbox
from checkpoints.proofs import Proofs
from checkpoints.quarantine import Quarantine
from checkpoints.retention import Retention
from checkpoints.revision import newest
from checkpoints.signing import NoteFolder, Signer
from checkpoints.stamps import Stamps
from checkpoints.standing import StandingAuthority
from checkpoints.stopping import Stopping
from checkpoints.stores import stores
from checkpoints.tripwires import Tripwires
from checkpoints.unwound import Unwound
from checkpoints.vault import Vault
from domain.clock import Clock, SystemClock
from domain.effect import AnyEffect
from domain.errors import Misconfigured
from domain.model_use import TIERS, Tier
from graphs.catalog import GRAPHS, VOCABULARY, WORKFLOWS
from graphs.proof import require_proven
from graphs.services import Services, install
from guardrails.catalog import (
    GUARDRAILS,
    OF_CALLS,
    OF_EFFECTS,
    OF_TEXTS,
    OUT_OF_BOUNDS,
    OVER_RATE,
    OVER_WHAT_LEAVES,
)
from policies.authority import Authority
from policies.loader import shipped
from tools import core_bank, notices, undoing
from tools.catalog import TOOLS
from tools.gateway import Inbound, ToolGateway
from tools.hmda.entry import RegisterEntry
from tools.lending.conforming import CountyLimits
from tools.policy_books import PublishBook
from tools.regulation_z import COUNTY_LIMITS
from tools.screening.ofac_list import SanctionsList

SCREENING = Path(__file__).parent.parent / "tools" / "screening"
DEMO_LIST, DEMO_PEP, DEMO_MEDIA = (SCREENING / name for name in ("demo_list", "demo_pep", "demo_media"))

NO_KEY = SecretStr("none")  # for endpoints that ask for none: an empty one is looked up in the environment


@cache
def require_sound() -> None:
    """Of no graph of this process a path skips a control, and each is as it was released: looked at once."""
    require_proven(GRAPHS)
    WORKFLOWS.require_released()


@asynccontextmanager
async def running(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Services]:
    """Services over an open pool, installed for the graphs of this process, of which no path skips a control."""
    require_sound()
    pool = make_pool(database_url(settings), settings.pool_size)
    async with pool:
        await _migrated(pool)
        bank = core_bank.CoreBankClient(_bank_url(settings), _bank_token(settings))
        built = build(settings, pool, bank, clock or SystemClock(timedelta(days=settings.ahead_days)))
        await built.jobs.open()
        await _kept_books(built)
        install(built)
        try:
            with tracing(settings):
                yield built
        finally:
            await built.jobs.close()
            await bank.close()


async def _kept_books(built: Services) -> None:
    """Keep the books that came with this software, each with an event that vouches for it."""
    async with built.database.transaction() as connection:
        for book in await built.books.keep(connection, built.clock):
            event = BookKept(book=book.rules.kind, version=book.version)
            await built.ledger.append(connection, OPS, f"book/{book.version}", event)
        if not await built.stamps.adopted(connection):
            await built.stamps.adopt(connection)
        await built.stamps.adopt_turns(connection)


def build(settings: Settings, pool: Pool, bank: core_bank.CoreBankClient, clock: Clock) -> Services:
    """The concrete bundle; nothing is started."""
    database = Database(pool)
    ledger = Ledger(database, clock, grouped=True)
    vault = Vault(database, ring := keys.KeyRing.read(settings.vault_key))
    jobs, authority = Jobs(pool), Authority.shipped()
    desk = Desk(database, ledger, jobs, authority, clock)
    breakers = Breakers(database, ledger, clock)
    books = BookShelf(database, VOCABULARY, shipped(VOCABULARY))
    gate = OutputGate(ledger, vault, authority, GUARDRAILS, OVER_WHAT_LEAVES)
    guard, anchored = _effect_guard(ledger, clock, gate, books), anchors(settings, database, clock)
    return Services(
        **stores(database, ledger, clock),
        database=database,
        ledger=ledger,
        vault=vault,
        books=books,
        gate=gate,
        desk=desk,
        outbox=Outbox(database, ledger, clock, desk, _effects(bank, vault), guard),
        unwound=Unwound(database, _effects(bank, vault), Stopping(ledger, desk, jobs, clock)),
        standing=StandingAuthority(database, ledger),
        halts=Halts(database, ledger, jobs, authority, clock),
        tripwires=Tripwires(ledger, clock, OUT_OF_BOUNDS, Incidents(database, ledger, clock)),
        jobs=jobs,
        breakers=breakers,
        clock=clock,
        crew=crew(settings.model, breakers, _tool_gateway(breakers, Quarantine(database, vault))),
        bank=bank,
        lists=reference_lists(settings),
        chats=Chats(database, vault, clock),
        intake=open_amendment,
        guardrails={each.name: each for each in GUARDRAILS},
        clearances=Clearances(database, ring),
        workflows=WORKFLOWS,
        stamps=Stamps(database, ledger),
        anchors=anchored,
        proofs=Proofs(database, anchored),
        quarantine=Quarantine(database, vault),
        retention=Retention(database, ledger, authority, clock),
        mode=settings.mode,
    )


def _effects(bank: core_bank.CoreBankClient, vault: Vault) -> tuple[AnyEffect, ...]:
    """Every effect that the outbox performs."""
    return (
        *core_bank.effects(bank, vault.reveal),
        *undoing.effects(bank),
        notices.DecisionNotice(),
        RegisterEntry(),
        PublishBook(),
    )


def _effect_guard(ledger: Ledger, clock: Clock, gate: OutputGate, books: BookShelf) -> EffectGuard:
    """What the outbox asks: the book's bounds of effects, and the output gate over its orders."""
    return EffectGuard(ledger, clock, OF_EFFECTS, OrderGate(gate, books))


def anchors(settings: Settings, database: Database, clock: Clock) -> Anchors:
    """What signs the record; ``Misconfigured`` without its key."""
    signer = Signer.read(settings.record_key, settings.record_name)
    return Anchors(
        database, clock, signer, NoteFolder(settings.notes), timedelta(seconds=settings.anchor_seconds)
    )


def _tool_gateway(breakers: Breakers, quarantine: Quarantine) -> ToolGateway:
    inbound = Inbound({each.name: each for each in OF_TEXTS}, quarantine)
    return ToolGateway(TOOLS, breakers, OF_CALLS, OVER_RATE, inbound)


def crew(settings: ModelSettings, breakers: Breakers, tool_gateway: ToolGateway) -> Crew:
    """Everything specialists work with."""
    gateway = ModelGateway(breakers, fallback_model(settings))
    output = {each.name: each for each in GUARDRAILS if each.stage == "output"}
    return Crew(models(settings), gateway, tool_gateway, TOOLS, judge_model(settings), output)


def models(settings: ModelSettings) -> Mapping[Tier, BaseChatModel]:
    """One client per tier; empty when no endpoint is configured."""
    if not settings.base_url:
        return {}
    names = {tier: getattr(settings, tier) for tier in TIERS}
    first = next((name for name in names.values() if name), "")
    if not first:
        raise Misconfigured("a model endpoint is set, but no model name: set COUNTERSIGN_MODEL__ROUTINE")
    return {tier: _client(settings, names[tier] or first) for tier in TIERS}


def fallback_model(settings: ModelSettings) -> BaseChatModel | None:
    """The client that is asked when a tier's model fails; a key never goes to an address it was not given for."""
    if not settings.fallback:
        return None
    if not settings.base_url:
        raise Misconfigured("a fallback model is set, but no endpoint: set COUNTERSIGN_MODEL__BASE_URL")
    elsewhere = settings.fallback_base_url not in (None, settings.base_url)
    key = settings.fallback_api_key or (SecretStr("") if elsewhere else settings.api_key)
    address = settings.fallback_base_url or settings.base_url
    return _client(settings.model_copy(update={"base_url": address, "api_key": key}), settings.fallback)


def judge_model(settings: ModelSettings) -> BaseChatModel | None:
    """The judge's own client, where one is named."""
    return _client(settings, settings.judge) if settings.base_url and settings.judge else None


def _client(settings: ModelSettings, name: str) -> BaseChatModel:
    return ChatOpenAI(
        model=name,
        base_url=settings.base_url,
        api_key=settings.api_key if settings.api_key.get_secret_value() else NO_KEY,
        temperature=settings.temperature,
        use_responses_api=False,
        stream_usage=True,
        max_retries=1,
        timeout=120,
    )


def reference_lists(settings: Settings) -> Mapping[str, Any]:
    """Reference lists by name; one that a bank may leave out is absent, and tools say what that leaves open."""
    lists: dict[str, Any] = {
        "sanctions": _sanctions(settings.sanctions_list or DEMO_LIST),
        "pep": _sanctions(settings.pep_list or DEMO_PEP),
        "adverse_media": _sanctions(settings.adverse_media_list or DEMO_MEDIA),
    }
    if settings.conforming_limits is not None:
        lists[COUNTY_LIMITS] = CountyLimits.load(settings.conforming_limits)
    return lists


@cache
def _sanctions(folder: Path) -> SanctionsList:
    return SanctionsList.load(folder)


async def _migrated(pool: Pool) -> None:
    async with pool.connection() as connection:
        known = await (
            await connection.execute("select to_regclass('public.alembic_version') as t")
        ).fetchone()
        found: Any = None
        if known is not None and known["t"] is not None:
            found = await (
                await connection.execute("select version_num from public.alembic_version")
            ).fetchone()
    if found is None or found["version_num"] != newest():
        raise Misconfigured("the database is not migrated; run `countersign migrate`")


def _bank_url(settings: Settings) -> str:
    return settings.bank_url or "http://127.0.0.1:8702"


def _bank_token(settings: Settings) -> str:
    file = settings.bank_token_file or settings.home / "bank.token"
    if not file.is_file():
        raise Misconfigured(f"no token for the core bank at {file}; set COUNTERSIGN_BANK_TOKEN_FILE")
    return file.read_text(encoding="utf-8").strip()
