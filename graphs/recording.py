"""Appends events of a case under the lease of the current advance, and reads the clock for it."""

from __future__ import annotations

from datetime import datetime

from audit.events import Event
from audit.readings import ClockRead
from checkpoints.ledger import Told
from graphs.lease import lease_for
from graphs.services import services


async def record(case_id: str, key: str, event: Event) -> None:
    """Append once per key; a node that runs again appends nothing."""
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await services().ledger.append(connection, case_id, key, event)


async def record_all(case_id: str, told: Told) -> None:
    """The same for several events in one transaction."""
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await services().ledger.append_all(connection, case_id, told)


async def moment(case_id: str, key: str) -> datetime:
    """The present as a step reads it, on record under ``key``: run again or replayed, it reads the same.

    In the sandbox steps are played again at will, each time now.
    """
    now = services().clock.now()
    if services().mode == "sandbox":
        return now
    event = ClockRead(at=now.isoformat(timespec="microseconds"))
    async with services().database.transaction(await lease_for(case_id)) as connection:
        read = await services().ledger.first(connection, case_id, key, event)
    return datetime.fromisoformat(read["at"])
