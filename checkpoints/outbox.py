"""The effect outbox: the only way to change anything outside a case.

An effect needs an authority for exactly its action, checked again at the moment it is performed. External
effects are written down before they are sent and read back before anything is sent again; when nobody
can tell whether one happened, a person finds out. Simulations and halted targets are refused. The book's
guardrails over effects are asked in the transaction that writes an effect down; what they hold waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.events import EffectConfirmed, EffectIntended, EffectLeftUnknown, EffectRefused, Event
from audit.failures import EffectHeld
from checkpoints.approvals import Desk
from checkpoints.bounds import EffectGuard
from checkpoints.cases import SQL as CASES
from checkpoints.claims import Claim, named, released, require_authority
from checkpoints.compensating import (
    key_of_undoing,
    require_own,
    require_undoable,
    settle_undone,
)
from checkpoints.database import Connection, Database, Lease
from checkpoints.intended import Asked, places_of
from checkpoints.ledger import Ledger
from checkpoints.orders import Work
from checkpoints.queries import load
from domain.approval import Action, ApprovalDecision
from domain.bounds import EffectMandate
from domain.canonical import digest
from domain.clock import Clock
from domain.effect import (
    AnyEffect,
    EffectOrder,
    EffectReceipt,
    EffectStatus,
    ExternalEffect,
    TransactionalEffect,
    manifest_of,
)
from domain.errors import Halted, NotFound, Refused, Unavailable
from domain.guard import Ruling, Verdict
from domain.hours import opening
from domain.rating import rate

SQL = load("effects")
RESENDS = 2  # of an order that the other system recognises by its key
UNSENT = (EffectStatus.INTENDED, EffectStatus.HELD, EffectStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Result:
    """How an effect ended.

    Args:
        key: of the order.
        measures: what a release would cover, by row that holds it.
        until: when it may be tried again, if it waits for that.
    """

    status: EffectStatus
    receipt: str | None = None
    read_back: Mapping[str, Any] | None = None
    reason: str = ""
    key: str = ""
    measures: Mapping[str, int] = field(default_factory=dict)
    until: datetime | None = None


class Outbox:
    """Performs effects of the registry it is given, each at most once."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        clock: Clock,
        desk: Desk,
        effects: tuple[AnyEffect, ...],
        guard: EffectGuard,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._desk = desk
        self._effects = {effect.name: effect for effect in effects}
        self._guard = guard

    async def perform(
        self, lease: Lease, step: str, action: Action, claim: Claim, mandate: EffectMandate
    ) -> Result:
        """Do it, or say how it ended before or that it is held; ``Refused`` without authority."""
        effect = self._effects.get(action.name)
        if effect is None:
            raise Refused(f"no effect is called {action.name}", control="outbox.registry")
        work = Work(order_of(lease.case_id, step, action), effect, claim, mandate)
        try:
            if isinstance_transactional(effect):
                return await self._in_transaction(lease, work, cast("TransactionalEffect", effect))
            return await self._outside(lease, work, cast("ExternalEffect", effect))
        except Refused:
            async with self._database.transaction(lease) as connection:
                await self._guard.release_unsent(connection, work.order.key)
            raise

    async def of_case(self, case_id: str) -> list[DictRow]:
        """What a case did outside itself, in order."""
        return await self._database.rows(SQL["of_case"], case_id)

    async def look(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What shows now where an effect of the outbox was done; nothing when it is not there. Sends nothing.

        Raises:
            NotFound: this process does not know the effect.
            Unavailable: the other system cannot be asked, or shows something else.
        """
        effect = self._effects.get(row["effect"])
        if effect is None:
            raise NotFound(f"no effect is called {row['effect']}")
        action = Action.model_validate(row["action"])
        order = EffectOrder(case_id=row["case_id"], step=row["step"], action=action, key=row["key"])
        if isinstance_transactional(effect):
            async with self._database.transaction() as connection:
                return await cast("TransactionalEffect", effect).read_back_in(connection, order)
        found = await cast("ExternalEffect", effect).read_back(order)
        return found.read_back if found else None

    async def _in_transaction(self, lease: Lease, work: Work, effect: TransactionalEffect) -> Result:
        order = work.order
        async with self._database.transaction(lease) as connection:
            begun = await self._intend(connection, work)
            if begun.status is not EffectStatus.INTENDED:
                return begun
            receipt = await effect.perform_in(connection, order, self._clock.now().isoformat())
            read_back = await effect.read_back_in(connection, order) or {}
            return await self._confirm(
                connection, order, EffectReceipt(receipt=receipt, read_back=dict(read_back))
            )

    async def _outside(self, lease: Lease, work: Work, effect: ExternalEffect) -> Result:
        order = work.order
        async with self._database.transaction(lease) as connection:
            begun = await self._intend(connection, work)
        if begun.status is EffectStatus.SENDING:
            return await self._find_out(lease, work, "its runner stopped during the call", RESENDS)
        if begun.status is not EffectStatus.INTENDED:
            return begun
        async with self._database.transaction(lease) as connection:
            case, said = await self._check(connection, work)
            let_go = await self._let_go(connection, work, (case["maker"], *(each.person for each in said)))
            verdict = await self._guard.again(connection, work, let_go)
            if verdict.ruling is not Ruling.PASS:
                return await self._stopped(connection, work, verdict)
            await self._move(connection, order, EffectStatus.SENDING)
        return await self._send(lease, work, RESENDS)

    async def _send(self, lease: Lease, work: Work, resends: int) -> Result:
        order, effect = work.order, cast("ExternalEffect", work.effect)
        try:
            await effect.perform(order)
        except Unavailable as error:
            return await self._find_out(lease, work, error.message, resends)
        except Refused as error:
            if resends < RESENDS:  # an earlier send may have happened: a refusal of this one proves nothing
                return await self._find_out(lease, work, error.message, 0)
            refused = EffectRefused(effect=effect.name, step=order.step, reason=error.message)
            return await self._end(lease, order, EffectStatus.REFUSED, refused)
        return await self._find_out(lease, work, "it was accepted but is not there", resends)

    async def _find_out(self, lease: Lease, work: Work, reason: str, resends: int) -> Result:
        """Read back: what is there is confirmed.

        What is not there is sent again only where the other system honours our idempotency key and the effect
        is neither halted nor outside its hours; elsewhere a person finds out. ``Halted`` when the case stands still.
        """
        order, effect = work.order, cast("ExternalEffect", work.effect)
        try:
            found = await effect.read_back(order)
        except Unavailable as error:
            found, reason = None, f"{reason}; reading back failed: {error.message}"
        if found is None and effect.idempotent and resends:
            try:
                await self._require_resendable(lease, work)
            except Refused as error:
                reason = f"{reason}; it was not sent again: {error.message}"
            else:
                return await self._send(lease, work, resends - 1)
        if found is None:
            unknown = EffectLeftUnknown(effect=effect.name, step=order.step, reason=reason)
            return await self._end(lease, order, EffectStatus.UNKNOWN, unknown)
        async with self._database.transaction(lease) as connection:
            return await self._confirm(connection, order, found)

    async def _intend(self, connection: Connection, work: Work) -> Result:
        """Write it down if it may happen; how it stands then."""
        order = work.order
        known = await (await connection.execute(SQL["lock"], (order.key,))).fetchone()
        if known is not None:
            require_own(known, order)
            if known["status"] not in UNSENT:
                return _result(known)
        case, said = await self._check(connection, work)
        maker, people = case["maker"], tuple(each.person for each in said)
        let_go = await self._let_go(connection, work, (maker, *people))
        rated, places = rate(manifest_of(work.effect)), places_of(case, said, work.effect)
        asked = Asked(work, rated, maker, people, places, let_go)
        verdict = await self._guard.verdict(connection, asked)
        if verdict.ruling is not Ruling.PASS:
            return await self._stopped(connection, work, verdict)
        await self._write(connection, work, EffectStatus.INTENDED)
        event = EffectIntended(
            effect=order.action.name,
            step=order.step,
            action_digest=_digest(order),
            authority=named(work.claim, work.mandate.releases),
        )
        await self._ledger.append(connection, order.case_id, f"effect/{order.key}", event)
        return Result(EffectStatus.INTENDED, key=order.key)

    async def _let_go(
        self, connection: Connection, work: Work, involved: tuple[str, ...]
    ) -> Mapping[str, int]:
        """What people let go of this order that was held before."""
        return await released(connection, self._desk, work.order, work.mandate.releases, involved)

    async def _write(
        self, connection: Connection, work: Work, status: EffectStatus, verdict: Verdict | None = None
    ) -> None:
        order = work.order
        action = Jsonb(order.action.model_dump(mode="json"))
        authority = named(work.claim, work.mandate.releases)
        values = (order.key, order.case_id, order.step, order.action.name, action, authority, status)
        why = (verdict.reason, verdict.until) if verdict else (None, None)
        await connection.execute(SQL["intend"], (*values, *why, self._clock.now()))

    async def _stopped(self, connection: Connection, work: Work, verdict: Verdict) -> Result:
        """Nothing was sent and nothing is counted: held for a person or until it may happen, or refused for good."""
        order, status = work.order, _stopped_as(verdict)
        await self._write(connection, work, status, verdict)
        await self._guard.release(connection, order.key)
        where, event = f"effect/{order.key}", _told(order, verdict)
        if status is not EffectStatus.REFUSED:
            where = f"{where}/{digest(event.model_dump(mode='json'))[:12]}"
        await self._ledger.append(connection, order.case_id, where, event)
        measures, until = verdict.measures, verdict.until
        return Result(status, reason=verdict.reason, key=order.key, measures=measures, until=until)

    async def _check(
        self, connection: Connection, work: Work
    ) -> tuple[DictRow, tuple[ApprovalDecision, ...]]:
        """Everything that must hold for this action now; the case, and what people decided on the action.

        Raises:
            Refused: something does not hold.
        """
        order = work.order
        case = await (await connection.execute(CASES["get"], (order.case_id,))).fetchone()
        if case is None or case["simulation"]:
            raise Refused("a simulation changes nothing outside itself", control="outbox.simulation")
        if case["policy_version"] != work.mandate.policy_version:
            raise Refused("these bounds are of another book than the case's", control="outbox.policy")
        await self._require_running(connection, work, case["kind"])
        await require_undoable(connection, self._effects, order)
        return case, await require_authority(connection, self._desk, order, work.claim)

    async def _require_resendable(self, lease: Lease, work: Work) -> None:
        """Asked before every resend: meanwhile it may be halted, out of its hours, or overtaken by a graver defect."""
        order, now = work.order, self._clock.now()
        if opening(work.mandate.when(order.action.name), now) != now:
            raise Refused("it is outside its hours now", control="outbox.hours")
        async with self._database.transaction(lease) as connection:
            case = await (await connection.execute(CASES["get"], (order.case_id,))).fetchone()
            await self._require_running(connection, work, cast("DictRow", case)["kind"])

    async def _require_running(self, connection: Connection, work: Work, kind: str) -> None:
        """A halted case stands still (``Halted``); a halted effect is refused, and what a graver defect overtook."""
        await self._guard.require_not_overtaken(connection, work)
        order = work.order
        wide = ["everything", f"case:{order.case_id}", f"kind:{kind}"]
        targets = [*wide, f"effect:{order.action.name}"]
        halted = await (await connection.execute(SQL["halted"], (targets,))).fetchone()
        if halted is None:
            return
        why = f"{halted['target']} is halted: {halted['reason']}"
        raise (
            Halted(why, target=halted["target"])
            if halted["target"] in wide
            else Refused(why, control="outbox.halt")
        )

    async def _confirm(self, connection: Connection, order: EffectOrder, found: EffectReceipt) -> Result:
        await self._move(connection, order, EffectStatus.CONFIRMED, found)
        event = EffectConfirmed(
            effect=order.action.name,
            step=order.step,
            action_digest=_digest(order),
            receipt=found.receipt,
            read_back_digest=digest(found.read_back),
        )
        await self._ledger.append(connection, order.case_id, f"effect/{order.key}", event)
        await settle_undone(connection, self._ledger, order, found)
        return Result(EffectStatus.CONFIRMED, found.receipt, found.read_back)

    async def _end(
        self, lease: Lease, order: EffectOrder, status: EffectStatus, event: EffectRefused | EffectLeftUnknown
    ) -> Result:
        async with self._database.transaction(lease) as connection:
            await self._move(connection, order, status)
            if status is EffectStatus.REFUSED:
                await self._guard.release(connection, order.key)
            appended: Event = event
            await self._ledger.append(connection, order.case_id, f"effect/{order.key}", appended)
        return Result(status, reason=event.reason)

    async def _move(
        self,
        connection: Connection,
        order: EffectOrder,
        status: EffectStatus,
        found: EffectReceipt | None = None,
    ) -> None:
        receipt = found.receipt if found else None
        read_back = Jsonb(found.read_back) if found else None
        await connection.execute(SQL["move"], (status, receipt, read_back, self._clock.now(), order.key))


def _stopped_as(verdict: Verdict) -> EffectStatus:
    if verdict.ruling is not Ruling.HOLD:
        return EffectStatus.REFUSED
    return EffectStatus.WAITING if verdict.until else EffectStatus.HELD


def _told(order: EffectOrder, verdict: Verdict) -> Event:
    if verdict.ruling is not Ruling.HOLD:
        return EffectRefused(effect=order.action.name, step=order.step, reason=verdict.reason)
    return EffectHeld(
        effect=order.action.name,
        step=order.step,
        rule=verdict.rule,
        reason=verdict.reason,
        measures=dict(verdict.measures),
        until=verdict.until.isoformat() if verdict.until else None,
    )


def isinstance_transactional(effect: AnyEffect) -> bool:
    """Whether an effect runs in our own transaction."""
    return hasattr(effect, "perform_in")


def order_of(case_id: str, step: str, action: Action) -> EffectOrder:
    """The order of one action at one step of a case: the same one has the same key.

    A compensation's key is made of what it takes back, so that no two cases order it twice.
    """
    body = {"case": case_id, "step": step, "action": action.model_dump(mode="json")}
    return EffectOrder(case_id=case_id, step=step, action=action, key=key_of_undoing(action) or digest(body))


def _digest(order: EffectOrder) -> str:
    return digest(order.action.model_dump(mode="json"))


def _result(row: DictRow) -> Result:
    return Result(EffectStatus(row["status"]), row["receipt"], row["read_back"], key=row["key"])
