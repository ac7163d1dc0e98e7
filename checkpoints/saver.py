"""The one class through which LangGraph reads and writes checkpoints.

Same tables and rows as the stock saver. What it adds: every write transaction of a runner is
fenced by its lease, stored values are plain JSON or LangGraph's own control types, and nothing
else is ever read back as an object.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Interrupt, Send
from psycopg import AsyncCursor
from psycopg.rows import DictRow, dict_row

from checkpoints.database import Lease, Pool, fence, translated
from domain.errors import Halted


class PlainSerializer(JsonPlusSerializer):
    """Stores plain JSON; refuses to store objects, refuses to revive types that are not on the list."""

    def __init__(self) -> None:
        super().__init__(allowed_msgpack_modules=None)

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """As LangGraph does, after checking that the value is plain; an error is kept as its kind only."""
        if isinstance(obj, BaseException):
            return super().dumps_typed(type(obj).__qualname__)  # its message may quote anything
        if not _plain(obj):
            raise TypeError(f"state holds plain JSON only, not {type(obj).__qualname__}")
        return super().dumps_typed(obj)


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    if isinstance(value, Send):
        return _plain(value.arg)
    if isinstance(value, Interrupt):
        return _plain(value.value)
    return value is None or type(value) in (str, int, float, bool, bytes)


class CaseSaver(AsyncPostgresSaver):
    """The saver of one advance of one case (its own lock); without a lease it may only read."""

    def __init__(self, pool: Pool, lease: Lease | None = None) -> None:
        super().__init__(pool, serde=PlainSerializer())
        self._pool = pool
        self._lease = lease

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """As LangGraph does, but a step that was halted has not failed: nothing is kept of it, and it runs again."""
        if not any(isinstance(value, Halted) for _, value in writes):
            await super().aput_writes(config, writes, task_id, task_path)

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[AsyncCursor[DictRow]]:
        try:
            async with self.lock, self._pool.connection() as connection, connection.transaction():
                if self._lease is not None:
                    await fence(connection, self._lease)
                else:
                    await connection.execute("set transaction read only")
                async with connection.cursor(binary=True, row_factory=dict_row) as cursor:
                    yield cursor
        except psycopg.Error as error:
            raise translated(error) from error
