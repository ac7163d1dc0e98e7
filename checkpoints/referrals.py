"""The queue of referrals: opened as a case leaves the automatic path, settled once by one of its owners.

Nothing leaves the queue but by a person's word with a reason. Never moves a case: that has ended.
"""

from __future__ import annotations

from typing import Any

from audit.failures import ReferralEscalated, ReferralSettled
from checkpoints.answers import require_reason
from checkpoints.database import Connection, Database
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from domain.clock import Clock
from domain.errors import Conflict, Forbidden, NotFound
from domain.person import AUDITORS, Person
from domain.referral import Referral, Settlement

SQL = load("referrals")


class Referrals:
    """Reads and writes ``countersign.referrals``."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    @staticmethod
    async def open(connection: Connection, referral: Referral) -> None:
        """Put a case into the queue; the first time counts. One that is stuck may still leave by another way."""
        values = referral.model_dump()
        row = (*(values[name] for name in ("case_id", "kind")), list(referral.missing), list(referral.owners))
        how = SQL["stuck"] if referral.kind == "stuck" else SQL["open"]
        await connection.execute(how, (*row, referral.escalates_to, referral.opened_at, referral.due_at))

    async def queue(self, person: Person, limit: int = 50) -> list[Referral]:
        """What this person's groups may settle, most urgent first; auditors read all of it."""
        values = (sorted(person.groups), AUDITORS in person.groups, limit)
        return [_referral(row) for row in await self._database.rows(SQL["queue"], *values)]

    async def settle(self, person: Person, case_id: str, settled_as: Settlement, reason: str) -> None:
        """Take it off the queue.

        Raises:
            BadInput: the reason has no words.
            NotFound: there is none, or it is not this person's to see.
            Forbidden: the person made the case.
            Conflict: it was settled before.
        """
        require_reason(reason)
        async with self._database.transaction() as connection:
            row = await (await connection.execute(SQL["get"], (case_id,))).fetchone()
            if row is None or not person.groups & set(row["owners"]):
                raise NotFound(f"no referral of case {case_id} is yours to settle")
            if row["maker"] == person.id:
                raise Forbidden("who made the case does not settle its referral")
            if row["settled_at"] is not None:
                raise Conflict(f"the referral of {case_id} was settled by {row['settled_by']} already")
            now = self._clock.now()
            await connection.execute(SQL["settle"], (person.id, settled_as, reason, now, case_id))
            event = ReferralSettled(settled_as=settled_as, reason=reason)
            await self._ledger.append(connection, case_id, "referral", event, person.id)

    async def sweep(self, connection: Connection) -> int:
        """Tell more people of each overdue referral, once; how many."""
        now = self._clock.now()
        overdue = await (await connection.execute(SQL["overdue"], (now,))).fetchall()
        for row in overdue:
            owners = [*row["owners"], row["escalates_to"]]
            until = now + (row["due_at"] - row["opened_at"])
            await connection.execute(SQL["escalate"], (owners, until, row["case_id"]))
            event = ReferralEscalated(to_group=row["escalates_to"])
            await self._ledger.append(connection, row["case_id"], "referral", event)
        return len(overdue)


def _referral(row: dict[str, Any]) -> Referral:
    return Referral.model_validate({name: row[name] for name in Referral.model_fields})
