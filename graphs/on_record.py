"""An advance on the record: it begins only from what is as it was left, and what it did is stamped when it stops.

Also what follows for a case that ended (its head is anchored at once) and for one whose rows were changed behind
the record (it stands still, and says why). Never repairs anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from audit.failures import Halting
from audit.record import RecordFoundChanged
from checkpoints.database import Lease
from checkpoints.halts import CASE, halt
from checkpoints.lease import take
from checkpoints.ledger import OPS
from domain.case import ENDED
from domain.errors import Conflict, RecordChanged, Refused
from domain.person import SYSTEM
from graphs.services import Services

log = structlog.get_logger(__name__)


@asynccontextmanager
async def on_record(services: Services, lease: Lease) -> AsyncIterator[None]:
    """Compare, work, stamp; what failed on the way is stamped as well.

    Raises:
        RecordChanged: something is not as it was left; nothing was done.
    """
    flaws = await services.stamps.begin(lease)
    if flaws:
        told = tuple(f"{flaw.where}: {flaw.reason}" for flaw in flaws)
        raise RecordChanged(f"the record of case {lease.case_id} was changed: {told[0]}", told)
    try:
        yield
    finally:
        await services.stamps.end(lease)


async def stamp_what_ended(services: Services, case_id: str, runner: str) -> None:
    """Stamp an ended case whose runner died before it could; one that is stamped is left alone."""
    if await services.stamps.rest(case_id):
        return
    try:
        async with on_record(services, await take(services.database, case_id, runner, services.clock)):
            pass
    except RecordChanged as error:
        await stand_still(services, case_id, error)
    await anchor_what_ended(services, case_id)


async def anchor_what_ended(services: Services, case_id: str) -> None:
    """Anchor the head of a case that ended; when that fails the next sweep does it, and says so until it can."""
    if (await services.cases.get(case_id)).status not in ENDED:
        return
    try:
        await services.anchors.anchor([case_id])
    except (Refused, Conflict, OSError) as error:
        log.error("record_not_anchored", case_id=case_id, error=str(error))


async def stand_still(services: Services, case_id: str, error: RecordChanged) -> None:
    """Halt the case with what was found, and tell operations; it stays halted however often it is resumed."""
    log.error("record_found_changed", case_id=case_id, flaws=error.flaws)
    here, target, now = services, f"{CASE}{case_id}", services.clock.now()
    async with here.database.transaction() as connection:
        if await halt(connection, target, SYSTEM.id, error.message, here.clock):
            halting = Halting(target=target, reason=error.message)
            await here.ledger.append(connection, OPS, f"{target}/{now.isoformat()}", halting, SYSTEM.id)
            what = "its record was changed behind the ledger; it stands still (countersign reconcile)"
            await here.incidents.open(connection, "halted_by_itself", target, what)
        event = RecordFoundChanged(case=case_id, flaws=error.flaws)
        key = f"record/{case_id}/{now.isoformat(timespec='minutes')}"
        await here.ledger.append(connection, OPS, key, event)
