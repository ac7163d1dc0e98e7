"""Timers as rows: swept against our clock, so that waiting weeks costs nothing and blocks nobody."""

from __future__ import annotations

from datetime import datetime

from audit.readings import TimerFired
from checkpoints.database import Connection, Database
from checkpoints.ledger import Ledger
from checkpoints.queries import load

SQL = load("timers")


class Timers:
    """Sets and fires ``countersign.timers``."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    @staticmethod
    async def set(connection: Connection, case_id: str, name: str, due_at: datetime) -> None:
        """Wake the case at ``due_at``; one timer per name."""
        await connection.execute(SQL["set"], (case_id, name, due_at))

    async def fire(self, connection: Connection, now: datetime, limit: int = 100) -> list[str]:
        """Take what is due, each on its case's record; the cases to advance."""
        fired = await (await connection.execute(SQL["fire"], (now, now, limit))).fetchall()
        for row in sorted(fired, key=lambda each: (each["case_id"], each["name"])):
            event = TimerFired(name=row["name"])
            await self._ledger.append(connection, row["case_id"], f"timer/{row['name']}", event)
        return [row["case_id"] for row in fired]

    async def fired(self, case_id: str, name: str) -> bool:
        """Whether this timer went off."""
        return await self._database.row(SQL["fired"], case_id, name) is not None
