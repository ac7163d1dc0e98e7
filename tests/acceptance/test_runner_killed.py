"""Real runner processes: one is killed with ``kill -9`` in the middle of a case, another finishes it in time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from api.assembly import running
from api.demo.stories import self_employed
from api.settings import Settings
from domain.case import CaseStatus
from domain.clock import SystemClock
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import decide, open_story, pending
from tests.fakes.people import SECOND_UNDERWRITER, UNDERWRITER

STALL_SECONDS = 3
PATIENCE_SECONDS = 180


@contextmanager
def runner(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A runner process over the test's database; ended on leaving."""
    environment = os.environ | {
        "DATABASE_URL": str(settings.database_url),
        "COUNTERSIGN_HOME": str(settings.home),
        "COUNTERSIGN_BANK_URL": str(settings.bank_url),
        "COUNTERSIGN_STALL_SECONDS": str(STALL_SECONDS),
        "COUNTERSIGN_SWEEP_SECONDS": "0.5",
        "LANGGRAPH_STRICT_MSGPACK": "true",
    }
    command = [sys.executable, "-W", "ignore", "-m", "api.cli", "runner"]
    with (settings.home / "runner.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


async def until(services: Services, case_id: str, status: CaseStatus) -> float:
    """Seconds until the case stands there."""
    started = time.monotonic()
    while (await services.cases.get(case_id)).status is not status:
        assert time.monotonic() - started < PATIENCE_SECONDS, (
            f"it is {(await services.cases.get(case_id)).status}"
        )
        await asyncio.sleep(0.2)
    return time.monotonic() - started


async def both_sign(services: Services, case_id: str) -> None:
    """The two approvals that the story needs."""
    for person in (UNDERWRITER, SECOND_UNDERWRITER):
        await decide(services, person, await pending(services, case_id))


async def test_case_of_a_killed_runner_is_finished_by_another_and_waits_through_restarts_of_everything(
    settings: Settings, bank: RunningBank
) -> None:
    async with running(settings, SystemClock()) as services:
        case_id = await open_story(services, self_employed(services.clock.now().date()))
        with runner(settings) as first:
            while not (await services.jobs.depth()).get("doing"):
                await asyncio.sleep(0.05)
            first.kill()
            first.wait()
        with runner(settings):
            await until(services, case_id, CaseStatus.WAITING_PERSON)
    async with running(settings, SystemClock()) as services:
        await both_sign(services, case_id)
        with runner(settings):
            await until(services, case_id, CaseStatus.CLOSED)
        assert (await services.cases.get(case_id)).outcome == "approved"
        assert bank.counts()["loans_booked"] == 1
        assert (await services.ledger.verify(case_id)).verified


pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
