"""Stamps in the database: what a case has in every store is compared with its ledger, and stamped there.

A runner compares before it goes on from what it finds, and stamps what it did when it stops: a row that
was changed in between is found and never becomes part of the record. People's doings are stamped by their own events.
"""

from __future__ import annotations

from audit.chain import Entry, verify
from audit.record import RowsStamped
from audit.stamps import Flaw, compare, newest, stamp_of
from checkpoints.database import Connection, Database, Lease
from checkpoints.ledger import OPS, Ledger
from checkpoints.ledger import SQL as LEDGER
from checkpoints.rows import SQL, lines_of

ADOPTED = "stamps/of-before"
LATER = "stamps/of-before/turns"


class Stamps:
    """Compares and stamps the rows of cases."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    async def begin(self, lease: Lease) -> tuple[Flaw, ...]:
        """What stands there and should not; nothing is stamped from here on until ``end``."""
        async with self._database.transaction(lease) as connection:
            flaws = await flaws_of(connection, lease.case_id)
            if not flaws:
                await connection.execute(SQL["at_work"], (lease.case_id,))
            return flaws

    async def end(self, lease: Lease) -> None:
        """Stamp every row that is new or was changed since ``begin``; what is still on its way under the lease fails.

        The lease ends before the rows are read: a write that is under way is waited for and stamped, a later one is
        that of a stale writer.
        """
        async with self._database.transaction(lease) as connection:
            await connection.execute(SQL["at_rest"], (lease.case_id,))
            known = newest(await entries_of(connection, lease.case_id))
            lines = await lines_of(connection, lease.case_id)
            stamps = {key: stamp_of(line) for key, line in lines.items()}
            new = {
                key: stamp for key, stamp in stamps.items() if key not in known or known[key].digest != stamp
            }
            if new:
                event = RowsStamped(stamps=new)
                await self._ledger.append(connection, lease.case_id, f"stamps/{lease.epoch}", event)

    async def adopt(self, connection: Connection) -> None:
        """Stamp what belongs to no case as it stands, once in the life of a database: rows of before have no event.

        Whatever comes later without an event of its own is found; it is never adopted.
        """
        known = newest(await entries_of(connection, OPS))
        lines = await lines_of(connection, OPS)
        new = {key: stamp_of(line) for key, line in lines.items() if key not in known}
        await self._ledger.append(connection, OPS, ADOPTED, RowsStamped(stamps=new))

    async def adopt_turns(self, connection: Connection) -> None:
        """The same, once, for what is stamped since a later revision: turns of chats, and what shadows saw."""
        if await self._told(connection, LATER):
            return
        for row in await (await connection.execute(SQL["threads"])).fetchall():
            await self._adopt_later(connection, row["case_id"], ("turn/", "answered/"))
        await self._adopt_later(connection, OPS, ("seen/",))

    async def _adopt_later(self, connection: Connection, stream: str, sorts: tuple[str, ...]) -> None:
        known = newest(await entries_of(connection, stream))
        lines = await lines_of(connection, stream)
        new = {
            key: stamp_of(line) for key, line in lines.items() if key.startswith(sorts) and key not in known
        }
        await self._ledger.append(connection, stream, LATER, RowsStamped(stamps=new))

    async def adopted(self, connection: Connection) -> bool:
        """Whether that was done."""
        return await self._told(connection, ADOPTED)

    @staticmethod
    async def _told(connection: Connection, key: str) -> bool:
        row = (OPS, f"{key}/{RowsStamped.kind()}")
        return await (await connection.execute(LEDGER["body"], row)).fetchone() is not None

    async def rest(self, case_id: str) -> bool:
        """Whether everything that was done on a case is stamped."""
        async with self._database.transaction() as connection:
            return await rests(connection, case_id)

    async def ended_at_work(self, most: int) -> list[str]:
        """Ended cases whose runner died before it stamped what it had done."""
        return [row["case_id"] for row in await self._database.rows(SQL["ended_at_work"], most)]


async def entries_of(connection: Connection, stream: str) -> list[Entry]:
    """A stream in order, as the caller's transaction sees it."""
    cursor = await connection.execute(LEDGER["entries"], (stream,))
    return [Entry(**row) for row in await cursor.fetchall()]


async def rests(connection: Connection, case_id: str) -> bool:
    """Whether nobody is at work on a case."""
    row = await (await connection.execute(SQL["rests"], (case_id,))).fetchone()
    return row is not None and row["stamped"]


async def flaws_of(connection: Connection, case_id: str) -> tuple[Flaw, ...]:
    """What is not as the record of a case says; the chain first, then the rows."""
    entries = await entries_of(connection, case_id)
    found = verify(entries)
    if not found.verified:
        return (Flaw(f"event {found.first_bad}", found.reason, found.first_bad),)
    lines, at_rest = await lines_of(connection, case_id), await rests(connection, case_id)
    return compare(newest(entries), lines, at_rest=at_rest).flaws
