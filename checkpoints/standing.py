"""Standing authority in use: what the book grants is counted per boundary and day, and some is reviewed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from psycopg.rows import DictRow

from audit.events import StandingAuthorityUsed
from audit.model_level import StandingReviewed
from checkpoints.answers import require_reason
from checkpoints.database import Connection, Database
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from domain.autonomy import Level
from domain.canonical import digest
from domain.errors import Conflict, Forbidden, NotFound
from domain.person import Person

SQL = load("standing")


@dataclass(frozen=True, slots=True)
class Grant:
    """One row of the book: at most ``daily_uses`` and ``daily_cents`` a day, ``sample_bps`` reviewed later."""

    boundary: str
    daily_uses: int
    daily_cents: int
    sample_bps: int


@dataclass(frozen=True, slots=True)
class Use:
    """One intended use; ``digest`` binds action, evidence and policy like an approval does."""

    id: str  # case and step
    case_id: str
    digest: str
    amount_cents: int
    specialists: tuple[str, ...] = ()  # whose findings it rests on
    autonomy: Level = Level.ACT  # the lowest level of these


@dataclass(frozen=True, slots=True)
class Review:
    """What a person says afterwards of something that ran without one."""

    verdict: Literal["agreed", "disagreed"]
    reason: str


class StandingAuthority:
    """Counts uses under a lock, so that parallel cases cannot pass the cap together."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    async def use(self, connection: Connection, grant: Grant, use: Use, today: date) -> bool:
        """Use it once; ``False`` when today's cap would be passed. The same use again is granted again."""
        await connection.execute(SQL["lock_day"], (grant.boundary,))
        known = await (await connection.execute(SQL["get"], (use.id,))).fetchone()
        if known is not None:
            return bool(known["digest"] == use.digest)
        used = await (await connection.execute(SQL["used"], (grant.boundary, today))).fetchone()
        if used is None or _beyond(grant, used, use):
            return False
        sampled = int(digest(use.id)[:8], 16) % 10_000 < grant.sample_bps
        of_case = (use.case_id, use.digest, use.amount_cents, sampled, list(use.specialists))
        await connection.execute(SQL["insert"], (use.id, grant.boundary, today, *of_case))
        event = StandingAuthorityUsed(
            boundary=grant.boundary,
            digest=use.digest,
            amount_cents=use.amount_cents,
            sampled_for_review=sampled,
            autonomy=use.autonomy,
        )
        await self._ledger.append(connection, use.case_id, use.id, event)
        return True

    async def of_case(self, case_id: str) -> list[DictRow]:
        """What a case used."""
        return await self._database.rows(SQL["of_case"], case_id)

    async def to_review(self, limit: int = 100) -> list[DictRow]:
        """The sample that a person reviews later, without what was reviewed."""
        return await self._database.rows(SQL["sampled"], limit)

    async def review(self, person: Person, case_id: str, said: Review, at: datetime) -> None:
        """Keep what a person says, once, of a use that was drawn for review; it undoes nothing.

        Raises:
            BadInput: the reason has no words.
            NotFound: nothing of this case was drawn for review.
            Forbidden: the person made the case.
            Conflict: somebody reviewed it before.
        """
        require_reason(said.reason)
        async with self._database.transaction() as connection:
            use = await (await connection.execute(SQL["to_review"], (case_id,))).fetchone()
            if use is None:
                raise NotFound(f"nothing of case {case_id} was drawn for review")
            if use["maker"] == person.id:
                raise Forbidden("who made the case does not review what it ran on")
            if use["by"] is not None:
                raise Conflict(f"{use['by']} reviewed this already")
            await connection.execute(SQL["review"], (use["id"], said.verdict, said.reason, person.id, at))
            event = StandingReviewed(boundary=use["boundary"], verdict=said.verdict, reason=said.reason)
            await self._ledger.append(connection, case_id, f"{use['id']}/review", event, person.id)


def _beyond(grant: Grant, used: DictRow, use: Use) -> bool:
    return bool(used["uses"] + 1 > grant.daily_uses or used["cents"] + use.amount_cents > grant.daily_cents)
