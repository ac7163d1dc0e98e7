"""What drift is measured on: findings with what became of them, out of the ledger, and frozen references as rows.

Owns ``countersign.drift_references``. Never measures (``audit/drift.py`` does) and never moves a level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from audit.drift import Counts, Observation
from audit.model_level import ReferenceFrozen
from checkpoints.autonomy import Place
from checkpoints.database import Database
from checkpoints.ledger import OPS, Ledger
from checkpoints.queries import load
from domain.canonical import digest
from domain.clock import Clock

SQL = load("drift")
EVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 20_000  # findings that are read at once


@dataclass(frozen=True, slots=True)
class Version:
    """Which models made a finding, under which prompt."""

    models: tuple[str, ...]
    prompt: str  # digest

    def __str__(self) -> str:
        """As people read it."""
        return f"{'+'.join(self.models)} with prompt {self.prompt[:12]}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding with the version that made it."""

    version: Version
    observation: Observation


@dataclass(frozen=True, slots=True)
class Reference:
    """What was normal, of which version, and who said so."""

    place: Place
    version: Version
    frozen_at: datetime
    n: int
    counts: Counts
    by: str
    reason: str


class Drift:
    """Reads findings, keeps and reads references."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def seen(self, place: Place, since: datetime = EVER, limit: int = MOST) -> list[Seen]:
        """Findings that a model made and that were used, oldest first; of more than ``limit`` the newest."""
        given = {
            "specialist": place.specialist,
            "workflow": place.workflow,
            "since": since.isoformat(timespec="milliseconds"),  # as the ledger writes times
            "limit": limit,
        }
        return [_seen(row) for row in reversed(await self._database.rows_of(SQL["findings"], given))]

    async def freeze(self, reference: Reference) -> None:
        """Keep a reference, with its event."""
        place, counts = reference.place, {name: dict(of) for name, of in reference.counts.items()}
        row = {
            "specialist": place.specialist,
            "workflow": place.workflow,
            "frozen_at": reference.frozen_at,
            "models": list(reference.version.models),
            "prompt": reference.version.prompt,
            "n": reference.n,
            "counts": Jsonb(counts),
            "by": reference.by,
            "reason": reference.reason,
        }
        event = ReferenceFrozen(
            specialist=place.specialist,
            workflow=place.workflow,
            models=reference.version.models,
            prompt_digest=reference.version.prompt,
            findings=reference.n,
            counts_digest=digest(counts),
            reason=reference.reason,
        )
        async with self._database.transaction() as connection:
            await connection.execute(SQL["freeze"], row)
            key = f"reference/{place}/{reference.frozen_at.isoformat()}"
            await self._ledger.append(connection, OPS, key, event, reference.by)

    async def references(self) -> list[Reference]:
        """The newest of each specialist and workflow."""
        return [_reference(row) for row in await self._database.rows(SQL["newest"])]


def _seen(row: DictRow) -> Seen:
    body: Mapping[str, object] = row["body"]
    version = Version(tuple(row["body"]["models"]), str(body["prompt_digest"]))
    return Seen(
        version,
        Observation(
            answers=tuple(row["body"]["answers"]),
            confidence_bps=row["body"]["confidence_bps"],
            escalated=bool(body["gaps"] or body["holds"] or body["degraded"]),
            decision=row["outcome"],
            otherwise=row["otherwise"],
            at=row["at"],
            decided_at=row["decided_at"] or "",
            settled_at=row["settled_at"] or "",
        ),
    )


def _reference(row: DictRow) -> Reference:
    return Reference(
        place=Place(row["specialist"], row["workflow"]),
        version=Version(tuple(row["models"]), row["prompt"]),
        frozen_at=row["frozen_at"],
        n=row["n"],
        counts=row["counts"],
        by=row["by"],
        reason=row["reason"],
    )
