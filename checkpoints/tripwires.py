"""Tripwires: counts what went wrong lately and halts what the book says, by the kill switch that people use.

Owns when the product halts something by itself. What happened before a person resumed it counts no more. Never
resumes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from audit.events import GuardrailRuled
from audit.failures import Halting
from checkpoints.database import Connection
from checkpoints.halts import halt
from checkpoints.incidents import Incidents
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.clock import Clock
from domain.guard import Guardrail, Passage, Ruling, verdict_of
from domain.tripwire import AUTOMATIC, Counted, Tripwire
from policies.book import Book

SQL = load("tripwires")
STANDS = "a tripwire halted it; it stands still until a person resumes it (countersign halts)"


class Tripwires:
    """Looked at after an effect that did not happen, and in every runner's sweep."""

    def __init__(self, ledger: Ledger, clock: Clock, guardrail: Guardrail, incidents: Incidents) -> None:
        self._ledger = ledger
        self._clock = clock
        self._guardrail = guardrail
        self._incidents = incidents

    async def look(self, connection: Connection, books: Iterable[Book]) -> list[str]:
        """Halt every target whose tripwire in today's books is passed; which were halted now."""
        switched_on = [
            each.rules for each in books if self._guardrail.name in each.rules.guardrails.get("execution", ())
        ]
        every = [
            (rules.kind, row, name) for rules in switched_on for row in rules.tripwires for name in row.of
        ]
        return [
            row.target(kind, name)
            for kind, row, name in every
            if await self._trips(connection, kind, row, name)
        ]

    async def _trips(self, connection: Connection, kind: str, row: Tripwire, name: str) -> bool:
        target, now = row.target(kind, name), self._clock.now()
        since = await self._since(connection, row, target)
        values = (row.event, since, kind, name)
        (found,) = await (await connection.execute(SQL["counted"], values)).fetchall()
        counted = Counted(row, name, found["events"])
        verdict = await verdict_of(self._guardrail, Passage(OPS, "", {"counted": counted}))
        if verdict.ruling is Ruling.PASS:
            return False
        if not await halt(connection, target, AUTOMATIC, verdict.reason, self._clock):
            return False  # it is halted already
        key = f"{target}/{now.isoformat()}"
        ruled = GuardrailRuled.of(self._guardrail, verdict)
        await self._ledger.append(connection, OPS, f"{key}/{row.id}", ruled, AUTOMATIC)
        halting = Halting(target=target, reason=verdict.reason)
        await self._ledger.append(connection, OPS, key, halting, AUTOMATIC)
        await self._incidents.open(connection, "halted_by_itself", target, STANDS)
        return True

    async def _since(self, connection: Connection, row: Tripwire, target: str) -> str:
        """As events are stamped: the beginning of the row's time, or when a person last resumed the target."""
        begin = self._clock.now() - timedelta(minutes=row.within_minutes)
        (resumed,) = await (await connection.execute(SQL["resumed"], (target,))).fetchall()
        return max(begin.isoformat(timespec="milliseconds"), resumed["at"] or "")
