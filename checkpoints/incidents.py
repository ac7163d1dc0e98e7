"""The queue of incidents: what failed that is no case of its own, until one of its owners settles it with a reason.

The same failure while an entry is open is counted in it. Nothing leaves the queue but by a person's word. Never
mends anything.
"""

from __future__ import annotations

from datetime import timedelta

from audit.failures import IncidentEscalated, IncidentOpened, IncidentSettled
from checkpoints.answers import require_reason
from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.canonical import digest
from domain.clock import Clock
from domain.errors import Conflict, NotFound
from domain.incident import Incident, IncidentKind
from domain.person import AUDITORS, Person
from policies.book import NOBODY_NAMED, ReferralRow

SQL = load("incidents")


class Incidents:
    """Reads and writes ``countersign.incidents``."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def open(
        self,
        connection: Connection,
        kind: IncidentKind,
        subject: str,
        what: str,
        row: ReferralRow = NOBODY_NAMED,
    ) -> bool:
        """Put it into the queue in this transaction, as the row says whose it is; whether it is a new one.

        The same again, while it is open, is counted in it.
        """
        now = self._clock.now()
        key = f"incident-{digest([kind, subject, now.isoformat()])[:12]}"
        due = now + timedelta(hours=row.due_hours)
        values = {
            "id": key,
            "kind": kind,
            "subject": subject,
            "what": what,
            "owners": [row.owner],
            "escalates_to": row.escalates_to,
            "opened_at": now,
            "due_at": due,
        }
        (opened,) = await (await connection.execute(SQL["open"], values)).fetchall()
        if opened["times"] == 1:
            event = IncidentOpened(
                incident=kind, subject=subject, what=what, owners=(row.owner,), due_at=due.isoformat()
            )
            await self._ledger.append(connection, OPS, key, event)
        return bool(opened["times"] == 1)

    async def queue(self, person: Person, limit: int = 50) -> list[Incident]:
        """What this person's groups may settle, most urgent first; auditors read all of it."""
        values = (sorted(person.groups), AUDITORS in person.groups, limit)
        rows = await self._database.rows(SQL["queue"], *values)
        return [Incident.model_validate({name: row[name] for name in Incident.model_fields}) for row in rows]

    async def settle(self, person: Person, incident: str, reason: str) -> None:
        """Take it off the queue.

        Raises:
            BadInput: the reason has no words.
            NotFound: there is none, or it is not this person's to see.
            Conflict: it was settled before.
        """
        require_reason(reason)
        async with self._database.transaction() as connection:
            row = await (await connection.execute(SQL["get"], (incident,))).fetchone()
            if row is None or not person.groups & set(row["owners"]):
                raise NotFound(f"no incident {incident} is yours to settle")
            if row["settled_at"] is not None:
                raise Conflict(f"{incident} was settled by {row['settled_by']} already")
            await connection.execute(SQL["settle"], (person.id, reason, self._clock.now(), incident))
            await self._ledger.append(connection, OPS, incident, IncidentSettled(reason=reason), person.id)

    async def sweep(self, connection: Connection) -> int:
        """Tell more people of each overdue one, once; how many."""
        now = self._clock.now()
        overdue = await (await connection.execute(SQL["overdue"], (now,))).fetchall()
        for row in overdue:
            owners, until = [*row["owners"], row["escalates_to"]], now + (row["due_at"] - row["opened_at"])
            await connection.execute(SQL["escalate"], (owners, until, row["id"]))
            event = IncidentEscalated(to_group=row["escalates_to"])
            await self._ledger.append(connection, OPS, row["id"], event)
        return len(overdue)
