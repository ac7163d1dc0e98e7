"""The output gate of a replay: what it said then, taken from the record, for what leaves again.

The vault of then is not read: what is replayed says what the gate ruled, and ruled nothing where the record is from
before there was a gate. Lets nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from audit.chain import Entry
from audit.events import EffectRefused, GuardrailRuled
from audit.failures import EffectHeld
from checkpoints.database import Connection, Database, Lease
from checkpoints.leaving import Door, OutputGate, Released, Verdicts, passed
from checkpoints.ledger import Ledger, Told
from checkpoints.orders import Moment, OrderGate, Work
from domain.guard import Ruling, Verdict
from domain.leaving import Leaving, worst_of
from graphs.time_machine.past import CASE, Past

PASSED = Verdict(Ruling.PASS, "none")


class RecordedGate(OutputGate):
    """Rules as it ruled then."""

    def __init__(self, ledger: Ledger, past: Past) -> None:
        self._recorded_by = ledger
        self._past = past

    async def verdicts(self, connection: Connection, leaving: Leaving, door: Door) -> Verdicts:
        """What each guardrail said then."""
        return await self.said(connection, leaving.case_id, door.key)

    async def release(
        self, database: Database, lease: Lease | None, leaving: Leaving, door: Door
    ) -> Released:
        """As it was let go then; a letter from before there was a gate left without one."""
        async with database.transaction(lease) as connection:
            found = await self.verdicts(connection, leaving, door)
        return passed(leaving, found or {"none": PASSED})

    async def said(self, connection: Connection, stream: str, key: str) -> dict[str, Verdict]:
        """The verdicts that come next under a key, told again."""
        found: dict[str, Verdict] = {}
        for entry in list(takewhile(lambda each: _ruled(each, key), self._past.coming(CASE))):
            event = GuardrailRuled.model_validate(entry.body)
            await self._recorded_by.append(connection, stream, entry.key.rpartition("/")[0], event)
            found[event.guardrail] = Verdict(Ruling(event.ruling), event.rule)
        return found

    def told(self, order: str) -> Verdict:
        """Why an order was held or refused then, and what it came to."""
        for entry in self._past.coming(CASE):
            if entry.key.startswith(f"effect/{order}") and entry.kind == EffectHeld.kind():
                held = EffectHeld.model_validate(entry.body)
                return Verdict(Ruling.HOLD, held.rule, held.reason, measures=held.measures)
            if entry.key.startswith(f"effect/{order}") and entry.kind == EffectRefused.kind():
                return Verdict(Ruling.REFUSE, "recorded", str(entry.body["reason"]))
        return PASSED


class RecordedOrders(OrderGate):
    """Orders at the gate of a replay."""

    async def ruled(
        self, connection: Connection, work: Work, released: Mapping[str, int], moment: Moment
    ) -> tuple[Verdict, Told]:
        """What the gate said of this order then; it is told again already."""
        gate = self.gate
        if not isinstance(gate, RecordedGate):
            raise TypeError("a replay has a gate of its own")
        key = f"effect/{work.order.key}/{moment}"
        _, worst = worst_of(await gate.said(connection, work.order.case_id, key))
        return PASSED if worst.ruling is Ruling.PASS else gate.told(work.order.key), ()


def _ruled(entry: Entry, key: str) -> bool:
    return entry.kind == GuardrailRuled.kind() and entry.key.startswith(f"{key}/")
