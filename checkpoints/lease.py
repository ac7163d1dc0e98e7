"""The lease of a case: one writer at a time, the newest epoch wins."""

from __future__ import annotations

from checkpoints.database import Connection, Database, Lease
from checkpoints.queries import load
from domain.clock import Clock

SQL = load("lease")


async def take(database: Database, case_id: str, runner: str, clock: Clock) -> Lease:
    """Take the case over: every transaction of the former holder fails from here on."""
    return await _leased(database, "take", case_id, runner, clock)


async def join(database: Database, case_id: str, runner: str, clock: Clock) -> Lease:
    """The case as it is held now: parallel steps of the sandbox write side by side."""
    return await _leased(database, "join", case_id, runner, clock)


async def take_over(connection: Connection, case_id: str, runner: str, clock: Clock) -> None:
    """The same in the caller's transaction, for who ends the case from outside: both happen, or neither."""
    await connection.execute(SQL["take"], (case_id, runner, clock.now()))


async def _leased(database: Database, how: str, case_id: str, runner: str, clock: Clock) -> Lease:
    async with database.transaction() as connection:
        cursor = await connection.execute(SQL[how], (case_id, runner, clock.now()))
        row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("insert … returning gave no row")
    return Lease(case_id, row["epoch"])
