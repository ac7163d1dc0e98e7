"""Rows of the stores beside the ledger, each as the one line that its stamp is the hash of. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from audit.stamps import stamp_of
from checkpoints.database import Connection
from checkpoints.queries import load

SQL = load("stamps")


async def lines_of(connection: Connection, case_id: str, only: Sequence[str] | None = None) -> dict[str, str]:
    """Rows of a case by key, each as its line; in the caller's transaction."""
    await connection.execute(SQL["in_utc"])
    cursor = await connection.execute(SQL["lines"], {"case": case_id, "only": only})
    return {row["key"]: row["line"] for row in await cursor.fetchall()}


async def secrets_of(connection: Connection, case_id: str) -> dict[str, bytes]:
    """Ciphertexts of the journal by the keys of their lines."""
    cursor = await connection.execute(SQL["secrets"], {"case": case_id})
    return {row["key"]: bytes(row["body"]) for row in await cursor.fetchall()}


async def stamps_of(connection: Connection, case_id: str, only: Sequence[str]) -> dict[str, str]:
    """Stamps of these rows as they stand in the caller's transaction."""
    return {key: stamp_of(line) for key, line in (await lines_of(connection, case_id, only)).items()}
