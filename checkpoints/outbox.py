"""The effect outbox: the only way to change anything outside a case.

An effect needs an authority for exactly its action, checked again at the moment it is performed. External
effects are written down before they are sent and read back before anything is sent again; when nobody
can tell whether one happened, a person finds out. Simulations and halted targets are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.events import EffectConfirmed, EffectIntended, EffectLeftUnknown, EffectRefused, Event
from checkpoints.approvals import SQL as APPROVALS
from checkpoints.approvals import Desk
from checkpoints.cases import SQL as CASES
from checkpoints.database import Connection, Database, Lease
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from checkpoints.standing import SQL as STANDING
from domain.approval import (
    Action,
    ApprovalDecision,
    ApprovalRequest,
    ApprovalStatus,
    EvidencePacket,
    binding_digest,
)
from domain.canonical import digest
from domain.clock import Clock
from domain.decision import Verb
from domain.effect import EffectOrder, EffectReceipt, EffectStatus, ExternalEffect, TransactionalEffect
from domain.errors import Halted, Refused, Unavailable

SQL = load("effects")
RESENDS = 2  # of an order that the other system recognises by its key
AnyEffect = ExternalEffect | TransactionalEffect


@dataclass(frozen=True, slots=True)
class Result:
    """How an effect ended."""

    status: EffectStatus
    receipt: str | None = None
    read_back: Mapping[str, Any] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StandingClaim:
    """Says that actions run on this use of standing authority, on this evidence and policy."""

    use_id: str
    actions: tuple[Action, ...]
    packet: EvidencePacket
    policy_version: str

    @property
    def binding(self) -> str:
        """What the use must have been bound to for exactly these actions."""
        return binding_digest((self.actions, (), ()), self.packet, self.policy_version)


Claim = str | StandingClaim  # an approval id, or a standing use


class Outbox:
    """Performs effects of the registry it is given, each at most once."""

    def __init__(
        self, database: Database, ledger: Ledger, clock: Clock, desk: Desk, effects: tuple[AnyEffect, ...]
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._desk = desk
        self._effects = {effect.name: effect for effect in effects}

    async def perform(self, lease: Lease, step: str, action: Action, claim: Claim) -> Result:
        """Do it, or say how it ended before; ``Refused`` without authority."""
        order = _order(lease.case_id, step, action)
        effect = self._effects.get(action.name)
        if effect is None:
            raise Refused(f"no effect is called {action.name}", control="outbox.registry")
        if isinstance_transactional(effect):
            return await self._in_transaction(lease, order, claim, cast("TransactionalEffect", effect))
        return await self._outside(lease, order, claim, cast("ExternalEffect", effect))

    async def of_case(self, case_id: str) -> list[DictRow]:
        """What a case did outside itself, in order."""
        return await self._database.rows(SQL["of_case"], case_id)

    async def _in_transaction(
        self, lease: Lease, order: EffectOrder, claim: Claim, effect: TransactionalEffect
    ) -> Result:
        async with self._database.transaction(lease) as connection:
            row = await self._intend(connection, order, claim)
            if row["status"] == EffectStatus.CONFIRMED:
                return _result(row)
            receipt = await effect.perform_in(connection, order, self._clock.now().isoformat())
            read_back = await effect.read_back_in(connection, order) or {}
            return await self._confirm(
                connection, order, EffectReceipt(receipt=receipt, read_back=dict(read_back))
            )

    async def _outside(
        self, lease: Lease, order: EffectOrder, claim: Claim, effect: ExternalEffect
    ) -> Result:
        async with self._database.transaction(lease) as connection:
            row = await self._intend(connection, order, claim)
        if row["status"] not in (EffectStatus.INTENDED, EffectStatus.SENDING):
            return _result(row)
        if row["status"] == EffectStatus.SENDING:
            return await self._find_out(lease, order, effect, "its runner stopped during the call", RESENDS)
        async with self._database.transaction(lease) as connection:
            await self._check(connection, order, claim)
            await self._move(connection, order, EffectStatus.SENDING)
        return await self._send(lease, order, effect, RESENDS)

    async def _send(self, lease: Lease, order: EffectOrder, effect: ExternalEffect, resends: int) -> Result:
        try:
            await effect.perform(order)
        except Unavailable as error:
            return await self._find_out(lease, order, effect, error.message, resends)
        except Refused as error:
            if resends < RESENDS:  # an earlier send may have happened: a refusal of this one proves nothing
                return await self._find_out(lease, order, effect, error.message, 0)
            refused = EffectRefused(effect=effect.name, step=order.step, reason=error.message)
            return await self._end(lease, order, EffectStatus.REFUSED, refused)
        return await self._find_out(lease, order, effect, "it was accepted but is not there", resends)

    async def _find_out(
        self, lease: Lease, order: EffectOrder, effect: ExternalEffect, reason: str, resends: int
    ) -> Result:
        """Read back: what is there is confirmed.

        What is not there is sent again only where the other system honours our idempotency key and the effect
        is not halted; elsewhere a person finds out. ``Halted`` when the case stands still.
        """
        try:
            found = await effect.read_back(order)
        except Unavailable as error:
            found, reason = None, f"{reason}; reading back failed: {error.message}"
        if found is None and effect.idempotent and resends:
            try:
                await self._require_still_running(lease, order)
            except Refused as error:
                reason = f"{reason}; it was not sent again: {error.message}"
            else:
                return await self._send(lease, order, effect, resends - 1)
        if found is None:
            unknown = EffectLeftUnknown(effect=effect.name, step=order.step, reason=reason)
            return await self._end(lease, order, EffectStatus.UNKNOWN, unknown)
        async with self._database.transaction(lease) as connection:
            return await self._confirm(connection, order, found)

    async def _intend(self, connection: Connection, order: EffectOrder, claim: Claim) -> DictRow:
        known = await (await connection.execute(SQL["lock"], (order.key,))).fetchone()
        if known is not None and known["status"] not in (EffectStatus.INTENDED, EffectStatus.SENDING):
            return known
        if known is None or known["status"] == EffectStatus.INTENDED:
            await self._check(connection, order, claim)
        action = Jsonb(order.action.model_dump(mode="json"))
        values = (
            order.key, order.case_id, order.step, order.action.name, action, _named(claim), self._clock.now(),
        )  # fmt: skip
        await connection.execute(SQL["intend"], values)
        event = EffectIntended(
            effect=order.action.name, step=order.step, action_digest=_digest(order), authority=_named(claim)
        )
        await self._ledger.append(connection, order.case_id, f"effect/{order.key}", event)
        row = await (await connection.execute(SQL["lock"], (order.key,))).fetchone()
        return cast("DictRow", row)

    async def _check(self, connection: Connection, order: EffectOrder, claim: Claim) -> None:
        """Everything that must hold for this action now; raises ``Refused``."""
        case = await (await connection.execute(CASES["get"], (order.case_id,))).fetchone()
        if case is None or case["simulation"]:
            raise Refused("a simulation changes nothing outside itself", control="outbox.simulation")
        await self._require_running(connection, order, case["kind"])
        check: Callable[[Connection, EffectOrder, Any], Any] = (
            _check_standing if isinstance(claim, StandingClaim) else self._check_approval
        )
        await check(connection, order, claim)

    async def _require_still_running(self, lease: Lease, order: EffectOrder) -> None:
        """Asked before every resend: somebody may have halted it since the order was first sent."""
        async with self._database.transaction(lease) as connection:
            case = await (await connection.execute(CASES["get"], (order.case_id,))).fetchone()
            await self._require_running(connection, order, cast("DictRow", case)["kind"])

    async def _require_running(self, connection: Connection, order: EffectOrder, kind: str) -> None:
        """A halted case stands still (``Halted``); a halted effect is refused."""
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

    async def _check_approval(self, connection: Connection, order: EffectOrder, approval_id: str) -> None:
        request = await self._desk.get(approval_id)
        decisions = await (await connection.execute(APPROVALS["decisions"], (approval_id,))).fetchall()
        said = [ApprovalDecision.model_validate(row["decision"]) for row in decisions]
        if request.case_id != order.case_id or request.binding != request.digest:
            raise Refused("the approval is of another case or was changed", control="outbox.binding")
        if any(each.digest != request.digest for each in said):
            raise Refused("somebody decided on another version of this request", control="outbox.binding")
        if order.action not in _authorised(request, said):
            raise Refused("nobody authorised exactly this action", control="outbox.authority")

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
        return Result(EffectStatus.CONFIRMED, found.receipt, found.read_back)

    async def _end(
        self, lease: Lease, order: EffectOrder, status: EffectStatus, event: EffectRefused | EffectLeftUnknown
    ) -> Result:
        async with self._database.transaction(lease) as connection:
            await self._move(connection, order, status)
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


def _authorised(request: ApprovalRequest, said: list[ApprovalDecision]) -> tuple[Action, ...]:
    """The actions that these decisions release."""
    verbs = {each.verb for each in said}
    if request.status is ApprovalStatus.REJECTED and Verb.REJECT in verbs:
        return request.on_reject
    if request.status is not ApprovalStatus.APPROVED or len({each.person for each in said}) < request.quorum:
        return ()
    return (
        request.on_override
        if verbs == {Verb.OVERRIDE}
        else request.actions
        if verbs == {Verb.APPROVE}
        else ()
    )


async def _check_standing(connection: Connection, order: EffectOrder, claim: StandingClaim) -> None:
    use = await (await connection.execute(STANDING["get"], (claim.use_id,))).fetchone()
    if use is None or use["case_id"] != order.case_id or use["digest"] != claim.binding:
        raise Refused("the book grants no standing authority for this", control="outbox.authority")
    if order.action not in claim.actions:
        raise Refused("standing authority was used for another action", control="outbox.authority")
    if order.action.adverse or order.action.irreversible:
        raise Refused("adverse and irreversible actions need a person", control="outbox.standing")


def isinstance_transactional(effect: AnyEffect) -> bool:
    """Whether an effect runs in our own transaction."""
    return hasattr(effect, "perform_in")


def _order(case_id: str, step: str, action: Action) -> EffectOrder:
    body = {"case": case_id, "step": step, "action": action.model_dump(mode="json")}
    return EffectOrder(case_id=case_id, step=step, action=action, key=digest(body))


def _digest(order: EffectOrder) -> str:
    return digest(order.action.model_dump(mode="json"))


def _named(claim: Claim) -> str:
    return f"standing:{claim.use_id}" if isinstance(claim, StandingClaim) else f"approval:{claim}"


def _result(row: DictRow) -> Result:
    return Result(EffectStatus(row["status"]), row["receipt"], row["read_back"])
