"""Gives the dev server its checkpointer, and with it the services that its graphs use.

In the sandbox the saver writes as the dev server likes, in a database of its own. In live mode it only
reads: cases are moved by runners under their lease, so a core route that got past the guard could write
nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncCursor
from psycopg.rows import DictRow, dict_row

from api.settings import Settings
from api.studio.lifespan import opened
from checkpoints.saver import CaseSaver


class SandboxSaver(CaseSaver):
    """Writes without a lease: its threads are not cases, and nothing they do leaves the sandbox."""

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[AsyncCursor[DictRow]]:
        async with (
            self.lock,
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor(binary=True, row_factory=dict_row) as cursor,
        ):
            yield cursor


@asynccontextmanager
async def open_saver() -> AsyncIterator[CaseSaver]:
    """The saver, for as long as the server runs; it opens first and closes last."""
    async with opened(Settings()) as front:
        pool = front.services.database.pool
        yield SandboxSaver(pool) if front.services.mode == "sandbox" else CaseSaver(pool)
