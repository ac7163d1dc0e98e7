"""Orders at the output gate: what an effect's order says, to whom, and what it may rest on. Sends nothing.

Asked by the outbox twice: when an order is written down, and again in the transaction that sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from checkpoints.books import BookShelf
from checkpoints.claims import Claim
from checkpoints.database import Connection
from checkpoints.leaving import Door, OutputGate
from checkpoints.ledger import Told
from checkpoints.used import Basis, believed, used
from domain.bounds import EffectMandate
from domain.canonical import canonical
from domain.effect import AnyEffect, EffectOrder, TransactionalEffect
from domain.errors import Refused
from domain.guard import Ruling, Verdict
from domain.leaving import Kind, Leaving, Wording, worst_of
from domain.numerals import forms

Moment = Literal["written", "sent"]
UNITS = ("cents", "bps")  # as the names of facts end


@dataclass(frozen=True, slots=True)
class Work:
    """One order with what it is done by, on whose authority and within which bounds."""

    order: EffectOrder
    effect: AnyEffect
    claim: Claim
    mandate: EffectMandate


@dataclass(frozen=True, slots=True)
class OrderGate:
    """Puts orders before the output gate."""

    gate: OutputGate
    books: BookShelf

    async def verdict(
        self, connection: Connection, work: Work, released: Mapping[str, int], moment: Moment
    ) -> Verdict:
        """The worst that the mandate's guardrails over what leaves say of an order; each verdict is on record.

        Raises:
            Refused: the mandate names none, or the effect itself cannot say what the order tells.
        """
        verdict, told = await self.ruled(connection, work, released, moment)
        if told:
            await self.gate.tell(connection, work.order.case_id, told)
        return verdict

    async def ruled(
        self, connection: Connection, work: Work, released: Mapping[str, int], moment: Moment
    ) -> tuple[Verdict, Told]:
        """The same for a caller that puts the verdicts on record, in this transaction, with what it tells itself."""
        if not work.mandate.output:
            raise Refused("nothing looks at what leaves", control="output.guardrails")
        said, unsaid = await _said(connection, work)
        leaving = Leaving(
            case_id=work.order.case_id,
            kind=Kind.ORDER,
            audience=work.effect.audience,
            text=said.text,
            what=work.order.action.name,
            own=said.own,
            args=work.order.action.args,
            terms=work.effect.terms,
            adverse=work.order.action.adverse,
            used=await self._used(connection, work),
            known=await _known(connection, work),
            released=released,
        )
        door = Door(work.mandate.output, work.order.case_id, f"effect/{work.order.key}/{moment}")
        found, told = await self.gate.ruled(connection, leaving, door)
        name, verdict = worst_of(found)
        if unsaid is not None and verdict.ruling is Ruling.PASS:
            raise unsaid
        return verdict if verdict.ruling is Ruling.PASS else _named(name, verdict), told

    async def _used(self, connection: Connection, work: Work) -> dict[str, str | int | bool | None] | None:
        if not work.order.action.adverse:
            return None
        found = await used(connection, self.books, _basis(work))
        return None if found is None else dict(found)


async def _said(connection: Connection, work: Work) -> tuple[Wording, Refused | None]:
    """What it tells; where the effect cannot say that, its arguments, and why."""
    plain = Wording(canonical(dict(work.order.action.args)).decode())
    if not hasattr(work.effect, "said_in"):
        return plain, None
    try:
        return await cast("TransactionalEffect", work.effect).said_in(connection, work.order), None
    except Refused as error:
        return plain, error


async def _known(connection: Connection, work: Work) -> frozenset[Decimal]:
    """Every number that the facts of the case's last decision give; none where others were handed in."""
    if not await believed(connection, _basis(work)):
        return frozenset()
    return frozenset(
        form
        for name, value in work.mandate.facts.items()
        if isinstance(value, int) and not isinstance(value, bool)
        for form in forms(value, next((unit for unit in UNITS if name.endswith(unit)), "count"))
    )


def _basis(work: Work) -> Basis:
    return Basis(work.order, work.claim, work.mandate.facts)


def _named(name: str, verdict: Verdict) -> Verdict:
    """With the guardrail, so that whoever reads of it knows which one it was."""
    return Verdict(verdict.ruling, verdict.rule, f"{name}: {verdict.reason}", measures=verdict.measures)
