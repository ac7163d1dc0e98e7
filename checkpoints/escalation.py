"""What happens when nobody decides in time: more people may, and after a second silence it expires."""

from __future__ import annotations

from audit.events import ApprovalEscalated
from audit.failures import ApprovalExpired
from checkpoints.approvals import SQL, Desk
from checkpoints.database import Connection
from checkpoints.incidents import Incidents
from checkpoints.jobs import Jobs
from checkpoints.ledger import Ledger
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.clock import Clock


class Escalation:
    """Sweeps overdue requests; part of every runner's sweep."""

    def __init__(self, desk: Desk, ledger: Ledger, jobs: Jobs, clock: Clock, incidents: Incidents) -> None:
        self._desk = desk
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock
        self._incidents = incidents

    async def sweep(self, connection: Connection) -> int:
        """Escalate or expire each overdue request, once; how many.

        One that fails keeps back none of the others: it is an incident of operations.
        """
        cursor = await connection.execute(SQL["overdue"], (self._clock.now(),))
        overdue = [row["id"] for row in await cursor.fetchall()]
        for approval_id in overdue:
            try:
                async with connection.transaction():
                    await self._one(connection, await self._desk.get(approval_id))
            except Exception as error:
                what = f"it is overdue and could not be told to anybody above: {type(error).__name__}"
                await self._incidents.open(connection, "sweep_failed", f"approval {approval_id}", what)
        return len(overdue)

    async def _one(self, connection: Connection, request: ApprovalRequest) -> None:
        if request.escalates_to in request.candidate_groups:
            await connection.execute(SQL["settle"], (ApprovalStatus.EXPIRED, request.id))
            expired = ApprovalExpired(approval_id=request.id)
            await self._ledger.append(connection, request.case_id, f"{request.id}/expired", expired)
            await self._jobs.defer_advance(connection, request.case_id)
            return
        groups = [*request.candidate_groups, request.escalates_to]
        until = self._clock.now() + (request.due_at - request.opened_at)
        await connection.execute(SQL["escalate"], (groups, until, request.id))
        event = ApprovalEscalated(approval_id=request.id, to_group=request.escalates_to)
        await self._ledger.append(connection, request.case_id, request.id, event)
