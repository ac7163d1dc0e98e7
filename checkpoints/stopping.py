"""Stops a case that is still open, from outside: its runner loses it, and it does nothing more.

Owns that a stop happens once and leaves nothing unexplained: what lies at the desk is withdrawn, what was about to be
sent is not sent, and of what was under way nobody claims to know how it ended. Never takes anything back.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import EffectLeftUnknown, EffectRefused
from audit.unwinding import CaseStopped
from checkpoints.approvals import Desk
from checkpoints.cases import SQL as CASES
from checkpoints.cases import Cases
from checkpoints.compensating import SQL
from checkpoints.database import Connection
from checkpoints.intended import SQL as BOUNDS
from checkpoints.jobs import Jobs
from checkpoints.lease import take_over
from checkpoints.ledger import Ledger
from checkpoints.rows import SQL as STAMPS
from domain.case import ENDED, CaseStatus
from domain.clock import Clock

STOPPED = "stopped"  # outcome of a case that was still open when its defect was found
UNSURE = "its case was stopped while this was under way"
UNSENT = "its case was stopped before this was sent"


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a stop writes to."""

    ledger: Ledger
    desk: Desk
    jobs: Jobs
    clock: Clock

    async def stop(self, connection: Connection, case_id: str, by: str, reason: str) -> None:
        """Stop it, in the caller's transaction; nothing where it has ended. ``by``: the case that unwinds it."""
        if not await _open(connection, case_id):
            return
        await take_over(connection, case_id, by, self.clock)  # waits for what its runner is writing
        if not await _open(connection, case_id):
            return
        await Cases.close(connection, case_id, CaseStatus.CLOSED, STOPPED, self.clock.now())
        await self.ledger.append(connection, case_id, "stop", CaseStopped(unwinding=by, reason=reason))
        await self._cut_off(connection, case_id)
        for request in await self.desk.of_case(case_id):
            await self.desk.withdraw(connection, request, "the case is unwound")
        await connection.execute(STAMPS["at_work"], (case_id,))
        await self.jobs.defer_advance(connection, case_id)  # which stamps all of this

    async def _cut_off(self, connection: Connection, case_id: str) -> None:
        rows = await (await connection.execute(SQL["cut_off"], (self.clock.now(), case_id))).fetchall()
        for row in rows:
            known = {"effect": row["effect"], "step": row["step"]}
            unsure = row["status"] == "unknown"
            event = (
                EffectLeftUnknown(**known, reason=UNSURE) if unsure else EffectRefused(**known, reason=UNSENT)
            )
            await self.ledger.append(connection, case_id, f"effect/{row['key']}", event)
            if not unsure:
                await connection.execute(BOUNDS["release"], (self.clock.now(), row["key"]))


async def _open(connection: Connection, case_id: str) -> bool:
    row = await (await connection.execute(CASES["get"], (case_id,))).fetchone()
    return row is not None and row["status"] not in ENDED
