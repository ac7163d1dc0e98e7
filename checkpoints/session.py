"""One specialist's session: where its calls are journaled and its events are chained, and what it has spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.events import CallRefused, Event, GuardrailRuled
from checkpoints.database import Connection, Database, Lease
from checkpoints.halts import require_running
from checkpoints.journal import Call, CallCounter, CallKey, Journal
from checkpoints.ledger import OPS, Ledger, Told
from checkpoints.rates import give_back, take
from checkpoints.timers import Timers
from domain.assignment import Assignment
from domain.clock import Clock
from domain.errors import Refused
from domain.rate import EVERYBODY, Pace, Rate

Keeps = Callable[[Connection], Awaitable[Told]]
OVERSTEPS = (
    "mandate.tools",
    "mandate.records",
    "mandate.regions",
    "guardrail.",
)  # no slip of an honest model


@dataclass(slots=True)
class Spent:
    """What one session used so far; answers from the journal count as well."""

    model_calls: int = 0
    tool_calls: int = 0
    tokens: int = 0
    cost_microusd: int = 0


@dataclass(slots=True)
class Session:
    """Everything a gateway needs to check, act and record for one specialist of one assignment.

    Args:
        rates: of tool calls, as today's book says.
    """

    assignment: Assignment
    specialist: str
    lease: Lease
    database: Database
    journal: Journal
    ledger: Ledger
    clock: Clock
    rates: tuple[Rate, ...] = ()
    spent: Spent = field(default_factory=Spent)
    refusals: Counter[str] = field(default_factory=Counter)
    answered_by: dict[str, tuple[str, ...]] = field(default_factory=dict)  # prompt digest -> models, in order
    overstepped: bool = False  # it tried what its mandate does not name: its word needs a person
    counter: CallCounter = field(init=False)

    def __post_init__(self) -> None:
        self.counter = CallCounter(self.stream, self.assignment.attempt)

    @property
    def stream(self) -> str:
        """Names this session in journal keys and event keys."""
        return self.assignment.stream(self.specialist)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A fenced transaction of the case."""
        async with self.database.transaction(self.lease) as connection:
            yield connection

    async def require_running(self, name: str) -> None:
        """Pass unless somebody halted the case or what is called: ``tool:…``, ``model:…``, ``specialist:…``."""
        await require_running(self.database, self.lease.case_id, name)

    async def places(self, rows: Sequence[Rate]) -> tuple[Pace, ...]:
        """Take a place in the window of each rate, for the bank or for the case; which of them were full."""
        concerned = [(row, EVERYBODY if row.scope == EVERYBODY else self.lease.case_id) for row in rows]
        async with self.transaction() as connection:
            return await take(connection, concerned, self.clock.now())

    async def stand_still(self, paces: Sequence[Pace], until: datetime, ruled: GuardrailRuled) -> None:
        """A window is full: give places back, and set the timer that wakes the case, whatever becomes of this runner.

        How fast all cases together may go is a matter of operations: the verdict stands in their stream.
        """
        name, now = f"pace/{until.isoformat()}", self.clock.now().isoformat()
        async with self.transaction() as connection:
            await give_back(connection, paces)
            await Timers.set(connection, self.lease.case_id, name, until)
            where = f"{self.lease.case_id}/{self.stream}/{ruled.guardrail}/{now}"
            await self.ledger.append(connection, OPS, where, ruled)

    async def ask(self, key: CallKey, call: Call, verdicts: Sequence[GuardrailRuled] = ()) -> Any | None:
        """Put the request and what guardrails said of it on record, before it is sent.

        Gives nothing: it is to be sent. A replay's session gives the answer that is on record.
        """
        async with self.transaction() as connection:
            await self.journal.ask(connection, key, call)
            for ruled in verdicts:
                where = f"{self.stream}/{key.entry}/{ruled.guardrail}"
                await self.ledger.append(connection, self.lease.case_id, where, ruled)
        return None

    async def answered(self, key: CallKey, response: Any, event: Event, kept: Keeps | None = None) -> None:
        """Put the answer and its event on record, before it is used.

        Args:
            kept: puts away what of the answer nobody gets, in the same transaction; what is told of it comes first.
        """
        async with self.transaction() as connection:
            await self.journal.answer(connection, key, response)
            before = await kept(connection) if kept is not None else ()
            told = [*before, (f"{self.stream}/{key.entry}", event)]
            await self.ledger.append_all(connection, self.lease.case_id, told)

    async def record(self, key: str, event: Event) -> None:
        """Append one event of this session; the same key again appends nothing."""
        async with self.transaction() as connection:
            await self.ledger.append(connection, self.lease.case_id, f"{self.stream}/{key}", event)

    def answered_with(self, prompt_digest: str, model: str) -> None:
        """Remember which model answered under a prompt, from the journal or fresh."""
        before = self.answered_by.get(prompt_digest, ())
        self.answered_by[prompt_digest] = tuple(dict.fromkeys((*before, model)))

    async def refused(self, gateway: str, target: str, error: Refused) -> None:
        """Put a refusal on record."""
        event = CallRefused(gateway=gateway, control=error.control, target=target, reason=error.message)
        key = f"{gateway}/{target}/{error.control}"
        self.refusals[key] += 1
        self.overstepped |= error.control.startswith(OVERSTEPS)
        await self.record(f"{key}/{self.refusals[key]}", event)
