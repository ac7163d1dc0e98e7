"""Stands in for the database where a case is replayed: each named query that a step uses, answered from tables here.

Owns no rule: what may be done stays with the stores that ask. A query that is not among ``STATEMENTS`` is an
error, so that a step that needs a new one is noticed at its first replay. Nothing is ever written anywhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from psycopg.types.json import Jsonb

from checkpoints.database import Connection, Database, Lease
from checkpoints.in_memory.statements import STATEMENTS
from checkpoints.in_memory.tables import Row, Tables
from checkpoints.in_memory.undoing import UNDOING
from domain.errors import Misconfigured

__all__ = ["InMemoryConnection", "InMemoryDatabase", "Tables"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a cursor gives of one statement."""

    rows: list[Row]
    rowcount: int

    async def fetchone(self) -> Row | None:
        """The first row."""
        return self.rows[0] if self.rows else None

    async def fetchall(self) -> list[Row]:
        """All of them."""
        return self.rows


class InMemoryConnection:
    """One transaction; ``on_commit`` is done when it ends well, ``on_failure`` when it does not."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database
        self.on_commit: list[Callable[[], Awaitable[None]]] = []
        self.on_failure: list[Callable[[], None]] = []

    async def execute(self, query: Any, parameters: Any = ()) -> _Answer:
        """Answer one statement."""
        return await self._database.execute(query, parameters)


class InMemoryDatabase(Database):
    """As ``Database``, over tables in memory. What a transaction that fails has changed is as it was before."""

    def __init__(self) -> None:
        self.tables: Tables = defaultdict(list)

    async def execute(self, query: Any, parameters: Any = ()) -> _Answer:
        """Answer one statement, as a connection does."""
        answer = STATEMENTS.get(query) or UNDOING.get(query)
        if answer is None:
            raise Misconfigured(
                f"a replay has no answer to this statement: {' '.join(str(query).split())[:80]}"
            )
        given = answer(self.tables, _plain(parameters))
        return _Answer([], given) if isinstance(given, int) else _Answer([*map(dict, given)], len(given))

    @asynccontextmanager
    async def transaction(self, lease: Lease | None = None) -> AsyncIterator[Connection]:
        """The connection that stores are handed. Nobody else writes, so no lease is asked for."""
        before = {name: [*map(dict, rows)] for name, rows in self.tables.items()}
        connection = InMemoryConnection(self)
        try:
            yield cast("Connection", connection)
        except BaseException:
            self.tables.clear()
            self.tables.update(before)
            for forget in connection.on_failure:
                forget()
            raise
        for commit in connection.on_commit:
            await commit()

    async def rows(self, query: Any, *parameters: object) -> list[Row]:
        """All rows of one read."""
        return (await self.execute(query, parameters)).rows

    async def rows_of(self, query: Any, named: Mapping[str, Any]) -> list[Row]:
        """All rows of one read with named parameters."""
        return (await self.execute(query, named)).rows

    async def row(self, query: Any, *parameters: object) -> Row | None:
        """The first row of one read, or nothing."""
        return await (await self.execute(query, parameters)).fetchone()


def _plain(parameters: Any) -> Any:
    """JSON as what it wraps."""
    if isinstance(parameters, Mapping):
        return {name: _unwrapped(value) for name, value in parameters.items()}
    return tuple(map(_unwrapped, parameters))


def _unwrapped(value: Any) -> Any:
    return value.obj if isinstance(value, Jsonb) else value
