"""A case that no runner can advance is somebody's at once, and is tried again: nothing is dropped in silence."""

from __future__ import annotations

from datetime import timedelta

from api.demo.stories import routine
from api.runner import sweep
from checkpoints.referrals import Referrals
from domain.clock import SetClock
from domain.referral import Referral
from graphs.services import Services
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.people import CHIEF, SENIOR, UNDERWRITER

NEVER = 3600.0  # seconds without a sign of life


async def jobs(services: Services, case_id: str) -> list[str]:
    """States of the jobs that are to advance a case."""
    query = "select status::text as status from procrastinate_jobs where args ->> 'case_id' = %s order by id"
    return [row["status"] for row in await services.database.rows(query, case_id)]


async def given_up(services: Services, clock: SetClock) -> str:
    """A countersigned loan whose next job failed as often as it is tried."""
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    async with services.database.transaction() as connection:
        await connection.execute("update procrastinate_jobs set status = 'failed'")
    return case_id


async def test_stuck_case_is_in_the_queue_of_its_owners_and_those_above_with_a_due_time(
    services: Services, clock: SetClock
) -> None:
    case_id = await given_up(services, clock)
    await sweep(services, NEVER)
    (queued,) = await services.referrals.queue(CHIEF)
    assert await services.referrals.queue(SENIOR) == [queued]
    assert (queued.case_id, queued.kind) == (case_id, "stuck")
    assert queued.due_at - queued.opened_at == timedelta(hours=48)
    (told,) = await bodies(services, case_id, "case_stuck")
    assert told["owners"] == ["senior_underwriters", "chief_credit"]


async def test_stuck_case_is_tried_again_in_an_hour_and_told_of_once(
    services: Services, clock: SetClock
) -> None:
    case_id = await given_up(services, clock)
    await sweep(services, NEVER)
    await sweep(services, NEVER)
    assert (await jobs(services, case_id), len(await bodies(services, case_id, "case_stuck"))) == ([], 1)
    clock.forward(timedelta(minutes=61))
    await sweep(services, NEVER)
    assert await jobs(services, case_id) == ["todo"]
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_case_that_was_stuck_may_still_be_referred_for_another_reason(
    services: Services, clock: SetClock
) -> None:
    case_id = await given_up(services, clock)
    await sweep(services, NEVER)
    (stuck,) = await services.referrals.queue(CHIEF)
    for kind in ("open_question", "failed_step"):  # the first one counts
        async with services.database.transaction() as connection:
            await Referrals.open(connection, Referral.model_validate(stuck.model_dump() | {"kind": kind}))
    assert [each.kind for each in await services.referrals.queue(CHIEF)] == ["open_question"]
    async with services.database.transaction() as connection:
        await Referrals.open(connection, stuck)
    assert [each.kind for each in await services.referrals.queue(CHIEF)] == ["open_question"]
    assert case_id == stuck.case_id
