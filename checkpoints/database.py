"""The pool, and the one way to open a transaction: fenced when a runner writes for a case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from domain.errors import StaleWriter

STALE = "CS001"  # SQLSTATE raised by countersign.fence
Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one runner to write for one case, until another takes it (a higher epoch)."""

    case_id: str
    epoch: int


def make_pool(url: str, size: int = 10) -> Pool:
    """A closed pool of autocommit connections with dict rows; open it with ``async with``."""
    return AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        kwargs={"row_factory": dict_row, "prepare_threshold": 3},
        check=AsyncConnectionPool.check_connection,
        max_idle=300,
        max_lifetime=3600,
        timeout=30,
        configure=_configure,
    )


async def _configure(connection: Connection) -> None:
    await connection.set_autocommit(True)  # not in ``kwargs``: procrastinate adds it to its own listener
    await connection.execute("set search_path = countersign, public")


class Database:
    """Hands out transactions over one pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    @asynccontextmanager
    async def transaction(self, lease: Lease | None = None) -> AsyncIterator[Connection]:
        """One transaction; with a lease it starts by checking the epoch, and raises ``StaleWriter``."""
        try:
            async with self.pool.connection() as connection, connection.transaction():
                if lease is not None:
                    await fence(connection, lease)
                yield connection
        except psycopg.Error as error:
            raise translated(error) from error

    async def rows(self, query: Any, *parameters: object) -> list[DictRow]:
        """All rows of one read."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query, parameters)
            return await cursor.fetchall()

    async def rows_of(self, query: Any, named: Mapping[str, Any]) -> list[DictRow]:
        """All rows of one read with named parameters."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query, named)
            return await cursor.fetchall()

    async def row_of(self, query: Any, named: Mapping[str, Any]) -> DictRow | None:
        """The first row of one read with named parameters, or nothing."""
        found = await self.rows_of(query, named)
        return found[0] if found else None

    async def row(self, query: Any, *parameters: object) -> DictRow | None:
        """The first row of one read, or nothing."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query, parameters)
            return await cursor.fetchone()


async def fence(connection: Connection, lease: Lease) -> None:
    """Abort this transaction when the lease was taken over; holds the lease row until it ends."""
    await connection.execute("select countersign.fence(%s, %s)", (lease.case_id, lease.epoch))


def translated(error: psycopg.Error) -> Exception:
    """The domain's error for a database error, where there is one."""
    if error.sqlstate == STALE:
        return StaleWriter("another runner holds this case now; nothing of this step was kept")
    return error
