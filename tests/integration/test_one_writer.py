"""Only the newest lease writes: checkpoints, journal, ledger and outbox of an older one are refused whole."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from langgraph.checkpoint.base import empty_checkpoint

from api.demo.stories import routine
from audit.events import CaseClosed
from checkpoints.journal import Call, CallCounter, open_journal
from checkpoints.lease import take
from checkpoints.saver import CaseSaver
from domain.clock import SetClock
from domain.errors import StaleWriter
from graphs.lease import CURRENT
from graphs.on_record import on_record
from graphs.recording import record
from graphs.services import Services
from tests.fakes.casework import advance, open_story, pending


async def test_stale_runner_writes_no_checkpoint(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    old = await take(services.database, case_id, "old", clock)
    await take(services.database, case_id, "new", clock)
    config = {"configurable": {"thread_id": case_id, "checkpoint_ns": ""}}
    with pytest.raises(StaleWriter):
        await CaseSaver(services.database.pool, old).aput(config, empty_checkpoint(), {}, {})  # type: ignore[arg-type]


async def test_runner_that_has_stopped_writes_nothing_more(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    lease = await take(services.database, case_id, "stopping", clock)
    config = {"configurable": {"thread_id": case_id, "checkpoint_ns": "", "checkpoint_id": "1"}}
    async with on_record(services, lease):
        await CaseSaver(services.database.pool, lease).aput_writes(config, [("facts", "x")], "one")  # type: ignore[arg-type]
    with pytest.raises(StaleWriter):
        await CaseSaver(services.database.pool, lease).aput_writes(config, [("facts", "y")], "two")  # type: ignore[arg-type]
    assert (await services.proofs.of_case(case_id)).verified


async def test_stale_runner_writes_no_journal(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    old = await take(services.database, case_id, "old", clock)
    await take(services.database, case_id, "new", clock)
    journal = await open_journal(services.database, services.vault, clock, (case_id,))
    with pytest.raises(StaleWriter):
        async with services.database.transaction(old) as connection:
            await journal.ask(connection, CallCounter("a", 1).key("x"), Call("tool", "t", "x"))
    rows = await services.database.rows("select * from countersign.journal where case_id = %s", case_id)
    assert rows == []


async def test_saver_without_a_lease_only_reads(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    config = {"configurable": {"thread_id": case_id, "checkpoint_ns": ""}}
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await CaseSaver(services.database.pool).aput(config, empty_checkpoint(), {}, {})  # type: ignore[arg-type]


async def test_node_outside_an_advance_writes_nothing(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    assert CURRENT.get() is None
    with pytest.raises(StaleWriter):
        await record(case_id, "k", CaseClosed(outcome="approved"))


async def test_runners_that_race_for_a_case_leave_one_request_and_one_chain(
    services: Services, clock: SetClock
) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    await asyncio.gather(*(advance(services, case_id) for _ in range(4)))
    await advance(services, case_id)
    assert (await pending(services, case_id)).boundary == "offer"
    assert (await services.ledger.verify(case_id)).verified
