"""Levels of autonomy as rows: lowered at once by a monitor or one person, raised on the word of two.

Owns ``countersign.autonomy`` and its events in the ``ops`` stream. Nothing is kept in memory: every process reads
the row each time it matters. Never decides whether to lower or raise, and never goes above what a book gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from audit.model_level import AutonomyLowered, AutonomyRaised
from checkpoints.database import Connection, Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.autonomy import Level, is_below, needs_person
from domain.clock import Clock

SQL = load("autonomy")
WITHOUT_PERSON_NO_MORE = [each.value for each in Level if needs_person(each)]


@dataclass(frozen=True, slots=True)
class Place:
    """Whose autonomy, and where."""

    specialist: str
    workflow: str  # kind of case

    def __str__(self) -> str:
        """As people read it."""
        return f"{self.specialist} in {self.workflow}"


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a level stood; ``since`` tells one lowering from the next."""

    level: Level
    since: datetime | None  # None: it was never moved


@dataclass(frozen=True, slots=True)
class Raise:
    """A raise that another person countersigned, of the level that was shown to both."""

    place: Place
    shown: Stood
    to: Level
    reason: str
    asked_by: str
    approval_id: str


class AutonomyLevels:
    """Reads and moves levels."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def stood(self, place: Place) -> Stood:
        """Where it stands by monitors and people; ``act`` where nobody moved it."""
        return _stood(await self._database.row(SQL["one"], place.specialist, place.workflow))

    async def of_workflow(self, workflow: str) -> dict[str, Level]:
        """Levels that were moved, by specialist."""
        rows = await self._database.rows(SQL["of_workflow"], workflow)
        return {row["specialist"]: Level(row["level"]) for row in rows}

    async def moved(self) -> list[DictRow]:
        """Every level that was moved, with since when, why and by whom."""
        return await self._database.rows(SQL["all"])

    async def lower(self, place: Place, to: Level, reason: str, by: str) -> bool:
        """Take autonomy away; ``False`` where it has no more than that already: this never raises a level."""
        async with self._database.transaction() as connection:
            stood = _stood(await self._locked(connection, place))
            if not is_below(to, stood.level):
                return False
            await self._move(connection, place, to, reason, by)
            event = AutonomyLowered(
                specialist=place.specialist,
                workflow=place.workflow,
                from_level=stood.level,
                to_level=to,
                reason=reason,
            )
            await self._ledger.append(connection, OPS, self._key(place), event, by)
        return True

    async def raised(self, connection: Connection, wanted: Raise) -> bool:
        """Give autonomy back, in the caller's transaction; ``False`` when the level was moved since it was shown.

        The same raise again changes nothing.
        """
        row = await self._locked(connection, wanted.place)
        if row is not None and row["by"] == wanted.approval_id:
            return True
        if _stood(row) != wanted.shown:
            return False
        await self._move(connection, wanted.place, wanted.to, wanted.reason, wanted.approval_id)
        event = AutonomyRaised(
            specialist=wanted.place.specialist,
            workflow=wanted.place.workflow,
            from_level=wanted.shown.level,
            to_level=wanted.to,
            reason=wanted.reason,
            asked_by=wanted.asked_by,
            approval_id=wanted.approval_id,
        )
        await self._ledger.append(connection, OPS, self._key(wanted.place), event)
        return True

    async def _locked(self, connection: Connection, place: Place) -> DictRow | None:
        values = (place.specialist, place.workflow)
        await connection.execute(SQL["lock"], values)
        return await (await connection.execute(SQL["one"], values)).fetchone()

    async def _move(self, connection: Connection, place: Place, to: Level, reason: str, by: str) -> None:
        row: dict[str, Any] = {"specialist": place.specialist, "workflow": place.workflow, "level": to}
        await connection.execute(SQL["move"], row | {"since": self._clock.now(), "reason": reason, "by": by})

    def _key(self, place: Place) -> str:
        return f"autonomy/{place.workflow}/{place.specialist}/{self._clock.now().isoformat()}"


def _stood(row: DictRow | None) -> Stood:
    return Stood(Level(row["level"]), row["since"]) if row else Stood(Level.ACT, None)
