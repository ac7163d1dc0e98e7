"""What fails beside cases is somebody's until some time, counted, climbs, and leaves by a person's word alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.demo.stories import routine
from api.runner import sweep
from checkpoints.ledger import OPS
from domain.clock import SetClock
from domain.errors import BadInput, Conflict, NotFound
from domain.person import Person
from graphs.model_watch import MODELS
from graphs.services import Services
from policies.book import NOBODY_NAMED
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.people import CHIEF, CLERK, UNDERWRITER
from tests.integration.test_beside_cases import examined, missed

NEVER = 3600.0  # seconds without a sign of life
OPERATOR = Person("operator-1", groups=frozenset({"operations"}))
HEAD = Person("head-1", groups=frozenset({"head_of_operations"}))


async def given_up(services: Services, case_id: str) -> None:
    """A job that failed as often as it is tried."""
    async with services.database.transaction() as connection:
        await services.jobs.defer_advance(connection, case_id)
        await connection.execute("update procrastinate_jobs set status = 'failed'")


async def unreadable(services: Services, approval_id: str) -> None:
    """A request that no code of today can read."""
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.approvals set request = '{}' where id = %s", (approval_id,)
        )


async def test_watch_over_models_that_was_given_up_is_operations_until_an_hour_and_climbs(
    services: Services, clock: SetClock
) -> None:
    for _ in range(2):
        await given_up(services, MODELS)
        await sweep(services, NEVER)
    (entry,) = await services.incidents.queue(OPERATOR)
    assert (entry.kind, entry.subject, entry.times) == ("job_given_up", MODELS, 2)
    assert entry.due_at - entry.opened_at == timedelta(hours=NOBODY_NAMED.due_hours)
    assert await services.incidents.queue(HEAD) == []
    clock.forward(timedelta(hours=25))
    await sweep(services, NEVER)
    assert [each.id for each in await services.incidents.queue(HEAD)] == [entry.id]


async def test_incident_leaves_the_queue_once_by_an_owner_with_a_reason(services: Services) -> None:
    await given_up(services, MODELS)
    await sweep(services, NEVER)
    (entry,) = await services.incidents.queue(OPERATOR)
    with pytest.raises(BadInput):
        await services.incidents.settle(OPERATOR, entry.id, " . ")
    with pytest.raises(NotFound):
        await services.incidents.settle(CLERK, entry.id, "Not mine.")
    await services.incidents.settle(OPERATOR, entry.id, "The endpoint was down; it answers again.")
    with pytest.raises(Conflict):
        await services.incidents.settle(OPERATOR, entry.id, "Once more.")
    assert await services.incidents.queue(OPERATOR) == []


async def test_request_that_cannot_be_read_keeps_back_no_other_and_is_somebodys(
    services: Services, clock: SetClock
) -> None:
    broken = await pending(services, await opened(services, routine(clock.now().date()), "broken"))
    whole = await pending(services, await opened(services, routine(clock.now().date()), "whole"))
    await unreadable(services, broken.id)
    clock.forward(timedelta(hours=73))
    await sweep(services, NEVER)
    assert CHIEF.groups & set((await services.desk.get(whole.id)).candidate_groups)
    (entry,) = await services.incidents.queue(OPERATOR)
    assert (entry.kind, entry.subject) == ("sweep_failed", f"approval {broken.id}")


async def test_part_of_a_sweep_that_fails_keeps_back_no_other_and_is_somebodys(services: Services) -> None:
    await given_up(services, MODELS)
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.timers rename to timers_gone")
    await sweep(services, NEVER)
    found = {(each.kind, each.subject) for each in await services.incidents.queue(OPERATOR)}
    assert {("sweep_failed", "timers"), ("job_given_up", MODELS)} <= found


async def test_case_that_nothing_would_move_is_found_gets_a_job_and_is_somebodys_once(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    async with services.database.transaction() as connection:
        await connection.execute("delete from procrastinate_jobs")
    clock.forward(timedelta(hours=2))
    for _ in range(2):
        await sweep(services, NEVER)
    (entry,) = await services.incidents.queue(OPERATOR)
    assert (entry.kind, entry.subject) == ("case_lost", case_id)
    assert (await services.jobs.depth()).get("todo", 0) >= 1
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_what_is_in_the_queue_is_vouched_for(services: Services) -> None:
    await given_up(services, MODELS)
    await sweep(services, NEVER)
    (entry,) = await services.incidents.queue(OPERATOR)
    changes = {
        "update countersign.incidents set settled_at = opened_at": entry.id,
        "update countersign.incidents set owners = '{nobody}'": entry.id,
        "delete from countersign.incidents": entry.id,
    }
    assert (await examined(services, OPS)).flaws == ()
    assert await missed(services, OPS, changes) == []
