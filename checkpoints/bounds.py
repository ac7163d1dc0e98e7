"""Bounds of effects: runs the book's guardrails over one, and counts what passes for everybody it concerns.

Owns what is written to ``countersign.effect_uses``. What ``checkpoints/intended.py`` measured under its locks is
written in the same transaction, so that parallel cases cannot pass a bound together. Never performs anything, and
never decides: guardrails do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit.events import GuardrailRuled
from audit.readings import EffectMeasured
from checkpoints.database import Connection
from checkpoints.intended import SQL, Asked, Subjects, measured, subjects_of
from checkpoints.ledger import Ledger
from checkpoints.orders import OrderGate, Work
from checkpoints.rates import give_back
from domain.bounds import Intended
from domain.canonical import canonical, digest
from domain.clock import Clock
from domain.errors import Refused
from domain.guard import Guardrail, Passage, Ruling, Verdict, verdict_of, worst


class EffectGuard:
    """Asked by the outbox before an effect is written down; it keeps the transaction open meanwhile."""

    def __init__(
        self, ledger: Ledger, clock: Clock, guardrails: Iterable[Guardrail], orders: OrderGate
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._orders = orders
        self._guardrails = {each.name: each for each in guardrails}

    async def verdict(self, connection: Connection, asked: Asked) -> Verdict:
        """What the mandate's guardrails say, the worst of it; each verdict is on record. One that passes is counted.

        Those over what leaves are asked first: what they hold is released before its bounds are looked at.

        Raises:
            Refused: the mandate names a guardrail that is not here, or the action does not say what it moves.
        """
        leaves = await self._orders.verdict(connection, asked.work, asked.released, "written")
        return leaves if leaves.ruling is not Ruling.PASS else await self._bounded(connection, asked)

    async def again(self, connection: Connection, work: Work, let_go: Mapping[str, int]) -> Verdict:
        """What the guardrails over what leaves say once more, in the transaction that sends it."""
        return await self._orders.verdict(connection, work, let_go, "sent")

    async def _bounded(self, connection: Connection, asked: Asked) -> Verdict:
        subjects = await self._subjects(connection, asked)
        intended = await self._measured(connection, asked, subjects)
        await self._tell(connection, asked, intended)
        text = canonical(asked.order.action.model_dump(mode="json")).decode()
        passage = Passage(asked.order.case_id, text, {"intended": intended})
        said = worst(
            [await self._said(connection, asked, name, passage) for name in asked.mandate.guardrails]
        )
        if said.ruling is Ruling.PASS:
            await self._reserve(connection, asked, subjects, intended.sort)
        else:
            await self._give_back(connection, intended)
        return said

    async def release(self, connection: Connection, key: str) -> None:
        """Count an effect no more: it was refused, or certainly did not happen."""
        await connection.execute(SQL["release"], (self._clock.now(), key))

    async def release_unsent(self, connection: Connection, key: str) -> None:
        """Count an effect no more of which nothing was sent."""
        await connection.execute(SQL["release_unsent"], (self._clock.now(), key))

    async def _tell(self, connection: Connection, asked: Asked, intended: Intended) -> None:
        """What guardrails are about to look at, on record; nothing where no row of the book concerns the effect."""
        event = EffectMeasured.of(asked.order.step, asked.mandate.hours_of, intended)
        if not (event.looked_at or intended.hours):
            return
        key = f"effect/{asked.order.key}/{digest(event.model_dump(mode='json'))[:12]}"
        await self._ledger.append(connection, asked.order.case_id, key, event)

    async def _said(self, connection: Connection, asked: Asked, name: str, passage: Passage) -> Verdict:
        guardrail = self._guardrails.get(name)
        if guardrail is None:
            raise Refused(f"no guardrail over effects is called {name}", control="outbox.guardrails")
        verdict = await verdict_of(guardrail, passage)
        key = f"effect/{asked.order.key}/{name}/{verdict.ruling}/{verdict.rule}"
        event = GuardrailRuled.of(guardrail, verdict)
        await self._ledger.append(connection, asked.order.case_id, key, event)
        return verdict

    async def _subjects(self, connection: Connection, asked: Asked) -> Subjects:
        return await subjects_of(connection, asked)

    async def _measured(self, connection: Connection, asked: Asked, subjects: Subjects) -> Intended:
        return await measured(connection, asked, subjects, self._clock.now())

    async def _give_back(self, connection: Connection, intended: Intended) -> None:
        await give_back(connection, intended.paces)

    async def _reserve(self, connection: Connection, asked: Asked, subjects: Subjects, sort: str) -> None:
        order, effect, now, cents = asked.order, asked.effect.name, self._clock.now(), asked.moved
        for scope, concerned in subjects.items():
            for each in concerned:
                values = (order.key, scope, each, order.case_id, effect, sort, cents, now)
                await connection.execute(SQL["reserve"], values)
