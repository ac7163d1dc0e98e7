"""``kill -9`` at every commit of a case: another runner finishes it, nothing is lost, asked again or doubled.

Each crashed runner leaves the case where it was; the next one crashes one moment later, so one test walks
through every moment of the way from submission to the boundary, or from the decision to the end.
"""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from api.demo.stories import routine, small_amendment
from api.settings import Settings
from checkpoints.journal import read_calls
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import decide, open_story, opened, pending
from tests.fakes.people import UNDERWRITER


async def figures(services: Services, case_id: str) -> list[tuple[str, str, str]]:
    """What the packet shows and who found it; records and calls are named by each case.s own tokens."""
    lines = (await pending(services, case_id)).packet.figures
    return [(each.label, each.value.partition("; from ")[0], each.source.partition("/")[0]) for each in lines]


async def crash_through(
    settings: Settings, bank: RunningBank, case_id: str, clock: SetClock, first: int = 1, step: int = 1
) -> int:
    """Run the lab over a case; how many runners were killed."""
    arguments = [str(settings.database_url), str(settings.home), bank.url, case_id, clock.now().isoformat()]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "tests.fakes.crash_lab", *arguments, str(first), str(step),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[-1] == {"ended": 0}
    return len(lines) - 1


async def test_case_killed_at_growing_distances_reaches_its_boundary_with_nothing_asked_twice(
    services: Services, settings: Settings, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    assert await crash_through(settings, bank, case_id, clock, step=3) >= 10
    calls = await read_calls(services.database, services.vault, case_id)
    untouched = await opened(services, routine(clock.now().date()), "untouched")
    expected = await read_calls(services.database, services.vault, untouched)
    assert sorted(call["target"] for call in calls) == sorted(call["target"] for call in expected)
    assert await figures(services, case_id) == await figures(services, untouched)
    assert (await services.ledger.verify(case_id)).verified


@pytest.mark.parametrize("first", [1, 2, 3])
async def test_settlement_killed_anywhere_books_the_loan_once(
    services: Services, settings: Settings, bank: RunningBank, clock: SetClock, first: int
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    assert await crash_through(settings, bank, case_id, clock, first, step=3) >= 3
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert bank.counts()["loans_booked"] == 1


async def test_amendment_killed_anywhere_is_applied_at_most_once_and_never_lost_from_sight(
    services: Services, settings: Settings, bank: RunningBank, clock: SetClock
) -> None:
    case_id = await open_story(services, small_amendment(clock.now().date()))
    await crash_through(settings, bank, case_id, clock, step=4)
    outcome, applied = (await services.cases.get(case_id)).outcome, bank.counts()["amendments_applied"]
    assert (outcome, applied) in {("approved", 1), ("referred", 0)}
