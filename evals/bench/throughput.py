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
from evals.bench.report import Figure, Say, Scale, middle
from evals.bench.stage import NOW
from graphs.services import Services
from tests.fakes.casework import advance, open_story

STORY = routine(NOW.date())
PUBLISHED = 1.2  # seconds; Postgres publishes its counters about once a second
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


async def rates(services: Services, scale: Scale, say: Say) -> list[Figure]:
    """At 1 and at 16 concurrent cases."""
    figures = []
    for at_once, cases in ((1, scale.at_1), (16, scale.at_16)):
        name, found = f"cases_per_second_at_{at_once}", []
        for n in range(scale.rounds):
            found.append(await cases_per_second(services, at_once, cases, f"{name}-{n}"))
            say(f"  {name} {n}: {found[-1]:.2f}")
        figures.append(middle(name, "1/s", found))
    return figures


async def burst(services: Services, scale: Scale, say: Say) -> list[Figure]:
    """Throughput of the first and last tenth, most memory after and before, bytes per case."""
    before, memory = await _bytes(services.database), _most_memory()
    name, tenths, started = f"burst_{scale.burst}", [], time.perf_counter()
    for n in range(10):
        tenths.append(await cases_per_second(services, 16, scale.burst // 10, f"{name}-{n}"))
        say(f"  {name} {n + 1}/10: {tenths[-1]:.2f} cases/s, {time.perf_counter() - started:.0f} s")
    grown = await _bytes(services.database) - before
    return [
        Figure(f"{name}_first_tenth", round(tenths[0], 3), "1/s"),
        Figure(f"{name}_last_tenth", round(tenths[-1], 3), "1/s", round(tenths[0], 3)),
        Figure(f"{name}_memory", round(_most_memory(), 1), "MiB", round(memory, 1)),
        Figure(f"{name}_bytes_per_case", round(grown / (scale.burst // 10 * 10)), "B"),
    ]


def _most_memory() -> float:
    """The most that this process has held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def counted_statements() -> Iterator[list[int]]:
    """Counts what psycopg is asked to execute, batches by their members."""
    cursor: Any = AsyncCursor
    seen, execute, executemany = [0], cursor.execute, cursor.executemany

    async def counting(self: Any, *given: Any, **more: Any) -> Any:
        seen[0] += 1
        return await execute(self, *given, **more)

    async def counting_many(self: Any, query: Any, rows: Any, **more: Any) -> Any:
        batch = list(rows)
        seen[0] += len(batch)
        return await executemany(self, query, batch, **more)

    cursor.execute, cursor.executemany = counting, counting_many
    try:
        yield seen
    finally:
        cursor.execute, cursor.executemany = execute, executemany


async def cost_of_a_step(services: Services, rounds: int) -> list[Figure]:
    """CPU, SQL statements and commits of a case from submission to boundary, divided by its graph steps."""
    await asyncio.sleep(PUBLISHED)  # what went before has been counted
    commits, cpu = await _commits(services.database), time.process_time()
    with counted_statements() as statements:
        for n in range(rounds):
            await advance(services, await open_story(services, STORY, f"step-{n}"))
    cpu_ms = (time.process_time() - cpu) * 1000 / rounds
    await asyncio.sleep(PUBLISHED)
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
