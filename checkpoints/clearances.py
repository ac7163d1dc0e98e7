"""Remembered clearances: which hits compliance cleared as false positives, for whom, for which entry version.

Owns the table and the keyed hash under which a person is found again. Never holds a name, never clears
anything itself, and is written only in the transaction that records a compliance decision.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkpoints.database import Connection, Database
from checkpoints.keys import KeyRing
from checkpoints.queries import load
from domain.clearance import Clearance

SQL = load("clearances")


class Clearances:
    """Reads for the screening tool, writes for the compliance boundary."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def mark(self, identity: str) -> str:
        """Keyed hash of a normalised identity (HMAC-SHA-256), hexadecimal."""
        return self._keys.mark("clearance", identity).hex()

    async def of(self, subject: str, list_name: str) -> tuple[Clearance, ...]:
        """What was cleared for one subject on one list, oldest first."""
        rows = await self._database.rows(SQL["of_subject"], subject, list_name)
        return tuple(Clearance.model_validate(dict(row)) for row in rows)

    @staticmethod
    async def remember(connection: Connection, case_id: str, cleared: Iterable[Clearance]) -> None:
        """Keep clearances of one decision beside earlier ones; what is kept already stays as it is."""
        for each in cleared:
            scope = (each.subject, each.list_name, each.entry_number, each.entry_version)
            await connection.execute(SQL["remember"], (*scope, each.approval_id, case_id, each.cleared_at))
