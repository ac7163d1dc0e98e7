"""The record of a case: everything that a replay goes by, read once, as one document.

Holds tokens, digests and journaled answers, never a value of the vault. Reads and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from audit.chain import Entry, verify
from audit.readings import EffectMeasured
from checkpoints.journal import CallKey, read_calls
from checkpoints.ledger import OPS
from domain.approval import ApprovalRequest
from domain.case import Case
from domain.chat import CHAT
from domain.errors import BadInput, Conflict
from domain.identity import Record
from graphs.policy_change.proposing import KIND as POLICY_CHANGE
from graphs.services import Services
from graphs.time_machine.moments import snapshots

SCHEMA_VERSION = 1
OPERATIONS = ("autonomy_lowered", "autonomy_raised", "golden_set_ran", "halting", "resuming")
OF_MODELS = ("model_called", "call_refused")
WAIVER = "waiver"  # the boundary that people open, not the case


class Call(Record):
    """One call of a gateway under its journal key; no response when none ever came."""

    case_id: str
    assignment: str
    attempt: int
    digest: str
    n: int
    gateway: str
    target: str
    response: Any = None

    @property
    def key(self) -> CallKey:
        """As gateways count it."""
        return CallKey(self.assignment, self.attempt, self.digest, self.n)


class Arrival(Record):
    """One source record as it came, tokenised."""

    case_id: str
    event_id: str
    body: dict[str, Any]
    received_at: datetime


class Outside(Record):
    """What another system, or the outbox's own transaction, showed of one effect."""

    key: str
    receipt: str | None
    read_back: dict[str, Any] | None


class KeptAway(Record):
    """One text that agents did not get: where it stood and which ruling took it, never what it said."""

    case_id: str
    token: str
    place: str
    guardrail: str
    version: str
    rule: str
    event: str
    at: datetime


class CaseRecord(Record):
    """Everything that a replay goes by."""

    model_config = Record.model_config | {"str_strip_whitespace": False}  # a book is its every sign

    schema_version: int = SCHEMA_VERSION
    case: Case
    application: dict[str, Any]
    book: str  # the pinned book as it was read
    hours_of: str | None = None  # the book whose hours held when effects were ordered, where it is another
    lineage: tuple[Case, ...] = ()  # of a what-if copy: what it reads through to, nearest first
    start: dict[str, Any] | None = None  # of a what-if copy: the state that it began with
    inherited: tuple[dict[str, Any], ...] = ()  # of one: calls of models that its lineage tells of
    events: tuple[dict[str, Any], ...]  # the ledger of the case, whole
    operations: tuple[dict[str, Any], ...] = ()  # of the operations' ledger: what touched the case
    calls: tuple[Call, ...]
    arrivals: tuple[Arrival, ...]
    quarantined: tuple[KeptAway, ...] = ()
    requests: tuple[ApprovalRequest, ...] = ()  # that people opened
    outside: tuple[Outside, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The events as the ledger holds them."""
        return tuple(Entry(**each) for each in self.events)

    @property
    def opened_with(self) -> str:
        """The workflow that the case was pinned to when it was opened."""
        opened = [each.body.get("workflow", "") for each in self.entries if each.kind == "case_opened"]
        return str(opened[0]) if opened else ""

    def require_intact(self) -> None:
        """``BadInput`` names the first event that does not belong to the chain."""
        verified = verify(self.entries)
        if not verified.verified:
            raise BadInput(
                f"the record is not as it was written: {verified.reason}",
                field=f"events.{verified.first_bad}",
                remedy="write it again from the case",
            )


async def read_record(services: Services, case_id: str) -> CaseRecord:
    """The record of a case as it stands.

    Raises:
        Conflict: a chat thread or a change of policy, which have no plan to carry out again.
        NotFound: no such case, or its key was destroyed and its answers with it.
    """
    case = await services.cases.get(case_id)
    if case.kind == CHAT:
        raise Conflict(f"{case_id} is a chat thread: its answers are read, not replayed")
    if case.kind == POLICY_CHANGE:
        raise Conflict(
            f"{case_id} changes policy: what it rests on stands in its proposal, and is read there"
        )
    ancestors = await services.cases.ancestors(case_id)
    entries = await services.ledger.entries(case_id)
    lineage = (case_id, *ancestors)
    return CaseRecord(
        case=case,
        application=await services.cases.application(case_id),
        book=(await services.books.pinned(case.policy_version)).source,
        lineage=tuple([await services.cases.get(each) for each in ancestors]),
        start=await _start(services, case) if ancestors else None,
        inherited=tuple(
            [
                asdict(each)
                for one in ancestors[::-1]
                for each in await services.ledger.of_kinds(one, OF_MODELS)
            ]
        ),
        hours_of=await _hours_of(services, case, entries),
        events=tuple(asdict(each) for each in entries),
        operations=await _operations(services, case),
        calls=tuple([call for each in lineage for call in await _calls(services, each)]),
        arrivals=tuple(Arrival(**row) for row in await services.records.arrivals(lineage)),
        quarantined=tuple(KeptAway(**asdict(each)) for each in await services.quarantine.of_cases(lineage)),
        requests=tuple(each for each in await services.desk.of_case(case_id) if each.boundary == WAIVER),
        outside=tuple(
            Outside(**{name: row[name] for name in Outside.model_fields})
            for row in await services.outbox.of_case(case_id)
        ),
    )


async def _hours_of(services: Services, case: Case, entries: Sequence[Entry]) -> str | None:
    """The newest such book: one whose hours changed while a case settled is gone by as it stood last."""
    versions = [each.body["hours_of"] for each in entries if each.kind == EffectMeasured.kind()]
    if not versions or versions[-1] in ("", case.policy_version):
        return None
    return (await services.books.pinned(versions[-1])).source


async def _start(services: Services, case: Case) -> dict[str, Any] | None:
    found = await snapshots(services, case)
    return dict(found[0].values) if found else None


async def _operations(services: Services, case: Case) -> tuple[dict[str, Any], ...]:
    """Effects halted and resumed, levels of autonomy in the workflow that were moved, golden sets that ran."""
    told = await services.ledger.of_kinds(OPS, OPERATIONS)
    ours = (each for each in told if _touches(case, each.body))
    return tuple(asdict(each) for each in ours)


def _touches(case: Case, body: dict[str, Any]) -> bool:
    if "score" in body:  # of a golden set: a model is proven for every workflow that asks it
        return True
    return body.get("workflow") == case.kind or str(body.get("target")).startswith("effect:")


async def _calls(services: Services, case_id: str) -> list[Call]:
    return [
        Call(
            case_id=case_id,
            gateway=each["gateway"],
            target=each["target"],
            response=each["response"],
            **asdict(each["key"]),
        )
        for each in await read_calls(services.database, services.vault, case_id)
    ]
