"""Source records as rows: evidence from outside, tokenised on arrival, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.canonical import digest
from domain.errors import Conflict

SQL = load("records")


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as it was sent.

    Args:
        case_id: to which case.
        event_id: the sender's, unique in the case.
        mark: keyed hash over all of it, identity included (``Vault.mark_of``).
    """

    case_id: str
    event_id: str
    mark: bytes


class Records:
    """Writes ``source.records`` for intake and reads it for tools."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def came_before(self, sent: Sent) -> bool:
        """Whether this event was kept already.

        Raises:
            Conflict: an event of its id was, with other content.
        """
        return _same(await self._database.row(SQL["known"], sent.case_id, sent.event_id), sent)

    @staticmethod
    async def insert(connection: Connection, sent: Sent, body: dict[str, Any], at: datetime) -> str | None:
        """Keep one tokenised record; gives its digest, or nothing when the event came before.

        Raises:
            Conflict: the event came before with other content.
        """
        of = digest(body)
        row = {"case": sent.case_id, "event": sent.event_id, "sent": sent.mark, "at": at}
        row |= {"kind": body["kind"], "party": body.get("party"), "body": Jsonb(body), "digest": of}
        if (await connection.execute(SQL["insert"], row)).rowcount:
            return of
        cursor = await connection.execute(SQL["known"], (sent.case_id, sent.event_id))
        _same(await cursor.fetchone(), sent)
        return None

    async def of_kind(self, cases: tuple[str, ...], kind: str, until: datetime) -> list[dict[str, Any]]:
        """Records of one kind that had arrived by ``until``, oldest first; read with the read-only role."""
        async with self._database.transaction() as connection:
            await connection.execute(SQL["read_only"])
            await connection.execute(SQL["as_reader"])
            cursor = await connection.execute(SQL["of_kind"], (list(cases), kind, until))
            rows = await cursor.fetchall()
        return [{"id": row["id"], **row["body"]} for row in rows]

    async def arrivals(self, cases: tuple[str, ...]) -> list[DictRow]:
        """Every record of some cases as it came: ``case_id``, ``event_id``, ``body``, ``received_at``."""
        return await self._database.rows(SQL["of_cases"], list(cases))

    async def counts(self, cases: tuple[str, ...], until: datetime | None = None) -> dict[str, int]:
        """How many records of each kind have arrived by now, or had by ``until``."""
        rows = await self._database.rows(SQL["counts"], list(cases), until, until)
        return {row["kind"]: row["records"] for row in rows}


def _same(known: DictRow | None, sent: Sent) -> bool:
    """Whether the event is known; one of before revision 0023 has no mark and counts as the same."""
    if known is not None and known["sent"] not in (None, sent.mark):
        remedy = "send it again as it was, or under an id of its own"
        raise Conflict("an event of this id came before with other content", field="id", remedy=remedy)
    return known is not None
