"""The ledger in the database: what stands there can be neither changed nor deleted, by anybody."""

from __future__ import annotations

import psycopg
import pytest

from api.demo.stories import routine
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.casework import open_story


@pytest.mark.parametrize(
    "change", ["update countersign.ledger set actor = 'nobody'", "delete from countersign.ledger"]
)
async def test_an_event_on_record_is_neither_changed_nor_deleted(
    services: Services, clock: SetClock, change: str
) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    before = await services.ledger.entries(case_id)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await services.database.rows(change)
    assert await services.ledger.entries(case_id) == before


async def test_a_change_made_behind_the_trigger_is_found(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.ledger disable trigger ledger_append_only")
        await connection.execute(
            "update countersign.ledger set actor = 'nobody' where stream = %s and seq = 2", (case_id,)
        )
        await connection.execute("alter table countersign.ledger enable trigger ledger_append_only")
    found = await services.ledger.verify(case_id)
    assert not found.verified
