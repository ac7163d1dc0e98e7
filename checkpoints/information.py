"""What applicants are asked to send, as rows: the advisor reads them, an arriving record or a timer ends them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from checkpoints.database import Connection, Database
from checkpoints.leaving import Released
from checkpoints.queries import load

SQL = load("information")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what is needed, the letter as it passed the output gate, to be sent and answered by when."""

    case_id: str
    name: str
    needs: tuple[str, ...]
    letter: Released  # a JSON object of texts
    send_by: date
    answer_by: date


class Information:
    """Reads and writes ``countersign.information_requests``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def ask(connection: Connection, asked: Asked, at: datetime) -> None:
        """Write a request down, once per wait."""
        body, needs = Jsonb(json.loads(asked.letter.text)), list(asked.needs)
        values = (asked.case_id, asked.name, needs, body, asked.send_by, asked.answer_by, at)
        await connection.execute(SQL["ask"], values)

    @staticmethod
    async def end(connection: Connection, case_id: str, name: str, at: datetime, *, answered: bool) -> bool:
        """It was answered, or its time is over; ``False`` when nobody was asked or it had ended."""
        statement = SQL["answer"] if answered else SQL["lapse"]
        return bool((await connection.execute(statement, (at, case_id, name))).rowcount)

    async def of_case(self, case_id: str) -> list[DictRow]:
        """Every request of a case, oldest first."""
        return await self._database.rows(SQL["of_case"], case_id)
