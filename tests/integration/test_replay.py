"""A case replayed from its record: everything comes out again, and nothing outside is reached."""

from __future__ import annotations

from api.demo.stories import routine, small_amendment
from domain.clock import SetClock
from graphs.services import Services
from graphs.time_machine import read_record, replay
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.people import UNDERWRITER


async def test_routine(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    came = await replay(await read_record(services, case_id))
    print(came)
    assert came.identical


async def test_amendment(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, small_amendment(clock.now().date()))
    came = await replay(await read_record(services, case_id))
    print(came)
    assert came.identical
