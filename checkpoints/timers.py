"""Timers as rows: swept against our clock, so that waiting weeks costs nothing and blocks nobody."""

from __future__ import annotations

from datetime import datetime

from checkpoints.database import Connection, Database
from checkpoints.queries import load

SQL = load("timers")


class Timers:
    """Sets and fires ``countersign.timers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def set(connection: Connection, case_id: str, name: str, due_at: datetime) -> None:
        """Wake the case at ``due_at``; one timer per name."""
        await connection.execute(SQL["set"], (case_id, name, due_at))

    @staticmethod
    async def fire(connection: Connection, now: datetime, limit: int = 100) -> list[str]:
        """Take what is due; the cases to advance."""
        cursor = await connection.execute(SQL["fire"], (now, now, limit))
        return [row["case_id"] for row in await cursor.fetchall()]

    async def fired(self, case_id: str, name: str) -> bool:
        """Whether this timer went off."""
        return await self._database.row(SQL["fired"], case_id, name) is not None
