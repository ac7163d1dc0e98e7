"""What the record costs: events appended by 64 writers at once, against one-row inserts by the same writers.

Each writer has a stream and a connection of its own; nobody waits for anybody else's stream. Both wait for the disk
at each commit. One-row inserts go into a table of the same columns and indexes without a chain.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from psycopg.types.json import Jsonb

from audit.events import AttemptRefused
from checkpoints.database import Database, make_pool
from checkpoints.ledger import Ledger
from evals.bench.report import Figure, Say, paired
from graphs.services import Services

WRITERS = 64
TOGETHER = 100  # events of one transaction, as a submission with its records has
PLAIN = "create table if not exists countersign.bench_rows (like countersign.ledger including all)"
ONE_ROW = """
insert into countersign.bench_rows (stream, seq, key, kind, schema_version, at, actor, body, prev, hash)
values (%s, %s, %s, 'attempt_refused', 1, '2026-03-02T15:00:00.000+00:00', 'system', %s, '', '')
"""
WAITING = (
    "select count(*) as n from pg_locks where not granted and locktype in ('relation', 'advisory', 'tuple')"
)
Write = Callable[[str, int], Awaitable[object]]  # stream, n-th write


async def appends(services: Services, rounds: int, say: Say) -> list[Figure]:
    """Events per second over rows per second, each round paired; together in one append, and one by one."""
    pool = make_pool(str(services.database.pool.conninfo), WRITERS)
    async with pool:
        await pool.resize(WRITERS, WRITERS)
        await pool.wait()
        database = Database(pool)
        async with database.transaction() as connection:
            await connection.execute(PLAIN)
        bench = _Bench(database, Ledger(database, services.clock, grouped=True))
        together, alone, waited = [], [], 0
        for n in range(rounds):
            rows = await _rate(bench.row, 40, f"rows-{n}")
            many, blocked = await _watched(database, _rate(bench.many, 4, f"many-{n}"))
            one = await _rate(bench.one, 40, f"one-{n}")
            together.append((many * TOGETHER, rows))
            alone.append((one, rows))
            waited = max(waited, blocked)
            say(f"  rows {rows:.0f}/s, appended together {many * TOGETHER:.0f}/s, one by one {one:.0f}/s")
    return [
        paired(f"appends_together_at_{WRITERS}", "1/s", together),
        paired(f"appends_one_by_one_at_{WRITERS}", "1/s", alone),
        Figure("appends_waiting_for_a_global_lock", waited, "1", None, rounds),
    ]


class _Bench:
    """The three ways to write."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    async def row(self, stream: str, n: int) -> None:
        """One row in a transaction of its own."""
        values = (stream, n, f"k{n}", Jsonb(_event(n).model_dump()))
        async with self._database.transaction() as connection:
            await connection.execute(ONE_ROW, values)

    async def one(self, stream: str, n: int) -> None:
        """One event in a transaction of its own."""
        await self._ledger.record(stream, f"k{n}", _event(n))

    async def many(self, stream: str, n: int) -> None:
        """Events that happen together, in one transaction."""
        told = [(f"k{each}", _event(each)) for each in range(n * TOGETHER, (n + 1) * TOGETHER)]
        async with self._database.transaction() as connection:
            await self._ledger.append_all(connection, stream, told)


def _event(n: int) -> AttemptRefused:
    return AttemptRefused(action="bench", target=f"target {n}", reason="measured")


async def _rate(write: Write, each: int, label: str) -> float:
    """Writes per second of all writers."""

    async def writer(w: int) -> None:
        for n in range(each):
            await write(f"{label}-{w}", n)

    started = time.perf_counter()
    await asyncio.gather(*(writer(w) for w in range(WRITERS)))
    return WRITERS * each / (time.perf_counter() - started)


async def _watched(database: Database, work: Awaitable[float]) -> tuple[float, int]:
    """The rate, and the most writers that were seen waiting for a lock that is not their stream's."""
    most, task = 0, asyncio.ensure_future(work)
    while not task.done():
        row = await database.row(WAITING)
        most = max(most, row["n"] if row else 0)
        await asyncio.wait([task], timeout=0.02)
    return await task, most
