"""Cases as rows: opened once per idempotency key, moved between statuses, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from checkpoints.database import Connection, Database
from checkpoints.queries import load
from domain.case import Case, CaseStatus
from domain.chat import CHAT
from domain.errors import Conflict, NotFound
from domain.person import AUDITORS, Person

SQL = load("cases")


class Cases:
    """Reads and writes ``countersign.cases``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, connection: Connection, maker: str, key: str, content_digest: str) -> str | None:
        """The case already opened under this key; ``Conflict`` when it was opened with other content."""
        row = await (await connection.execute(SQL["by_key"], (maker, key))).fetchone()
        if row is None:
            return None
        if row["content_digest"] != content_digest:
            raise Conflict(
                f"idempotency key {key!r} was used for case {row['id']} with other content",
                remedy="send a new key, or the same content",
            )
        return str(row["id"])

    async def insert(
        self,
        connection: Connection,
        case: Case,
        application: dict[str, Any],
        idempotency_key: str | None = None,
    ) -> None:
        """Open a case; ``application`` is tokenised."""
        row = case.model_dump() | {"application": Jsonb(application), "idempotency_key": idempotency_key}
        await connection.execute(SQL["insert"], row)

    async def opened_under(self, maker: str, key: str) -> Case | None:
        """The case that a maker opened under an idempotency key."""
        row = await self._database.row(SQL["by_key"], maker, key)
        return await self.get(row["id"]) if row else None

    async def unwound_by(self, case_id: str) -> tuple[str, ...]:
        """Cases that unwind or unwound this one, oldest first."""
        return tuple(row["id"] for row in await self._database.rows(SQL["unwound_by"], case_id))

    @staticmethod
    async def exists(connection: Connection, case_id: str) -> bool:
        """Whether there is such a case, as the caller's transaction sees it."""
        return await (await connection.execute(SQL["get"], (case_id,))).fetchone() is not None

    async def get(self, case_id: str) -> Case:
        """One case; ``NotFound`` when there is none."""
        return _case(await self._row(case_id))

    async def application(self, case_id: str) -> dict[str, Any]:
        """The tokenised application."""
        application: dict[str, Any] = (await self._row(case_id))["application"]
        return application

    async def newest(self, maker: str | None = None, limit: int = 50, *, chats: bool = True) -> list[Case]:
        """Newest first; all, or those of one maker; with chat threads or without."""
        asked = {"maker": maker, "but": None if chats else CHAT, "limit": limit}
        return [_case(row) for row in await self._database.rows_of(SQL["list"], asked)]

    async def visible(self, person: Person, case_id: str) -> Case | None:
        """A case that this person may see: its maker, a candidate of one of its approvals, an auditor."""
        row = await self._database.row_of(SQL["visible"], _seen_by(person) | {"case": case_id})
        return None if row is None else _case(row)

    async def in_scope(self, person: Person, limit: int = 200) -> list[Case]:
        """The cases that this person may see, newest first, without chat threads."""
        asked = _seen_by(person) | {"but": CHAT, "limit": limit}
        return [_case(row) for row in await self._database.rows_of(SQL["in_scope"], asked)]

    async def ancestors(self, case_id: str) -> tuple[str, ...]:
        """What a fork reads through to, nearest first."""
        return tuple(row["id"] for row in await self._database.rows(SQL["ancestors"], case_id))

    @staticmethod
    async def count_forks(connection: Connection, case_id: str) -> int:
        """How many copies were made; no other is made until this transaction ends."""
        await connection.execute(SQL["copying"], (case_id,))  # first: what is counted is seen afterwards
        row = await (await connection.execute(SQL["forks"], (case_id,))).fetchone()
        return int(row["forks"]) if row else 0

    async def depth(self) -> dict[str, int]:
        """How many cases stand where."""
        return {row["status"]: row["cases"] for row in await self._database.rows(SQL["depth"])}

    @staticmethod
    async def set_status(connection: Connection, case_id: str, status: CaseStatus) -> None:
        """Move a case that is not closed."""
        await connection.execute(SQL["set_status"], (status, case_id))

    @staticmethod
    async def set_workflow(connection: Connection, case_id: str, workflow: str) -> None:
        """Pin a case to another version of its workflow."""
        await connection.execute(SQL["set_workflow"], (workflow, case_id))

    @staticmethod
    async def close(
        connection: Connection, case_id: str, status: CaseStatus, outcome: str, at: datetime
    ) -> None:
        """End a case."""
        await connection.execute(SQL["close"], (status, outcome, at, case_id))

    async def _row(self, case_id: str) -> DictRow:
        row = await self._database.row(SQL["get"], case_id)
        if row is None:
            raise NotFound(f"no case {case_id}")
        return row


def _seen_by(person: Person) -> dict[str, Any]:
    return {"person": person.id, "groups": sorted(person.groups), "all": AUDITORS in person.groups}


def _case(row: DictRow) -> Case:
    return Case.model_validate({name: row[name] for name in Case.model_fields})
