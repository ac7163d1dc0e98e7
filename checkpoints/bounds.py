"""Bounds of effects: runs the book's guardrails over one, and counts what passes for everybody it concerns.

Owns what is written to ``countersign.effect_uses``. What ``checkpoints/intended.py`` measured under its locks is
written in the same transaction, so that parallel cases cannot pass a bound together. Never performs anything, and
never decides: guardrails do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from audit.events import Event, GuardrailRuled
from audit.readings import EffectMeasured
from checkpoints.compensating import overtaken
from checkpoints.database import Connection
from checkpoints.intended import SQL, Asked, Subjects, measured, subjects_of
from checkpoints.leaving import NOBODY
from checkpoints.ledger import Ledger, Told
from checkpoints.orders import OrderGate, Work
from checkpoints.rates import give_back
from domain.bounds import Intended
from domain.canonical import canonical, digest
from domain.clock import Clock
from domain.errors import Refused
from domain.guard import Guardrail, Passage, Ruling, Verdict, verdict_of, worst

OVERTAKEN = "outbox.overtaken"


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
        leaves, told = await self._orders.ruled(connection, asked.work, asked.released, "written")
        if leaves.ruling is Ruling.PASS:
            return await self._bounded(connection, asked, told)
        await self._ledger.append_all(connection, asked.order.case_id, told, NOBODY.id)
        return leaves

    async def again(self, connection: Connection, work: Work, let_go: Mapping[str, int]) -> Verdict:
        """What the guardrails over what leaves say once more, in the transaction that sends it."""
        return await self._orders.verdict(connection, work, let_go, "sent")

    async def require_not_overtaken(self, connection: Connection, work: Work) -> None:
        """Pass unless a graver defect was reported since people signed this unwinding: others sign for that."""
        why = await overtaken(connection, work.order.case_id, work.mandate.graver)
        if why:
            raise Refused(why, control=OVERTAKEN)

    async def _bounded(self, connection: Connection, asked: Asked, before: Told) -> Verdict:
        """Within its bounds; what was said of it before goes on record with what is said here."""
        subjects = await self._subjects(connection, asked)
        intended = await self._measured(connection, asked, subjects)
        text = canonical(asked.order.action.model_dump(mode="json")).decode()
        passage = Passage(asked.order.case_id, text, {"intended": intended})
        found = [await self._said(name, passage) for name in asked.mandate.guardrails]
        told = [*_looked_at(asked, intended), *(_ruled(asked, guardrail, each) for guardrail, each in found)]
        actors = [NOBODY.id] * len(before) + ["system"] * len(told)
        await self._ledger.append_all(connection, asked.order.case_id, [*before, *told], actors)
        said = worst([each for _, each in found])
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

    async def _said(self, name: str, passage: Passage) -> tuple[Guardrail, Verdict]:
        guardrail = self._guardrails.get(name)
        if guardrail is None:
            raise Refused(f"no guardrail over effects is called {name}", control="outbox.guardrails")
        return guardrail, await verdict_of(guardrail, passage)

    async def _subjects(self, connection: Connection, asked: Asked) -> Subjects:
        return await subjects_of(connection, asked)

    async def _measured(self, connection: Connection, asked: Asked, subjects: Subjects) -> Intended:
        return await measured(connection, asked, subjects, self._clock.now())

    async def _give_back(self, connection: Connection, intended: Intended) -> None:
        await give_back(connection, intended.paces)

    async def _reserve(self, connection: Connection, asked: Asked, subjects: Subjects, sort: str) -> None:
        concerned = [(scope, each) for scope, of_scope in subjects.items() for each in of_scope]
        if not concerned:
            return
        order = asked.order
        values = {
            "key": order.key,
            "scopes": [scope for scope, _ in concerned],
            "subjects": [subject for _, subject in concerned],
            "case": order.case_id,
            "effect": asked.effect.name,
            "sort": sort,
            "cents": asked.moved,
            "at": self._clock.now(),
        }
        await connection.execute(SQL["reserve"], values)


def _looked_at(asked: Asked, intended: Intended) -> Iterator[tuple[str, Event]]:
    """What guardrails look at; nothing where no row of the book concerns the effect."""
    event = EffectMeasured.of(asked.order.step, asked.mandate.hours_of, intended)
    if event.looked_at or intended.hours:
        yield f"effect/{asked.order.key}/{digest(event.model_dump(mode='json'))[:12]}", event


def _ruled(asked: Asked, guardrail: Guardrail, verdict: Verdict) -> tuple[str, Event]:
    key = f"effect/{asked.order.key}/{guardrail.name}/{verdict.ruling}/{verdict.rule}"
    return key, GuardrailRuled.of(guardrail, verdict)
