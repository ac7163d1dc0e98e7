"""Decided cases as they were recorded: what each knew, what policy concluded, and the digest in the ledger.

Reads checkpoints of many cases at once and writes nothing. Never decides anything, and opens no vault.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.rows import DictRow

from checkpoints.database import Database
from checkpoints.queries import load
from checkpoints.saver import PlainSerializer

SQL = load("decided")
PAGE = 200  # cases of one read
CHANNELS = ("facts", "findings", "superseded", "reviewed", "decision", "risk", "approvals", "quarantined")
"""What deciding reads of a case, and the decision itself."""


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """One decided case."""

    id: str
    policy_version: str
    application_date: date
    product: str
    amount_cents: int
    opened_at: datetime
    people: int  # who applies: people, and the company
    state: dict[str, Any]  # the channels of ``CHANNELS`` that it has
    decision: int  # place of its last decision in its ledger
    facts_digest: str  # of the facts that were decided on, as the ledger has it


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decided cases: of this kind, opened since then, at most so many, newest first."""

    kind: str
    limit: int
    since: datetime | None = None
    shadow: str | None = None  # only decisions that this shadow has not seen


class DecidedCases:
    """Reads ``countersign.cases`` with their ledgers and checkpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pages(self, asked: Asked) -> AsyncIterator[list[DecidedCase]]:
        """The cases in pages."""
        serializer, left, after = PlainSerializer(), asked.limit, (None, None)
        while left > 0:
            given = {
                "kind": asked.kind,
                "since": asked.since,
                "shadow": asked.shadow,
                "channels": list(CHANNELS),
            }
            place = {"after_at": after[0], "after_id": after[1], "limit": min(PAGE, left)}
            rows = await self._database.rows_of(SQL["page"], given | place)
            if not rows:
                return
            yield [_case(row, serializer) for row in rows]
            left, after = left - len(rows), (rows[-1]["opened_at"], rows[-1]["id"])

    async def tools_called(self, cases: Sequence[str]) -> dict[str, dict[str, frozenset[str]]]:
        """Which tools each specialist called, by case and stream (``r1.kyc.risk_rater``), as the journal has it."""
        called: dict[str, dict[str, frozenset[str]]] = {}
        for row in await self._database.rows(SQL["tools_called"], list(cases)):
            called.setdefault(row["case_id"], {})[row["assignment"]] = frozenset(row["tools"])
        return called

    async def assignments(self, case_id: str) -> list[dict[str, Any]]:
        """Every assignment that a case handed out, as plain JSON, in the order of its rounds."""
        serializer, found = PlainSerializer(), dict[str, dict[str, Any]]()
        for row in await self._database.rows(SQL["assignments"], case_id):
            for given in serializer.loads_typed((row["type"], row["blob"])):
                found[given["id"]] = given
        return sorted(found.values(), key=lambda given: int(given["id"].partition(".")[0].removeprefix("r")))


def _case(row: DictRow, serializer: PlainSerializer) -> DecidedCase:
    plain = {name: value for name, value in row["plain"].items() if name in CHANNELS}
    packed = {
        channel.decode(): serializer.loads_typed((kind.decode(), blob))
        for channel, kind, blob in row["packed"] or ()
        if kind != b"empty"
    }
    same = {name: row[name] for name in DecidedCase.__slots__ if name in row}
    return DecidedCase(**same, state=plain | packed)
