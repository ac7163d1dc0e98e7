"""Conditions as rows: opened with an approval, met by events from outside, each once. Never decides whether one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg.rows import DictRow

from checkpoints.database import Connection, Database
from checkpoints.queries import load

SQL = load("conditions")
PERSON = "person"
COUNTERSIGNATURE = "countersignature"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as its book words it."""

    code: str
    text: str
    stage: str
    satisfied_by: str


@dataclass(frozen=True, slots=True)
class Opening:
    """When and by which approval conditions are opened, and until when they may be met."""

    case_id: str
    approval: str
    at: datetime
    due_at: datetime
    before: Mapping[str, int]  # records of each kind that are there already


class Conditions:
    """Reads and writes ``countersign.conditions``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def open(connection: Connection, condition: Condition, opening: Opening) -> bool:
        """Track a condition; ``False`` when it is tracked already, open or met.

        One that was waived is open again: a waiver is bound to the approval that it was asked for.
        """
        signed = condition.satisfied_by == COUNTERSIGNATURE
        row = asdict(condition) | {
            "case_id": opening.case_id,
            "approval": opening.approval,
            "before": opening.before.get(condition.satisfied_by, 0),
            "opened_at": opening.at,
            "due_at": opening.due_at,
            "met_at": opening.at if signed else None,
            "met_by": opening.approval if signed else None,
        }
        return bool((await connection.execute(SQL["open"], row)).rowcount)

    async def of_case(self, case_id: str) -> list[DictRow]:
        """Every condition of a case, open and met."""
        return await self._database.rows(SQL["of_case"], case_id)

    async def met_by(self, row: DictRow) -> str | None:
        """The event that meets an open condition: its kind of record since then, or one that says so."""
        if row["satisfied_by"] in (PERSON, COUNTERSIGNATURE):
            found = await self._database.row(SQL["confirmed"], row["case_id"], row["code"])
        else:
            since = (row["case_id"], row["satisfied_by"], row["before"])
            found = await self._database.row(SQL["events"], *since)
        return str(found["event_id"]) if found else None

    @staticmethod
    async def meet(connection: Connection, row: DictRow, event_id: str, at: datetime) -> bool:
        """Mark it met; ``False`` when it was before."""
        done = await connection.execute(SQL["meet"], (at, event_id, row["case_id"], row["code"]))
        return bool(done.rowcount)
