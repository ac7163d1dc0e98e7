"""Waivers as rows: asked of the desk with a reason, applied to the condition once others have countersigned.

Owns which waiver belongs to which condition of which approval. Never decides one: the desk does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.errors import Conflict

SQL = load("waivers")


@dataclass(frozen=True, slots=True)
class Granted:
    """A countersigned waiver of a condition that is still open."""

    code: str
    stage: str
    approval_id: str
    reason_code: str


class Waivers:
    """Reads and writes ``countersign.waivers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def open_condition(connection: Connection, case_id: str, code: str) -> DictRow:
        """The condition, held for this transaction.

        Raises:
            Conflict: the case has no approval with it, or it is open no more.
        """
        row = await (await connection.execute(SQL["condition"], (case_id, code))).fetchone()
        if row is None:
            raise Conflict(f"no approval of {case_id} has the condition {code}")
        if row["met_at"] is not None:
            done = "waived" if row["waived"] else "met"
            raise Conflict(f"the condition {code} of {case_id} was {done} already by {row['met_by']}")
        return row

    @staticmethod
    async def asked(connection: Connection, case_id: str) -> list[DictRow]:
        """The waivers of a case with where their requests stand, as the caller's transaction sees them."""
        return await (await connection.execute(SQL["of_case"], (case_id,))).fetchall()

    @staticmethod
    async def keep(
        connection: Connection, condition: DictRow, approval_id: str, reason_code: str, at: datetime
    ) -> None:
        """Keep what was asked of the desk."""
        scope = (condition["case_id"], condition["code"], condition["approval"])
        await connection.execute(SQL["keep"], (approval_id, *scope, reason_code, at))

    async def granted(self, case_id: str) -> list[Granted]:
        """Waivers that were countersigned for conditions that are still open under the same approval."""
        rows = await self._database.rows(SQL["granted"], case_id)
        return [Granted(**row) for row in rows]

    @staticmethod
    async def apply(connection: Connection, case_id: str, granted: Granted, at: datetime) -> bool:
        """Do without the condition; ``False`` when it was met before."""
        done = await connection.execute(SQL["apply"], (at, granted.approval_id, case_id, granted.code))
        return bool(done.rowcount)
