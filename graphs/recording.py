"""Appends one event of a case under the lease of the current advance."""

from __future__ import annotations

from audit.events import Event
from graphs.lease import lease_for
from graphs.services import services


async def record(case_id: str, key: str, event: Event) -> None:
    """Append once per key; a node that runs again appends nothing."""
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await services().ledger.append(connection, case_id, key, event)
