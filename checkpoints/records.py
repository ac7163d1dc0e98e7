"""Source records as rows: evidence from outside, tokenised on arrival, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.canonical import digest
from domain.errors import Conflict

SQL = load("records")


class Records:
    """Writes ``source.records`` for intake and reads it for tools."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def insert(
        connection: Connection, case_id: str, body: dict[str, Any], event_id: str, at: datetime
    ) -> str | None:
        """Keep one tokenised record; gives its digest, or nothing when the event came before.

        Raises:
            Conflict: the event came before with other content.
        """
        of = digest(body)
        cursor = await connection.execute(
            SQL["insert"], (case_id, body["kind"], body.get("party"), Jsonb(body), of, event_id, at)
        )
        if cursor.rowcount:
            return of
        known = await (await connection.execute(SQL["known"], (case_id, event_id))).fetchone()
        if known is None or known["digest"] != of:
            remedy = "send it again as it was, or under an id of its own"
            raise Conflict("an event of this id came before with other content", field="id", remedy=remedy)
        return None

    async def of_kind(self, cases: tuple[str, ...], kind: str, until: datetime) -> list[dict[str, Any]]:
        """Records of one kind that had arrived by ``until``, oldest first; read with the read-only role."""
        async with self._database.transaction() as connection:
            await connection.execute(SQL["read_only"])
            await connection.execute(SQL["as_reader"])
            cursor = await connection.execute(SQL["of_kind"], (list(cases), kind, until))
            rows = await cursor.fetchall()
        return [{"id": row["id"], **row["body"]} for row in rows]

    async def counts(self, cases: tuple[str, ...], until: datetime | None = None) -> dict[str, int]:
        """How many records of each kind have arrived by now, or had by ``until``."""
        rows = await self._database.rows(SQL["counts"], list(cases), until, until)
        return {row["kind"]: row["records"] for row in rows}
