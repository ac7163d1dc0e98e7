"""The queue: ``advance(case)`` jobs on procrastinate, one at a time per case, deferred with what caused them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from procrastinate import App, PsycopgConnector, RetryStrategy

from checkpoints.database import Connection, Pool
from checkpoints.queries import load
from domain.chat import CHAT

SQL = load("jobs")
ADVANCE = "advance"
QUEUE = "cases"


class Jobs:
    """Defers and runs ``advance`` jobs over our own pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.app = App(connector=PsycopgConnector())

    async def open(self) -> None:
        """Use the pool, which is open already."""
        await self.app.open_async(self._pool)

    async def close(self) -> None:
        """Let go of the pool; its owner closes it."""
        await self.app.close_async()

    def register(self, advance: Callable[[str], Awaitable[None]]) -> None:
        """What a runner does with a job. Retried with growing pauses; the journal makes that free."""
        retry = RetryStrategy(max_attempts=8, exponential_wait=2)

        @self.app.task(name=ADVANCE, queue=QUEUE, retry=retry)
        async def run(case_id: str) -> None:
            await advance(case_id)

    async def defer_advance(self, connection: Connection, case_id: str) -> None:
        """Ask for the case to be advanced, if and when this transaction commits."""
        await self.app.configure_task(
            ADVANCE, queue=QUEUE, lock=case_id, connection=connection, allow_unknown=True
        ).defer_async(case_id=case_id)

    async def work(self, name: str, concurrency: int, wait: bool = True, poll_seconds: float = 5.0) -> None:
        """Run jobs until cancelled, or until none is left (``wait=False``)."""
        await self.app.run_worker_async(
            queues=[QUEUE],
            name=name,
            concurrency=concurrency,
            wait=wait,
            fetch_job_polling_interval=poll_seconds,
            install_signal_handlers=False,
            delete_jobs="successful",
            update_heartbeat_interval=2.0,
            stalled_worker_timeout=10.0,
        )

    async def retry_stalled(self, after_seconds: float) -> int:
        """Give jobs of runners that stopped beating back to the queue; how many."""
        stalled = await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=after_seconds)
        jobs = list(stalled)
        for job in jobs:
            await self.app.job_manager.retry_job(job)
        return len(jobs)

    @staticmethod
    async def given_up(connection: Connection, limit: int = 100) -> list[str]:
        """Take the jobs off the queue that failed as often as they are tried; the cases that they were to advance."""
        rows = await (await connection.execute(SQL["given_up"], (ADVANCE, limit))).fetchall()
        for row in rows:
            await connection.execute(SQL["forget"], (row["id"],))
        return list(dict.fromkeys(row["case_id"] for row in rows))

    @staticmethod
    async def lost(connection: Connection, before: datetime, limit: int = 100) -> list[str]:
        """Cases opened before this that have no job, no timer and no request; a chat that nobody speaks to is none."""
        rows = await (await connection.execute(SQL["lost"], (CHAT, before, limit))).fetchall()
        return [row["id"] for row in rows]

    async def depth(self) -> dict[str, int]:
        """Jobs by state (todo, doing, failed …)."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL["depth"])
            return {row["status"]: row["jobs"] for row in await cursor.fetchall()}
