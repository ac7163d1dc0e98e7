"""The ledger: append-only, hash-chained per case, one ``ops`` stream beside. Never updates, never deletes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.chain import GENESIS, Entry, Verification, verify
from audit.events import Event
from checkpoints.database import Connection, Database
from checkpoints.grouped import Grouped, Waiting, as_rows
from checkpoints.queries import load
from checkpoints.rows import stamps_of
from domain.clock import Clock

SQL = load("ledger")
OPS = "ops"
Told = Sequence[tuple[str, Event]]  # keys and events


@dataclass(frozen=True, slots=True)
class _End:
    """Where a stream ends."""

    stream: str
    seq: int
    hash: str


class Ledger:
    """Appends inside the caller's transaction, so that an event and what it tells happen together."""

    def __init__(self, database: Database, clock: Clock, *, grouped: bool = False) -> None:
        """``grouped``: events that are recorded by themselves share a commit with others that come meanwhile."""
        self._database = database
        self._clock = clock
        self._grouped = Grouped(database, self._following, self._recorded) if grouped else None

    async def append(
        self, connection: Connection, stream: str, key: str, event: Event, actor: str = "system"
    ) -> bool:
        """Append once per ``key``; ``False`` when it was there before (a step ran again)."""
        end = await _end(connection, stream)
        ((_, vouching),) = await _stamped(connection, stream, [(key, event)])
        entry = self._next(end, key, vouching, actor)
        return (await connection.execute(SQL["append"], _row(entry))).rowcount == 1

    async def append_all(
        self, connection: Connection, stream: str, told: Told, actor: str | Sequence[str] = "system"
    ) -> int:
        """Append several in one go, each once per ``key``, in order; how many were new. One actor, or one for each."""
        if not told:
            return 0
        actors = [actor] * len(told) if isinstance(actor, str) else actor
        end, entries = await _end(connection, stream), list[Entry]()
        keys = [f"{key}/{event.kind()}" for key, event in told]
        known = {row["key"] for row in await _rows(connection, "known", (stream, keys))}
        stamped = await _stamped(connection, stream, told)
        for (key, event), by in zip(stamped, actors, strict=True):
            if f"{key}/{event.kind()}" not in known:
                known.add(f"{key}/{event.kind()}")
                entries.append(self._next(end, key, event, by))
                end = _End(stream, entries[-1].seq, entries[-1].hash)
        if entries:
            await connection.execute(SQL["append_all"], as_rows(entries))
        return len(entries)

    async def record(self, stream: str, key: str, event: Event, actor: str = "system") -> bool:
        """Append by itself (refused attempts, reads, operations); it is committed when this answers."""
        waiting = Waiting(stream, key, event, actor)
        if self._grouped is None or event.vouches:
            return await self._recorded(waiting)
        return await self._grouped.append(waiting)

    async def _recorded(self, told: Waiting) -> bool:
        async with self._database.transaction() as connection:
            return await self.append(connection, told.stream, told.key, told.event, told.actor)

    def _following(self, end: tuple[int, str], told: Waiting) -> Entry:
        return self._next(_End(told.stream, *end), told.key, told.event, told.actor)

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

    def _next(self, end: _End, key: str, event: Event, actor: str) -> Entry:
        """The entry that follows where a stream ends."""
        return Entry(
            stream=end.stream,
            seq=end.seq + 1,
            key=f"{key}/{event.kind()}",
            kind=event.kind(),
            schema_version=event.schema_version,
            at=self._clock.now().isoformat(timespec="milliseconds"),
            actor=actor,
            body=event.model_dump(mode="json"),
            prev=end.hash,
        ).sealed()


async def _end(connection: Connection, stream: str) -> _End:
    """Where a stream ends, locked until the transaction does; a new stream is opened."""
    head = await (await connection.execute(SQL["lock_head"], (stream,))).fetchone()
    if head is None:
        await connection.execute(SQL["open_stream"], (stream, GENESIS))
        head = await (await connection.execute(SQL["lock_head"], (stream,))).fetchone()
    if head is None:
        raise RuntimeError("a stream without a head")
    return _End(stream, head["seq"], head["hash"])


async def _stamped(connection: Connection, stream: str, told: Told) -> Told:
    """The events, each with the stamp of the row that it vouches for, as that stands now."""
    rows = [event.vouches and event.vouches.format(key=key, **event.model_dump()) for key, event in told]
    if not any(rows):
        return told
    stamps = await stamps_of(connection, stream, [row for row in rows if row])
    return [
        (key, event.model_copy(update={"stamps": {row: stamps[row]}}) if row in stamps else event)
        for (key, event), row in zip(told, rows, strict=True)
    ]


async def _rows(connection: Connection, query: str, given: tuple[object, ...]) -> list[DictRow]:
    return await (await connection.execute(SQL[query], given)).fetchall()


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.stream, entry.seq, entry.key, entry.kind, entry.schema_version,
        entry.at, entry.actor, Jsonb(entry.body), entry.prev, entry.hash,
    )  # fmt: skip
