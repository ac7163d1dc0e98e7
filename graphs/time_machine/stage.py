"""The stage of one replay: services over tables in memory, filled from a record, with stand-ins for all outside.

Owns how a record becomes services, and how what came from outside is done again. Never runs a step.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, cast

from psycopg.types.json import Jsonb

from agents.crew import Crew
from agents.gateway import ModelGateway
from audit.chain import Entry
from checkpoints.approvals import SQL as APPROVALS
from checkpoints.approvals import Desk
from checkpoints.autonomy import SQL as AUTONOMY
from checkpoints.books import BookShelf
from checkpoints.breakers import Breakers
from checkpoints.cases import Cases
from checkpoints.chats import Chats
from checkpoints.clearances import Clearances
from checkpoints.database import Connection
from checkpoints.golden import SQL as GOLDEN
from checkpoints.halts import Halts, halt, resume
from checkpoints.in_memory import InMemoryDatabase
from checkpoints.incidents import Incidents
from checkpoints.journal import Call as Asked
from checkpoints.journal import open_journal
from checkpoints.keys import KeyRing
from checkpoints.outbox import Outbox
from checkpoints.quarantine import SQL as QUARANTINE
from checkpoints.quarantine import Quarantine
from checkpoints.records import Records, Sent
from checkpoints.stopping import Stopping
from checkpoints.stores import stores
from checkpoints.vault import Vault
from checkpoints.waivers import SQL as WAIVERS
from domain.approval import ApprovalDecision, ApprovalRequest, ApprovalStatus
from domain.case import Case, CaseStatus
from domain.clock import SetClock, parse_time
from domain.errors import Divergence
from graphs.catalog import VOCABULARY, WORKFLOWS
from graphs.services import Services
from graphs.time_machine.leaving import RecordedGate, RecordedOrders
from graphs.time_machine.past import Past
from graphs.time_machine.record import Arrival, CaseRecord, KeptAway
from graphs.time_machine.recorded_models import Models, models_of
from graphs.time_machine.stand_ins import (
    NoTripwires,
    Nowhere,
    RecordedGuard,
    RecordedLedger,
    RecordedSession,
    RecordedStanding,
    RecordedUnwound,
    recorded,
)
from graphs.workflows import Workflows
from guardrails.catalog import GUARDRAILS, OF_CALLS, OF_EFFECTS, OUT_OF_BOUNDS, OVER_RATE
from policies.authority import Authority
from policies.book import Book
from policies.loader import parse_book
from tools.catalog import EFFECTS, TOOLS
from tools.gateway import ToolGateway


@dataclass(frozen=True, slots=True)
class Stage:
    """One replay, ready to begin."""

    services: Services
    past: Past


@dataclass(frozen=True, slots=True)
class Setting:
    """How a stage is set: as the record has it, unless somebody asks what would have been.

    Args:
        past: how the record is gone through.
        vault: where values are revealed; a replay's own holds none.
        book: instead of the one that the case is pinned to, read already.
    """

    past: type[Past] = Past
    vault: Callable[[InMemoryDatabase, KeyRing], Vault] = Vault
    book: Book | None = None


async def staged(record: CaseRecord, workflows: Workflows, setting: Setting = Setting()) -> Stage:
    """Fill the tables and set up the stand-ins; nothing has come from outside yet."""
    database, clock = InMemoryDatabase(), SetClock(record.case.opened_at)
    vault = setting.vault(database, KeyRing(secrets.token_bytes(32)))  # of this replay alone
    past = setting.past(record, clock, _Again(record, database).happens)
    book = setting.book or parse_book(
        record.book, record.case.policy_version
    )  # judged when it came into force
    services = replace(_services(record, (database, clock), vault, past, book), workflows=workflows)
    await _filled(record, services)
    return Stage(services, past)


def _services(
    record: CaseRecord, here: tuple[InMemoryDatabase, SetClock], vault: Vault, past: Past, book: Book
) -> Services:
    database, clock = here
    ledger, queue = RecordedLedger(database, clock, past), cast("Any", Nowhere("queue"))
    authority, breakers = _authority(), Breakers(database, ledger, clock)
    desk = Desk(database, ledger, queue, authority, clock)
    today = parse_book(record.hours_of) if record.hours_of else book
    books, gate = BookShelf(database, VOCABULARY, (book, today)), RecordedGate(ledger, past)
    guard = RecordedGuard(ledger, clock, OF_EFFECTS, RecordedOrders(gate, books), past)
    return Services(
        **stores(database, ledger, clock),
        database=database,
        ledger=ledger,
        vault=vault,
        books=books,
        gate=gate,
        desk=desk,
        outbox=Outbox(database, ledger, clock, desk, _effects(record, past), guard),
        unwound=RecordedUnwound(database, past, Stopping(ledger, desk, queue, clock)),
        standing=RecordedStanding(database, ledger, past),
        halts=Halts(database, ledger, queue, authority, clock),
        tripwires=NoTripwires(ledger, clock, OUT_OF_BOUNDS, Incidents(database, ledger, clock)),
        jobs=queue,
        breakers=breakers,
        clock=clock,
        crew=_crew(models_of(record, book), breakers),
        bank=cast("Any", Nowhere("core bank")),
        lists={},
        chats=Chats(database, vault, clock),
        intake=cast("Any", Nowhere("intake")),
        guardrails={each.name: each for each in GUARDRAILS},
        clearances=Clearances(database, KeyRing(secrets.token_bytes(32))),
        workflows=WORKFLOWS,
        stamps=cast("Any", Nowhere("stamps")),
        anchors=cast("Any", Nowhere("anchors")),
        proofs=cast("Any", Nowhere("proofs")),
        quarantine=Quarantine(database, vault),
        retention=cast("Any", Nowhere("retention")),
        session=partial(RecordedSession, past=past),
    )


@cache
def _authority() -> Authority:
    """One for every stage: it is read and rehearsed, and keeps nothing."""
    return Authority.shipped()


def _effects(record: CaseRecord, past: Past) -> tuple[Any, ...]:
    """Every effect as the record shows it; none is performed."""
    shown = {each.key: each for each in record.outside}
    return tuple(recorded(each, shown, past) for each in EFFECTS)


def _crew(models: Models, breakers: Breakers) -> Crew:
    output = {each.name: each for each in GUARDRAILS if each.stage == "output"}
    gateway = ModelGateway(breakers, models.fallback)
    return Crew(
        models.by_tier,
        gateway,
        ToolGateway(TOOLS, breakers, OF_CALLS, OVER_RATE),
        TOOLS,
        models.judge,
        output,
    )


async def _filled(record: CaseRecord, services: Services) -> None:
    """The case as it was submitted, and what it reads through to; its own answers come as they are asked for."""
    async with services.database.transaction() as connection:
        for case in (record.case, *record.lineage):
            first = record.opened_with if case is record.case else case.workflow
            begun = case.model_copy(update={"status": CaseStatus.OPEN, "outcome": None, "workflow": first})
            await services.cases.insert(connection, begun, record.application)
            await services.vault.open_case(connection, case.id)
        for arrival in record.arrivals:
            if arrival.case_id != record.case.id:
                await keep(connection, arrival)
        for each in record.quarantined:
            if each.case_id != record.case.id:
                await keep_away(connection, each)
    for case in record.lineage:
        await _answers(record, services, case)


async def _answers(record: CaseRecord, services: Services, case: Case) -> None:
    journal = await open_journal(services.database, services.vault, services.clock, (case.id,))
    async with services.database.transaction() as connection:
        for call in (each for each in record.calls if each.case_id == case.id):
            await journal.ask(connection, call.key, Asked(cast("Any", call.gateway), call.target, None))
            if call.response is not None:
                await journal.answer(connection, call.key, call.response)


async def keep(connection: Connection, arrival: Arrival) -> None:
    """One source record, as intake keeps it."""
    sent = Sent(arrival.case_id, arrival.event_id, b"")
    await Records.insert(connection, sent, arrival.body, arrival.received_at)


async def keep_away(connection: Connection, each: KeptAway) -> None:
    """That one text was kept from agents."""
    row = tuple(getattr(each, name) for name in KeptAway.model_fields)
    await connection.execute(QUARANTINE["keep"], row)


@dataclass(frozen=True, slots=True)
class _Again:
    """Does again what came from outside, by the event that told of it."""

    record: CaseRecord
    database: InMemoryDatabase

    async def happens(self, entry: Entry) -> None:
        """What only told of something (a claim, a refused attempt) changes nothing."""
        does: dict[str, Callable[[Connection, Entry], Awaitable[Any]]] = {
            "record_received": self._record,
            "text_quarantined": self._kept_away,
            "approval_decided": self._decision,
            "approval_escalated": self._escalation,
            "approval_expired": self._expiry,
            "approval_opened": self._request,
            "waiver_asked": self._waiver,
            "timer_fired": self._timer,
            "case_migrated": self._migration,
            "autonomy_lowered": self._level,
            "autonomy_raised": self._level,
            "golden_set_ran": self._run,
            "halting": self._halt,
            "resuming": self._resumption,
        }
        if entry.kind in does:
            async with self.database.transaction() as connection:
                await does[entry.kind](connection, entry)

    async def _record(self, connection: Connection, entry: Entry) -> None:
        for each in self.record.arrivals:
            if each.event_id == entry.body["event_id"] and each.case_id == self.record.case.id:
                await keep(connection, each)
                return
        raise Divergence(f"record {entry.body['event_id']} was received and is not there", sequence=entry.seq)

    async def _kept_away(self, connection: Connection, entry: Entry) -> None:
        for each in self.record.quarantined:
            if f"{each.event}/{entry.kind}" == entry.key:
                await keep_away(connection, each)

    async def _decision(self, connection: Connection, entry: Entry) -> None:
        told = {name: entry.body[name] for name in ("verb", "reason", "reason_code", "edits", "digest")}
        request, person, at = entry.body["approval_id"], entry.actor, parse_time(entry.at)
        decision = ApprovalDecision(approval_id=request, person=person, at=at, **told)
        values = (request, person, Jsonb(decision.model_dump(mode="json")), at)
        await connection.execute(APPROVALS["decide"], values)
        await connection.execute(APPROVALS["settle"], (entry.body["settles"], request))

    async def _escalation(self, connection: Connection, entry: Entry) -> None:
        approval = entry.body["approval_id"]
        row = await (await connection.execute(APPROVALS["get"], (approval,))).fetchone()
        if row is not None:
            until = parse_time(entry.at) + (row["due_at"] - row["opened_at"])
            groups = [*row["groups"], entry.body["to_group"]]
            await connection.execute(APPROVALS["escalate"], (groups, until, approval))

    async def _expiry(self, connection: Connection, entry: Entry) -> None:
        await connection.execute(APPROVALS["settle"], (ApprovalStatus.EXPIRED, entry.body["approval_id"]))

    async def _request(self, connection: Connection, entry: Entry) -> None:
        request = self._opened(entry.body["approval_id"])
        body = Jsonb(request.model_dump(mode="json"))
        asked = (request.digest, ApprovalStatus.PENDING, list(request.candidate_groups), request.quorum)
        place = (request.id, request.case_id, request.boundary)
        await connection.execute(
            APPROVALS["insert"], (*place, body, *asked, request.opened_at, request.due_at)
        )

    def _opened(self, approval_id: str) -> ApprovalRequest:
        (request,) = [each for each in self.record.requests if each.id == approval_id]
        return request

    async def _waiver(self, connection: Connection, entry: Entry) -> None:
        told = entry.body
        scope = (told["approval_id"], self.record.case.id, told["condition"], told["approval"])
        await connection.execute(WAIVERS["keep"], (*scope, told["reason_code"], parse_time(entry.at)))

    async def _timer(self, connection: Connection, entry: Entry) -> None:
        for row in self.database.tables["timers"]:
            if row["name"] == entry.body["name"]:
                row["fired_at"] = parse_time(entry.at)

    async def _migration(self, connection: Connection, entry: Entry) -> None:
        await Cases.set_workflow(connection, self.record.case.id, entry.body["to_workflow"])

    async def _level(self, connection: Connection, entry: Entry) -> None:
        told, at = entry.body, parse_time(entry.at)
        row = {name: told[name] for name in ("specialist", "workflow", "reason")}
        await connection.execute(
            AUTONOMY["move"], row | {"level": told["to_level"], "since": at, "by": entry.actor}
        )

    async def _run(self, connection: Connection, entry: Entry) -> None:
        told, at = entry.body, parse_time(entry.at)
        row = {name: told[name] for name in ("specialist", "model", "asked_as", "version")}
        await connection.execute(
            GOLDEN["keep"], row | {"ran_at": at, "score": told["score"], "by": entry.actor}
        )

    async def _halt(self, connection: Connection, entry: Entry) -> None:
        told = entry.body
        await halt(connection, told["target"], entry.actor, told["reason"], SetClock(parse_time(entry.at)))

    async def _resumption(self, connection: Connection, entry: Entry) -> None:
        await resume(connection, entry.body["target"])
