"""The ledger: append-only, hash-chained per case, one ``ops`` stream beside. Never updates, never deletes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg.types.json import Jsonb

from audit.chain import GENESIS, Entry, Verification, verify
from audit.events import Event
from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.clock import Clock

SQL = load("ledger")
OPS = "ops"


class Ledger:
    """Appends inside the caller's transaction, so that an event and what it tells happen together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def append(
        self, connection: Connection, stream: str, key: str, event: Event, actor: str = "system"
    ) -> bool:
        """Append once per ``key``; ``False`` when it was there before (a step ran again)."""
        seq, prev = await _end(connection, stream)
        entry = Entry(
            stream=stream,
            seq=seq + 1,
            key=f"{key}/{event.kind()}",
            kind=event.kind(),
            schema_version=event.schema_version,
            at=self._clock.now().isoformat(timespec="milliseconds"),
            actor=actor,
            body=event.model_dump(mode="json"),
            prev=prev,
        ).sealed()
        return (await connection.execute(SQL["append"], _row(entry))).rowcount == 1

    async def record(self, stream: str, key: str, event: Event, actor: str = "system") -> bool:
        """Append in a transaction of its own (refused attempts, operations)."""
        async with self._database.transaction() as connection:
            return await self.append(connection, stream, key, event, actor)

    async def first(self, connection: Connection, stream: str, key: str, event: Event) -> dict[str, Any]:
        """Append once per ``key``, and the body that stands there: this one, or the one of an earlier run."""
        await self.append(connection, stream, key, event)
        row = await (await connection.execute(SQL["body"], (stream, f"{key}/{event.kind()}"))).fetchone()
        if row is None:
            raise RuntimeError("an event that was just appended is not there")
        body: dict[str, Any] = row["body"]
        return body

    async def entries(self, stream: str) -> list[Entry]:
        """A stream in order."""
        return [Entry(**row) for row in await self._database.rows(SQL["entries"], stream)]

    async def of_kinds(self, stream: str, kinds: Iterable[str]) -> list[Entry]:
        """What a stream tells of some kinds, in order."""
        return [Entry(**row) for row in await self._database.rows(SQL["of_kinds"], stream, list(kinds))]

    async def after(self, stream: str, seq: int) -> list[Entry]:
        """What was appended to a stream since, in order."""
        return [Entry(**row) for row in await self._database.rows(SQL["after"], stream, seq)]

    async def verify(self, stream: str) -> Verification:
        """Recompute the whole chain of a stream against its head."""
        head = await self._database.row(SQL["head"], stream)
        return verify(await self.entries(stream), (head["seq"], head["hash"]) if head else (0, GENESIS))


async def _end(connection: Connection, stream: str) -> tuple[int, str]:
    """Where a stream ends, locked until the transaction does; a new stream is opened."""
    head = await (await connection.execute(SQL["lock_head"], (stream,))).fetchone()
    if head is None:
        await connection.execute(SQL["open_stream"], (stream, GENESIS))
        head = await (await connection.execute(SQL["lock_head"], (stream,))).fetchone()
    if head is None:
        raise RuntimeError("a stream without a head")
    return head["seq"], head["hash"]


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.stream, entry.seq, entry.key, entry.kind, entry.schema_version,
        entry.at, entry.actor, Jsonb(entry.body), entry.prev, entry.hash,
    )  # fmt: skip
