"""Cases per second with playbooks, a burst of many cases, and what one step costs."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import AsyncCursor

from api.demo.stories import routine
from checkpoints.database import Database
from evals.bench.report import Figure, middle
from evals.bench.stage import NOW
from graphs.services import Services
from tests.fakes.casework import advance, open_story

STORY = routine(NOW.date())
SIZE = """
select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('public', 'countersign', 'source')
"""
WORK = """
select xact_commit as commits, tup_fetched + tup_inserted + tup_updated as rows
from pg_stat_database where datname = current_database()
"""


async def cases_per_second(services: Services, at_once: int, cases: int, label: str) -> float:
    """Submission to boundary, ``at_once`` cases at a time."""
    queue: Iterator[int] = iter(range(cases))

    async def one_by_one() -> None:
        for n in queue:
            await advance(services, await open_story(services, STORY, f"{label}-{n}"))

    started = time.perf_counter()
    await asyncio.gather(*(one_by_one() for _ in range(at_once)))
    return cases / (time.perf_counter() - started)


async def rates(services: Services) -> list[Figure]:
    """At 1 and at 16 concurrent cases."""
    one = [await cases_per_second(services, 1, 12, f"one-{n}") for n in range(3)]
    many = [await cases_per_second(services, 16, 48, f"many-{n}") for n in range(3)]
    return [middle("cases_per_second_at_1", "1/s", one), middle("cases_per_second_at_16", "1/s", many)]


async def burst(services: Services, cases: int) -> list[Figure]:
    """Throughput of the first and last tenth, memory and bytes per case."""
    before = await _bytes(services.database)
    tenth = cases // 10
    first = await cases_per_second(services, 16, tenth, "burst-first")
    await cases_per_second(services, 16, cases - 2 * tenth, "burst-middle")
    last = await cases_per_second(services, 16, tenth, "burst-last")
    grown = await _bytes(services.database) - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(f"burst_{cases}_last_tenth", round(last, 3), "1/s", round(first, 3)),
        Figure(f"burst_{cases}_memory", round(memory, 1), "MiB"),
        Figure(f"burst_{cases}_bytes_per_case", round(grown / cases), "B"),
    ]


@contextmanager
def counted_statements() -> Iterator[list[int]]:
    """Counts what psycopg is asked to execute, batches by their members."""
    seen, execute, executemany = [0], AsyncCursor.execute, AsyncCursor.executemany

    async def counting(self: Any, *given: Any, **more: Any) -> Any:
        seen[0] += 1
        return await execute(self, *given, **more)

    async def counting_many(self: Any, query: Any, rows: Any, **more: Any) -> Any:
        batch = list(rows)
        seen[0] += len(batch)
        return await executemany(self, query, batch, **more)

    AsyncCursor.execute, AsyncCursor.executemany = counting, counting_many
    try:
        yield seen
    finally:
        AsyncCursor.execute, AsyncCursor.executemany = execute, executemany


async def cost_of_a_step(services: Services) -> list[Figure]:
    """CPU, SQL statements and commits of a case from submission to boundary, divided by its graph steps."""
    rounds = 10
    commits, cpu = await _commits(services.database), time.process_time()
    with counted_statements() as statements:
        for n in range(rounds):
            await advance(services, await open_story(services, STORY, f"step-{n}"))
    cpu_ms = (time.process_time() - cpu) * 1000 / rounds
    await asyncio.sleep(1.1)  # Postgres publishes its counters about once a second
    done = (await _commits(services.database) - commits) / rounds
    steps = await _steps(services)
    return [
        Figure("cpu_per_step", round(cpu_ms / steps, 2), "ms", None, rounds),
        Figure("sql_statements_per_step", round(statements[0] / rounds / steps, 2), "1", None, rounds),
        Figure("commits_per_step", round(done / steps, 2), "1", None, rounds),
        Figure("steps_per_case", steps, "1", None, rounds),
    ]


async def _bytes(database: Database) -> int:
    row = await database.row(SIZE)
    return int(row["bytes"]) if row else 0


async def _commits(database: Database) -> int:
    row = await database.row(WORK)
    return int(row["commits"]) if row else 0


async def _steps(services: Services) -> int:
    row = await services.database.row(
        "select count(*) as n from public.checkpoints"
        " where thread_id = (select max(thread_id) from public.checkpoints)"
    )
    return int(row["n"]) if row else 1
