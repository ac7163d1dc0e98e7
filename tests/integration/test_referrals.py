"""A case that leaves the automatic path is somebody's, until when, and leaves the queue by a person's word only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.demo.stories import routine
from api.runner import sweep
from checkpoints.halts import halt
from domain.clock import SetClock
from domain.errors import BadInput, Conflict, Forbidden, NotFound
from domain.person import Person
from graphs.services import Services
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.people import ADVISOR, CHIEF, CLERK, UNDERWRITER

AUDITOR = Person("auditor-1", groups=frozenset({"auditors"}))


async def referred(services: Services, clock: SetClock) -> str:
    """A countersigned loan whose booking was halted."""
    case_id = await opened(services, routine(clock.now().date()))
    async with services.database.transaction() as connection:
        await halt(connection, "effect:book_offer", "sre-1", "the core bank is being repaired", clock)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def test_referred_case_stands_in_the_queue_of_its_owner_with_a_due_time(
    services: Services, clock: SetClock
) -> None:
    case_id = await referred(services, clock)
    (queued,) = await services.referrals.queue(CLERK)
    assert (queued.case_id, queued.kind) == (case_id, "effect_not_confirmed")
    assert queued.due_at - queued.opened_at == timedelta(hours=4)
    assert await services.referrals.queue(UNDERWRITER) == []
    assert await services.referrals.queue(AUDITOR) == [queued]
    (event,) = await bodies(services, case_id, "case_referred")
    assert (event["referral"], event["owners"]) == ("effect_not_confirmed", ["servicing"])


async def test_owner_settles_it_once_and_the_ledger_says_why(services: Services, clock: SetClock) -> None:
    case_id = await referred(services, clock)
    await services.referrals.settle(CLERK, case_id, "decided_elsewhere", "Booked by hand after the repair.")
    with pytest.raises(Conflict):
        await services.referrals.settle(CLERK, case_id, "withdrawn", "Once more.")
    (event,) = await bodies(services, case_id, "referral_settled")
    said = {"settled_as": "decided_elsewhere", "reason": "Booked by hand after the repair."}
    assert {name: event[name] for name in said} == said
    assert await services.referrals.queue(CLERK) == []


async def test_nobody_else_settles_it_and_nobody_without_a_reason(
    services: Services, clock: SetClock
) -> None:
    case_id = await referred(services, clock)
    maker = Person(ADVISOR.id, groups=frozenset({"servicing"}))
    with pytest.raises(NotFound):
        await services.referrals.settle(UNDERWRITER, case_id, "withdrawn", "Not mine.")
    with pytest.raises(Forbidden):
        await services.referrals.settle(maker, case_id, "withdrawn", "My own case.")
    with pytest.raises(BadInput):
        await services.referrals.settle(CLERK, case_id, "withdrawn", " . ")
    assert len(await services.referrals.queue(CLERK)) == 1


async def test_overdue_referral_climbs_once_and_is_nobodys_to_drop(
    services: Services, clock: SetClock
) -> None:
    case_id = await referred(services, clock)
    for _ in range(2):
        clock.forward(timedelta(hours=5))
        await sweep(services, stall_seconds=3600)
    (queued,) = await services.referrals.queue(CHIEF)
    assert queued.owners == ("servicing", "chief_credit")
    (event,) = await bodies(services, case_id, "referral_escalated")
    assert event["to_group"] == "chief_credit"
