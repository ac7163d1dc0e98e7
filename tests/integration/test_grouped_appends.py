"""Events that many append one by one share commits, and nothing else about them changes."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from audit.events import AttemptRefused
from audit.record import RecordRead
from checkpoints.ledger import OPS
from graphs.services import Services


def told(n: int) -> RecordRead:
    return RecordRead(action="GET", target=f"case {n}")


async def commits(services: Services) -> int:
    """Transactions that wrote to the ledger, by the rows' own transaction."""
    (row,) = await services.database.rows(
        "select count(distinct xmin::text) as n from countersign.ledger where kind = 'record_read'"
    )
    return int(row["n"])


async def test_writers_of_many_streams_share_commits_and_every_chain_verifies(services: Services) -> None:
    streams = [f"access/p{n}" for n in range(40)]
    for stream in streams:
        await services.ledger.record(stream, "first", told(0))
    before = await commits(services)
    new = await asyncio.gather(
        *(services.ledger.record(each, f"k{n}", told(n)) for n in range(5) for each in streams)
    )
    assert all(new)
    assert await commits(services) - before < 20
    for stream in streams:
        assert [e.key for e in await services.ledger.entries(stream)][1:] == [
            f"k{n}/record_read" for n in range(5)
        ]
        assert (await services.ledger.verify(stream)).verified


async def test_the_same_key_is_appended_once_however_it_comes(services: Services) -> None:
    await services.ledger.record(OPS, "same", told(0))
    again = [services.ledger.record(OPS, key, told(1)) for key in ("same", "twice", "twice", "other")]
    assert await asyncio.gather(*again) == [False, True, False, True]


async def test_a_stream_that_somebody_holds_keeps_nobody_else_waiting(services: Services) -> None:
    for stream in ("access/a", "access/b"):
        await services.ledger.record(stream, "first", told(0))
    async with services.database.transaction() as holding:
        await services.ledger.append(holding, "access/a", "held", told(1))
        waits = [
            asyncio.ensure_future(services.ledger.record("access/a", f"late{n}", told(2))) for n in (1, 2)
        ]
        async with asyncio.timeout(5):
            assert await services.ledger.record("access/b", "free", told(3))
            assert await services.ledger.record("access/b", "free again", told(4))
        assert not any(each.done() for each in waits)
    assert await asyncio.gather(*waits) == [True, True]
    assert (await services.ledger.verify("access/a")).verified


async def test_one_event_that_cannot_be_written_fails_alone(services: Services) -> None:
    await services.ledger.record(OPS, "first", told(0))
    bad = AttemptRefused(action="\0", target="x", reason="Postgres keeps no NUL")
    done = await asyncio.gather(
        services.ledger.record(OPS, "good", told(1)),
        services.ledger.record(OPS, "bad", bad),
        services.ledger.record(OPS, "good too", told(2)),
        return_exceptions=True,
    )
    assert (done[0], done[2]) == (True, True)
    with pytest.raises(psycopg.Error):
        raise done[1]  # type: ignore[misc]
    assert (await services.ledger.verify(OPS)).verified
