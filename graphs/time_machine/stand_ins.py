"""What stands in for everything outside a case while it is replayed: it gives what is on record and reaches nothing.

A call, a model, an effect that the record does not hold is a ``Divergence``. The stores themselves, the desk, the
outbox and the guardrails are the real ones, over tables in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult

from audit.events import Event
from audit.readings import EffectMeasured
from audit.unwinding import DefectOvertaken, UnwindingPlanned
from checkpoints.bounds import OVERTAKEN, EffectGuard
from checkpoints.compensating import MEANWHILE
from checkpoints.database import Connection, Database
from checkpoints.in_memory import InMemoryConnection, InMemoryDatabase
from checkpoints.in_memory.undoing import UNWOUND
from checkpoints.intended import Asked, Subjects
from checkpoints.journal import Call, CallKey
from checkpoints.ledger import Ledger, Told
from checkpoints.orders import OrderGate, Work
from checkpoints.session import Session
from checkpoints.standing import Grant, StandingAuthority, Use
from checkpoints.stopping import Stopping
from checkpoints.tripwires import Tripwires
from checkpoints.unwound import Unwound
from domain.bounds import Intended
from domain.clock import Clock
from domain.effect import AnyEffect, EffectOrder, EffectReceipt, EffectStatus
from domain.errors import CountersignError, Divergence, Refused, Unavailable
from domain.guard import Guardrail
from domain.identity import Record
from domain.leaving import Audience, Wording
from domain.rate import Pace, Rate
from domain.unwinding import ATTEMPT, RECEIPT, UNDOES, UndoStep
from graphs.time_machine.past import BROKE_OFF, CASE, Past
from graphs.time_machine.record import Outside
from policies.book import Book

OF_THE_MODEL = ("model.failure", "breaker", "halt")  # after these the next model of the chain is asked


class RecordedLedger(Ledger):
    """Takes what steps tell and holds it against the record as each transaction ends; keeps nothing of its own."""

    def __init__(self, database: Database, clock: Clock, past: Past) -> None:
        super().__init__(database, clock)
        self._past = past
        self._told: set[str] = set()

    async def append(
        self, connection: Connection, stream: str, key: str, event: Event, actor: str = "system"
    ) -> bool:
        """As the ledger does: once per key. Operations and other cases have records of their own."""
        whole = f"{key}/{event.kind()}"
        if stream != self._past.case_id or whole in self._told:
            return False
        self._past.require_time(whole)
        self._told.add(whole)

        async def meet() -> None:
            await self._past.meet(whole, event.kind(), event.model_dump(mode="json"))

        transaction = cast("InMemoryConnection", connection)
        transaction.on_commit.append(meet)
        transaction.on_failure.append(lambda: self._told.discard(whole))
        return True

    async def append_all(
        self, connection: Connection, stream: str, told: Told, actor: str | Sequence[str] = "system"
    ) -> int:
        """Each as if it came alone; who did it is not compared."""
        return sum([await self.append(connection, stream, key, event) for key, event in told])

    async def first(self, connection: Connection, stream: str, key: str, event: Event) -> dict[str, Any]:
        """What was read then."""
        on_record = self._past.body(f"{key}/{event.kind()}")
        await self.append(connection, stream, key, event)
        return event.model_dump(mode="json") if on_record is None else on_record


@dataclass
class RecordedSession(Session):
    """A session whose calls were all made before: one that was never answered ends as it ended then."""

    past: Past = field(kw_only=True)

    async def require_running(self, name: str) -> None:
        """As it was: a specialist that was not let begin is not let begin now."""
        first = next(self.past.coming(self.stream), None)
        if name.startswith("specialist:") and first is not None and first.kind == BROKE_OFF[0]:
            raise Unavailable(str(first.body["reason"]), control="halt")

    async def places(self, rows: Sequence[Rate]) -> tuple[Pace, ...]:
        """There was one, sooner or later: how long the case stood still for it is not its own record."""
        return tuple(Pace(row, row.scope, True, row.ends(self.clock.now())) for row in rows)

    async def ask(self, key: CallKey, call: Call, verdicts: Any = ()) -> Any | None:
        """Nothing is sent: the answer on record. What failed fails again, what was refused is refused again."""
        made = self.past.calls.get(key)
        if made is not None and made.response is not None and self.past.is_late(self.stream):
            self.counter.give_back(key)  # the answer on record is that of a later call
        if made is not None:
            await super().ask(key, call, verdicts)
        if made is None or made.response is None:
            raise self._as_it_ended(key, call)
        return made.response

    def _as_it_ended(self, key: CallKey, call: Call) -> CountersignError:
        begins = f"{self.stream}/{call.gateway}/{call.target}/"
        for each in self.past.coming(self.stream, "call_refused"):
            if each.key.startswith(begins):
                control, reason = str(each.body["control"]), str(each.body["reason"])
                kind = Unavailable if control in OF_THE_MODEL else Refused
                return kind(reason, control=control)
        for each in self.past.coming(self.stream):
            if each.kind in BROKE_OFF:
                return CountersignError(str(each.body["reason"]))
        return Divergence(
            f"{self.stream}: the replay asks {call.gateway} {call.target} what the record does not hold",
            stream=self.stream, field="request", recorded="nothing", replayed=f"{call.target} {key.digest[:16]}",
        )  # fmt: skip


class RecordedStanding(StandingAuthority):
    """Grants what was granted: how much others had used that day is not the case's own record."""

    def __init__(self, database: Database, ledger: Ledger, past: Past) -> None:
        super().__init__(database, ledger)
        self._past = past

    async def use(self, connection: Connection, grant: Grant, use: Use, today: date) -> bool:
        """As it was granted then; what it is bound to is worked out anew."""
        if self._past.body(f"{use.id}/standing_authority_used") is None:
            return False
        return await super().use(connection, grant, use, today)


class RecordedGuard(EffectGuard):
    """The real guardrails over the sums that they looked at then."""

    def __init__(
        self, ledger: Ledger, clock: Clock, guardrails: Iterable[Guardrail], orders: OrderGate, past: Past
    ) -> None:
        super().__init__(ledger, clock, guardrails, orders)
        self._past = past

    async def require_not_overtaken(self, connection: Connection, work: Work) -> None:
        """What was reported before this effect was asked for then is what it was refused for then."""
        due = next(self._past.coming(CASE), None)
        reason = str(due.body.get("reason")) if due and due.key == f"{work.order.step}/effect_refused" else ""
        if reason.startswith(MEANWHILE.partition("{")[0]):
            raise Refused(reason, control=OVERTAKEN)

    async def _subjects(self, connection: Connection, asked: Asked) -> Subjects:
        return {"customer": (), "employee": (), "counterparty": ()}

    async def _measured(self, connection: Connection, asked: Asked, subjects: Subjects) -> Intended:
        without = replace(asked.mandate, rates=())  # places were taken then
        alone = replace(asked, work=replace(asked.work, mandate=without))
        measured = await super()._measured(connection, alone, subjects)
        then = self._on_record(asked.order)
        return measured if then is None else then.again(measured, asked.mandate)

    async def _give_back(self, connection: Connection, intended: Intended) -> None:
        """They were given back then."""

    def _on_record(self, order: EffectOrder) -> EffectMeasured | None:
        begins = f"effect/{order.key}/"
        told = self._past.coming(CASE, EffectMeasured.kind())
        body = next((each.body for each in told if each.key.startswith(begins)), None)
        return None if body is None else EffectMeasured.model_validate(body)


class NoTripwires(Tripwires):
    """Halts nothing: what was halted then is halted again where it stands in the record."""

    async def look(self, connection: Connection, books: Iterable[Book]) -> list[str]:
        """Nothing is counted."""
        return []


class RecordedUnwound(Unwound):
    """What an unwinding read of the other case: as it was planned from it then."""

    def __init__(self, database: InMemoryDatabase, past: Past, stopping: Stopping) -> None:
        super().__init__(database, (), stopping)
        self._tables, self._past = database.tables, past
        self._planned = past.body(f"unwinding/{UnwindingPlanned.kind()}") or {"steps": (), "people": ()}

    async def stop(self, connection: Connection, case_id: str, by: str, reason: str) -> None:
        """It was stopped then."""

    async def steps(self, case_id: str) -> tuple[UndoStep, ...]:
        """As they were read back; what is taken back stands in the tables as it was done."""
        steps = tuple(UndoStep.model_validate(each) for each in self._planned["steps"])
        for each in steps:
            if each.by is not None:
                moved = {name: each.cents for name in each.by.args if name not in (UNDOES, RECEIPT, ATTEMPT)}
                row = {name: getattr(each, name) for name in ("key", "effect", "receipt")}
                row |= {"case_id": case_id, "status": EffectStatus.CONFIRMED, "action": {"args": moved}}
                row |= {"failed": int(each.by.args[ATTEMPT]) - 1}
                self._tables[UNWOUND].append(row)
        return steps

    async def reported(self, unwinding: str, at: str) -> tuple[str, ...]:
        """Those that counted then."""
        return tuple((self._past.body(f"{at}/{DefectOvertaken.kind()}") or {"reasons": ()})["reasons"])

    async def people(self, case_id: str) -> tuple[str, ...]:
        """As they were found."""
        return tuple(self._planned["people"])


@dataclass(slots=True)
class RecordedEffect:
    """An effect of another system: performed by nobody, read back from the record."""

    name: str
    terms: type[Record]
    audience: Audience
    undone_by: str | None
    lasting: str
    money: str | None
    counterparty: str | None
    sort: str | None
    region: str
    stands: str
    idempotent: bool
    shown: Mapping[str, Outside]
    past: Past

    async def perform(self, order: EffectOrder) -> str:
        """The receipt on record, or the failure that is."""
        return confirmed(self, order).receipt

    async def read_back(self, order: EffectOrder) -> EffectReceipt | None:
        """What the other system showed then."""
        return confirmed(self, order) if self.past.body(_confirmation(order)) else None


@dataclass(slots=True)
class RecordedWrite:
    """An effect on our own database: nothing is written, and what was is read back from the record."""

    name: str
    terms: type[Record]
    audience: Audience
    undone_by: str | None
    lasting: str
    money: str | None
    counterparty: str | None
    sort: str | None
    region: str
    shown: Mapping[str, Outside]
    past: Past

    async def perform_in(self, connection: Any, order: EffectOrder, now: str) -> str:
        """The receipt on record, or the refusal that is."""
        return confirmed(self, order).receipt

    async def read_back_in(self, connection: Any, order: EffectOrder) -> Mapping[str, Any] | None:
        """The row that was written then."""
        return confirmed(self, order).read_back

    async def said_in(self, connection: Any, order: EffectOrder) -> Wording:
        """Nobody reads it again: what the gate said of it is on record."""
        raise Divergence(f"a replay words nothing: {self.name}", field="said_in")


def recorded(effect: AnyEffect | type[AnyEffect], shown: Mapping[str, Outside], past: Past) -> AnyEffect:
    """What stands in for an effect."""
    leaves = (effect.name, effect.terms, effect.audience, effect.undone_by, effect.lasting)
    manifest = (*leaves, effect.money, effect.counterparty, effect.sort, effect.region)
    if hasattr(effect, "perform_in"):
        return RecordedWrite(*manifest, shown, past)
    sent = (str(getattr(effect, "stands", "")), bool(getattr(effect, "idempotent", False)))
    return RecordedEffect(*manifest, *sent, shown, past)


def confirmed(effect: RecordedEffect | RecordedWrite, order: EffectOrder) -> EffectReceipt:
    """What the record holds of an order.

    Raises:
        Refused: it was refused then.
        Unavailable: it stayed unknown then.
        Divergence: nothing of this order is on record.
    """
    event, shown = effect.past.body(_confirmation(order)), effect.shown.get(order.key)
    if event is not None and shown is not None:
        return EffectReceipt(receipt=str(event["receipt"]), read_back=shown.read_back or {})
    for key in (f"effect/{order.key}/effect_refused", f"{order.step}/effect_refused"):
        if (refusal := effect.past.body(key)) is not None:
            raise Refused(str(refusal["reason"]), control="replay.effect")
    unknown = effect.past.body(f"effect/{order.key}/effect_left_unknown")
    if unknown is not None:
        raise Unavailable(str(unknown["reason"]), control="replay.effect")
    raise Divergence(
        f"the replay orders {effect.name} as the record does not hold it",
        stream=CASE, field="order", recorded="nothing", replayed=order.key,
    )  # fmt: skip


def _confirmation(order: EffectOrder) -> str:
    return f"effect/{order.key}/effect_confirmed"


class RecordedModel(BaseChatModel):
    """Has the name of the model that was asked; what it said is in the journal."""

    model_name: str

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise Divergence(
            f"a replay asks no model: {self.model_name}", field="model", replayed=self.model_name
        )


class Nowhere:
    """Another system: whatever is asked of it in a replay is a divergence."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> Any:
        raise Divergence(f"a replay reaches no {self._name}: it was asked for {asked}", field=asked)
