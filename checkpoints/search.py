"""Finds events across all streams: by who, what, when, which policy row, which agent. Reads only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from audit.chain import Entry
from checkpoints.database import Database
from checkpoints.queries import load

SQL = load("search")
PAGE = 500  # events of one query while everything is read


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is ``None`` may be anything.

    Args:
        actor: who did it.
        kind: of event.
        stream: a case, ``ops``, or ``access/<person>``.
        row: a row of a policy table, or of a guardrail's rules.
        agent: a specialist.
        since: this moment or later.
        until: before this moment.
    """

    actor: str | None = None
    kind: str | None = None
    stream: str | None = None
    row: str | None = None
    agent: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def page(database: Database, wanted: Wanted, limit: int, after: Entry | None = None) -> list[Entry]:
    """At most so many events, oldest first, after one that was found before."""
    place = (after.at, after.stream, after.seq) if after else (None, None, None)
    times = {"since": _written(wanted.since), "until": _written(wanted.until)}
    named = dict(zip(("at", "after", "seq"), place, strict=True)) | {"limit": limit}
    rows = await database.rows_of(SQL["found"], asdict(wanted) | times | named)
    return [Entry(**row) for row in rows]


async def everything(database: Database, wanted: Wanted) -> AsyncIterator[Entry]:
    """Every event that fits, oldest first."""
    last = None
    while found := await page(database, wanted, PAGE, last):
        for entry in found:
            yield entry
        last = found[-1]


def _written(moment: datetime | None) -> str | None:
    """As the ledger writes times: they compare as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds") if moment else None
