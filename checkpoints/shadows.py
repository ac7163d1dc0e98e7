"""Shadows as rows: candidates that run beside the live book, and what they would have decided of new cases.

Reads no case and decides nothing; nothing but a report reads what stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS
from checkpoints.proposals import Verbatim
from checkpoints.queries import load
from checkpoints.rows import stamps_of
from domain.errors import Conflict, NotFound
from domain.identity import Record

SQL = load("shadows")
SHOWN = 50  # decisions that differ


class Shadow(Record):
    """A candidate that runs beside the live book."""

    id: str
    kind: str
    version: str
    source: Verbatim
    started_at: datetime


class Seen(Record):
    """What a candidate would have decided, beside what was decided."""

    shadow_id: str
    case_id: str
    decision: int
    live: str | None = None
    shadow: str | None = None
    rows: tuple[str, ...] = ()
    other: bool = False
    reason: str = ""
    seen_at: datetime


class Shadows:
    """Reads and writes ``countersign.shadows`` and what they saw."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def start(connection: Connection, shadow: Shadow, reason: str, person: str) -> None:
        """Let it run; ``Conflict`` while another of its kind does."""
        row = shadow.model_dump() | {"reason": reason, "started_by": person}
        if not (await connection.execute(SQL["start"], row)).rowcount:
            raise Conflict(
                f"a shadow of {shadow.kind} runs already",
                remedy="stop it first: countersign policy shadow stop",
            )

    @staticmethod
    async def stop(connection: Connection, shadow_id: str, person: str, at: datetime) -> None:
        """Let it run no more; ``NotFound`` when none of this id runs."""
        if not (await connection.execute(SQL["stop"], (person, at, shadow_id))).rowcount:
            raise NotFound(f"no shadow {shadow_id} runs")

    async def running(self) -> list[Shadow]:
        """Those that run now."""
        return [Shadow.model_validate(row) for row in await self._database.rows(SQL["running"])]

    async def listed(self, limit: int = 50) -> list[DictRow]:
        """All of them with their counts, newest first."""
        return await self._database.rows_of(SQL["list"], {"id": None, "limit": limit})

    async def told(self, shadow_id: str) -> dict[str, Any]:
        """One with its counts by decision and by row, and decisions that differ; ``NotFound`` when there is none."""
        row = await self._database.row_of(SQL["list"], {"id": shadow_id, "limit": 1})
        if row is None:
            raise NotFound(f"no shadow {shadow_id}")
        return {
            **row,
            "turns": await self._database.rows(SQL["turns"], shadow_id),
            "rows": await self._database.rows(SQL["rows"], shadow_id),
            "differing": await self._database.rows(SQL["differing"], shadow_id, SHOWN),
        }

    @staticmethod
    async def keep(connection: Connection, seen: Sequence[Seen]) -> dict[str, str]:
        """Keep what was compared, once per decision; the stamps of what is new."""
        new = []
        for each in seen:
            row = each.model_dump() | {"rows": list(each.rows)}
            if (await connection.execute(SQL["keep"], row)).rowcount:
                new.append(f"seen/{each.shadow_id}/{each.case_id}/{each.decision}")
        return await stamps_of(connection, OPS, new) if new else {}
