"""Events that are appended by themselves share a commit: many come one by one, what waits is written together.

Owns the queue of one process. Whoever appends is answered when the event is committed and not before, and the events
of a stream keep the order in which they came. Only a stream that nobody else holds is written together with others,
so that nothing waits for one stream while it holds another; the rest is written each by itself, as without this, and
nobody in the queue waits for that.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from psycopg.types.json import Json

from audit.chain import Entry
from audit.events import Event
from checkpoints.database import Connection, Database
from checkpoints.queries import load

SQL = load("ledger")
MOST = 200  # events of one commit
End = tuple[int, str]  # last event of a stream and its hash


@dataclass(slots=True)
class Waiting:
    """One event on its way."""

    stream: str
    key: str
    event: Event
    actor: str
    done: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Grouped:
    """Writes what waits, one commit after the other.

    Args:
        follow: the entry that follows where a stream ends.
        alone: appends one event in a transaction of its own.
    """

    def __init__(
        self,
        database: Database,
        follow: Callable[[End, Waiting], Entry],
        alone: Callable[[Waiting], Awaitable[bool]],
    ) -> None:
        self._database = database
        self._follow = follow
        self._alone = alone
        self._queue: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._apart: set[asyncio.Task[None]] = set()

    async def append(self, waiting: Waiting) -> bool:
        """Append once per key; ``False`` when it was there before. Raises what its own append would."""
        self._queue.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await asyncio.shield(waiting.done)

    async def _write(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:MOST], self._queue[MOST:]
            try:
                left = await self._together(batch) if len(batch) > 1 else batch
            except Exception:  # whichever of them it was: each is tried, and fails, by itself
                left = [each for each in batch if not each.done.done()]
            for each in left:
                task = asyncio.create_task(self._by_itself(each))
                self._apart.add(task)
                task.add_done_callback(self._apart.discard)

    async def _by_itself(self, waiting: Waiting) -> None:
        try:
            waiting.done.set_result(await self._alone(waiting))
        except Exception as error:
            waiting.done.set_exception(error)

    async def _together(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """Write those whose streams nobody holds in one transaction; the others are left."""
        async with self._database.transaction() as connection:
            ends = await _free(connection, {each.stream for each in batch})
            mine = [each for each in batch if each.stream in ends]
            known = await _known(connection, mine)
            entries, new = [], list[bool]()
            for each in mine:
                place = (each.stream, f"{each.key}/{each.event.kind()}")
                new.append(place not in known)
                if new[-1]:
                    known.add(place)
                    entry = self._follow(ends[each.stream], each)
                    ends[each.stream] = (entry.seq, entry.hash)
                    entries.append(entry)
            if entries:
                await connection.execute(SQL["append_all"], as_rows(entries))
        for each, appended in zip(mine, new, strict=True):
            each.done.set_result(appended)
        return [each for each in batch if each.stream not in ends]


async def _free(connection: Connection, streams: set[str]) -> dict[str, End]:
    """Where these streams end, locked; without those that are new or that somebody holds."""
    cursor = await connection.execute(SQL["lock_free"], (sorted(streams),))
    return {row["stream"]: (row["seq"], row["hash"]) for row in await cursor.fetchall()}


async def _known(connection: Connection, mine: Sequence[Waiting]) -> set[tuple[str, str]]:
    places = [(each.stream, f"{each.key}/{each.event.kind()}") for each in mine]
    given = ([stream for stream, _ in places], [key for _, key in places])
    cursor = await connection.execute(SQL["known_of"], given)
    return {(row["stream"], row["key"]) for row in await cursor.fetchall()}


def as_rows(entries: Sequence[Entry]) -> tuple[Json]:
    """Entries as ``append_all`` takes them: one JSON array."""
    return (Json(entries, dumps=_written),)


def _written(entries: Sequence[Entry]) -> str:
    return json.dumps([{**each.unsealed(), "hash": each.hash} for each in entries], ensure_ascii=False)
