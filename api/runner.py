"""A runner: takes jobs from the queue and advances cases, and sweeps what time has brought about.

Start as many as needed; each case has one writer at a time, whoever that is. Stops on SIGTERM after the
steps under way; one that is killed is replaced by any other.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

import structlog

from api.assembly import running
from api.http.metrics import serve_local
from api.settings import Settings
from checkpoints.database import Connection
from checkpoints.escalation import Escalation
from checkpoints.rates import forget
from graphs.advance import Runner
from graphs.model_watch import set_watch
from graphs.policy_change.shadowing import compare_new
from graphs.services import Services
from graphs.stuck import find_lost, tell_of_stuck
from tools.screening.match import ScreeningSubject, SubjectKind, screen

log = structlog.get_logger(__name__)
MOST_ENDED = 100  # cases of one sweep that ended and are not stamped
Part = Callable[[Services, Connection], Awaitable[object]]  # of a sweep, in one transaction


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    name = f"{socket.gethostname()}-{os.getpid()}"
    async with running(settings) as services:
        if settings.metrics_port:
            serve_local(settings.metrics_port)
        await asyncio.to_thread(_warm_up, services)
        services.jobs.register(Runner(services, name).advance)
        work = services.jobs.work(name, settings.runner_concurrency, poll_seconds=settings.sweep_seconds)
        tasks = [asyncio.create_task(work), asyncio.create_task(sweep_forever(services, settings))]
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, tasks[0].cancel)
        log.info("runner_started", runner=name, concurrency=settings.runner_concurrency)
        with suppress(asyncio.CancelledError):
            await tasks[0]
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        log.info("runner_stopped", runner=name)


def _warm_up(services: Services) -> None:
    """Screen once: reading the list and the tables of names takes seconds, which no job's clock should pay."""
    screen(services.lists["sanctions"], ScreeningSubject("Warm Up", SubjectKind.INDIVIDUAL))


async def sweep_forever(services: Services, settings: Settings) -> None:
    """Sweep every ``sweep_seconds``; a sweep that fails is tried again at the next."""
    while True:
        try:
            await sweep(services, settings.stall_seconds)
        except Exception as error:
            log.warning("sweep_failed", error=type(error).__name__)
        await run_shadows(services)
        await asyncio.sleep(settings.sweep_seconds)


async def run_shadows(services: Services) -> None:
    """Let candidate books look at new decisions; whatever goes wrong there stays there."""
    try:
        await compare_new(services)
    except Exception as error:
        log.warning("shadow_failed", error=type(error).__name__)


async def sweep(services: Services, stall_seconds: float) -> None:
    """Fire timers, escalate what is overdue or stuck, look at models and tripwires, anchor, retry dead jobs.

    Each part is by itself: one that fails keeps back none of the others, and is an incident of operations.
    """
    for name, part in PARTS.items():
        await _by_itself(services, name, partial(_at_once, services, part))
    await _by_itself(services, "anchors", services.anchors.sweep)
    await _by_itself(services, "stalled jobs", partial(services.jobs.retry_stalled, stall_seconds))


async def _by_itself(services: Services, name: str, work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Exception as error:
        log.warning("sweep_part_failed", part=name, error=type(error).__name__)
        what = f"this part of every runner's sweep fails: {type(error).__name__}; the log has the place"
        async with services.database.transaction() as connection:
            await services.incidents.open(connection, "sweep_failed", name, what)


async def _at_once(services: Services, part: Part) -> None:
    async with services.database.transaction() as connection:
        await part(services, connection)


async def _timers(services: Services, connection: Connection) -> None:
    for case_id in await services.timers.fire(connection, services.clock.now()):
        await services.jobs.defer_advance(connection, case_id)


async def _approvals(services: Services, connection: Connection) -> None:
    here = services
    await Escalation(here.desk, here.ledger, here.jobs, here.clock, here.incidents).sweep(connection)


async def _referrals(services: Services, connection: Connection) -> None:
    await services.referrals.sweep(connection)


async def _incidents(services: Services, connection: Connection) -> None:
    await services.incidents.sweep(connection)


async def _watch(services: Services, connection: Connection) -> None:
    await set_watch(connection, services.clock.now())


async def _rates(services: Services, connection: Connection) -> None:
    await forget(connection, services.clock.now())


async def _tripwires(services: Services, connection: Connection) -> None:
    await services.tripwires.look(connection, await services.books.all())


async def _unstamped(services: Services, connection: Connection) -> None:
    for case_id in await services.stamps.ended_at_work(MOST_ENDED):
        await services.jobs.defer_advance(connection, case_id)


PARTS: Mapping[str, Part] = {
    "timers": _timers,
    "approvals": _approvals,
    "referrals": _referrals,
    "incidents": _incidents,
    "stuck cases": tell_of_stuck,
    "lost cases": find_lost,
    "watch over models": _watch,
    "rates": _rates,
    "tripwires": _tripwires,
    "ended cases": _unstamped,
}
