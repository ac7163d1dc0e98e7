"""Proposals to change policy, as rows: the candidate, the report that it rests on, and the digests of both.

Owns that what is read is what was proposed: a source or a report that does not give its digest is nobody's proposal.
Decides nothing and brings nothing into force.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import StringConstraints

from checkpoints.books import SQL
from checkpoints.database import Connection, Database
from domain.canonical import digest
from domain.errors import Conflict, NotFound
from domain.identity import Record
from policies.book import Book

Verbatim = Annotated[str, StringConstraints(strip_whitespace=False)]  # its digest is over every letter


class Proposal(Record):
    """One proposal."""

    case_id: str
    kind: str
    action: Literal["publish", "rollback"]
    version: str
    source: Verbatim
    source_sha256: str
    replaces: str
    replaces_n: int
    report: dict[str, Any]
    report_digest: str
    not_primary: str
    reason: str
    proposed_by: str
    proposed_at: datetime

    @property
    def whole(self) -> bool:
        """Whether source and report are those whose digests were proposed."""
        return sha256(self.source) == self.source_sha256 and digest(self.report) == self.report_digest


class Proposals:
    """Reads and writes ``countersign.proposals``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def require_new(connection: Connection, book: Book) -> None:
        """``Conflict`` when this version is proposed already and waits for its decision; held for the transaction."""
        await connection.execute(SQL["turn"], (book.rules.kind,))
        waiting = await (await connection.execute(SQL["open_proposal"], (book.version,))).fetchone()
        if waiting is not None:
            raise Conflict(
                f"{book.version} is proposed already in {waiting['case_id']}",
                remedy="let that one be decided first",
            )

    @staticmethod
    async def keep(connection: Connection, proposal: Proposal) -> None:
        """Keep it, beside the case that decides it."""
        row = proposal.model_dump() | {"report": Jsonb(proposal.report)}
        await connection.execute(SQL["propose"], row)

    async def of(self, lineage: tuple[str, ...]) -> Proposal:
        """The proposal of a case, or of the case it was copied from; ``NotFound`` when there is none."""
        row = await self._database.row(SQL["proposal"], list(lineage), list(lineage))
        if row is None:
            raise NotFound(f"{lineage[0]} proposes no change of policy")
        return Proposal.model_validate(row)

    async def newest(self, limit: int = 50) -> list[DictRow]:
        """Proposals with where their cases stand, newest first; without sources and reports."""
        return await self._database.rows(SQL["proposals"], limit)


def sha256(source: str) -> str:
    """Of the text in UTF-8, lower-case hexadecimal."""
    return hashlib.sha256(source.encode()).hexdigest()
