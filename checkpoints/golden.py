"""Results of golden sets as rows, by specialist, model and version. Never runs a set, never says what passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.model_level import GoldenSetRan
from checkpoints.database import Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.clock import Clock
from domain.golden import Score

SQL = load("golden")


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven or not: one specialist with one model under one version of prompt, judge and set."""

    specialist: str
    model: str
    version: str  # digest


@dataclass(frozen=True, slots=True)
class Ran:
    """One run."""

    proof: Proof  # by the model that answered
    asked_as: str  # the name that was asked for
    ran_at: datetime
    score: Score
    by: str


class GoldenResults:
    """Keeps and reads ``countersign.golden_results``."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def keep(self, proof: Proof, asked_as: str, score: Score, by: str) -> Ran:
        """Keep a run, with its event."""
        now, told = self._clock.now(), score.model_dump(mode="json")
        row = {"specialist": proof.specialist, "model": proof.model, "version": proof.version}
        event = GoldenSetRan(**row, asked_as=asked_as, score=told)
        async with self._database.transaction() as connection:
            more = {"asked_as": asked_as, "ran_at": now, "score": Jsonb(told), "by": by}
            await connection.execute(SQL["keep"], row | more)
            key = f"golden/{proof.specialist}/{proof.model}/{now.isoformat()}"
            await self._ledger.append(connection, OPS, key, event, by)
        return Ran(proof, asked_as, now, score, by)

    async def newest_of(self, proof: Proof) -> Ran | None:
        """The newest run of exactly this version, if there was one."""
        row = await self._database.row(SQL["of_version"], proof.specialist, proof.model, proof.version)
        return _ran(row) if row else None

    async def newest_asked(self, asked: Proof) -> Ran | None:
        """The newest run of this version whose model was asked for by this name, whichever answered."""
        row = await self._database.row(SQL["asked_as"], asked.specialist, asked.model, asked.version)
        return _ran(row) if row else None

    async def newest(self) -> list[Ran]:
        """The newest run of every version."""
        return [_ran(row) for row in await self._database.rows(SQL["newest"])]


def _ran(row: DictRow) -> Ran:
    proof = Proof(row["specialist"], row["model"], row["version"])
    return Ran(proof, row["asked_as"], row["ran_at"], Score.model_validate(row["score"]), row["by"])
