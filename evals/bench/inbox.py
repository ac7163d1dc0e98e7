"""The inbox query with 100,000 cases waiting, and how long a process takes to start."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from api.demo.stories import routine
from checkpoints.approvals import SQL
from evals.bench.report import Figure, middle
from evals.bench.stage import NOW
from graphs.services import Services
from tests.fakes.casework import opened, pending
from tests.fakes.people import UNDERWRITER

SHOWN = 20  # requests
COPY_CASES = """
insert into countersign.cases
    (id, kind, status, policy_version, application_date, opened_at, maker, content_digest, application)
select 'copy-' || n, kind, status, policy_version, application_date, opened_at, 'maker-' || n %% 100,
    content_digest, '{}'
from countersign.cases, generate_series(1, %s) n where id = %s
"""
COPY_APPROVALS = """
insert into countersign.approvals (id, case_id, boundary, request, digest, status, groups, quorum, opened_at, due_at)
select 'copy-' || n, 'copy-' || n, boundary, request || jsonb_build_object('id', 'copy-' || n), digest,
    case when n %% 2 = 0 then 'pending' else 'approved' end,
    case when n %% 4 = 0 then groups else '{others}' end, quorum, opened_at, due_at + n * interval '1 second'
from countersign.approvals, generate_series(1, %s) n where id = %s
"""


async def inbox(services: Services, cases: int) -> list[Figure]:
    """Milliseconds of one person's inbox (20 requests) as the desk gives it, and of its query alone."""
    case_id = await opened(services, routine(NOW.date()), "inbox")
    request = await pending(services, case_id)
    async with services.database.transaction() as connection:
        await connection.execute(COPY_CASES, (cases, case_id))
        await connection.execute(COPY_APPROVALS, (cases, request.id))
    async with services.database.transaction() as connection:
        await connection.execute("analyze countersign.approvals")

    async def asked() -> int:
        return len(await services.desk.inbox(UNDERWRITER, SHOWN))

    async def queried() -> int:
        groups = sorted(UNDERWRITER.groups)
        return len(await services.database.rows(SQL["inbox"], groups, UNDERWRITER.id, SHOWN))

    return [
        middle(f"{name}_at_{cases}", "ms", [await _once(ask) for _ in range(55)][5:])
        for name, ask in (("inbox", asked), ("inbox_query", queried))
    ]


async def _once(ask: Callable[[], Awaitable[int]]) -> float:
    started = time.perf_counter()
    if await ask() != SHOWN:
        raise RuntimeError("the inbox should be full")
    return (time.perf_counter() - started) * 1000


def start_up(times: int) -> list[Figure]:
    """Seconds until a fresh process has everything imported and every book checked."""
    command = [sys.executable, "-W", "ignore", "-m", "api.cli", "policy", "check"]
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - started)
    return [middle("start_up", "s", taken)]
