"""Halts: a target (everything, an effect, a case, a kind) that nothing may act on until it is resumed."""

from __future__ import annotations

from checkpoints.database import Connection
from checkpoints.outbox import SQL
from domain.clock import Clock


async def halt(connection: Connection, target: str, by: str, reason: str, clock: Clock) -> None:
    """Stop a target; the outbox reads it in the transaction that would act."""
    await connection.execute(SQL["halt"], (target, by, reason, clock.now()))


async def resume(connection: Connection, target: str) -> None:
    """Let it go on."""
    await connection.execute(SQL["resume"], (target,))
