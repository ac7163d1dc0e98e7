"""Effects outside their hours wait durably and happen when they open, or when a person lets them go before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.demo.stories import small_amendment
from checkpoints.books import BookShelf
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.hours import Freeze, Hours
from graphs.catalog import VOCABULARY
from graphs.services import Services, install
from policies.loader import shipped
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import threshold
from tests.fakes.casework import advance, bodies, decide, opened, pending, time_passes
from tests.fakes.people import CHIEF, CLERK

SHUT_TODAY: dict[str, Any] = {  # the tests' day is Monday 2 March 2026, 10:00 in New York
    "id": "H1",
    "effects": ("amend_loan",),
    "zone": "America/New_York",
    "open": ({"days": ("tue",), "opens": "08:00", "closes": "17:00"},),
    "source": "test",
}
UNTIL = "2026-03-03T13:00:00+00:00"


async def waiting(services: Services, clock: SetClock, **row: Any) -> tuple[Services, str]:
    """A refund on standing authority that may not happen before Tuesday."""
    shut = under_book(services, "loan_amendment", hours=(Hours.model_validate(SHUT_TODAY | row),))
    return shut, await opened(shut, small_amendment(clock.now().date()))


async def test_effect_after_hours_waits_and_happens_once_when_they_open(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    shut, case_id = await waiting(services, clock)
    clock.forward(timedelta(hours=21, minutes=59))
    await time_passes(shut, clock, days=0)
    await advance(shut, case_id)  # woken by something else
    assert (await shut.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    assert bank.counts()["amendments_applied"] == 0
    clock.forward(timedelta(minutes=1))
    await time_passes(shut, clock, days=0)
    assert (await shut.cases.get(case_id)).outcome == "approved"
    assert bank.counts()["amendments_applied"] == 1


async def test_why_and_until_when_stand_in_the_row_and_in_the_ledger(
    services: Services, clock: SetClock
) -> None:
    shut, case_id = await waiting(services, clock)
    (row,) = await shut.outbox.of_case(case_id)
    assert (row["status"], row["waits_until"].isoformat()) == ("waiting", UNTIL)
    assert "H1 (hours of America/New_York): amend_loan waits until 2026-03-03 13:00 UTC" in row["reason"]
    (held,) = await bodies(shut, case_id, "effect_held")
    assert (held["rule"], held["until"], held["measures"]) == ("H1", UNTIL, {})
    ruled = [each for each in await bodies(shut, case_id, "guardrail_ruled") if each["rule"] == "H1"]
    assert [(each["guardrail"], each["ruling"]) for each in ruled] == [("outside_hours", "hold")]


async def test_what_people_may_not_open_is_asked_of_nobody(services: Services, clock: SetClock) -> None:
    shut, case_id = await waiting(services, clock)
    assert await shut.desk.of_case(case_id) == []


async def test_person_lets_it_go_before_its_hours_and_nothing_happens_at_the_opening(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    shut, case_id = await waiting(services, clock, releasable=True)
    request = await pending(shut, case_id)
    assert f"waits until {UNTIL}. Let it go now, or leave it waiting" in request.packet.asked
    assert request.actions[0].args["H1"] == 202603031300
    await decide(shut, CHIEF, request)
    await advance(shut, case_id)
    assert ((await shut.cases.get(case_id)).outcome, bank.counts()["amendments_applied"]) == ("approved", 1)
    await time_passes(shut, clock, days=2)
    assert bank.counts()["amendments_applied"] == 1


async def test_who_does_not_let_it_go_leaves_it_waiting(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    shut, case_id = await waiting(services, clock, releasable=True)
    await decide(shut, CHIEF, await pending(shut, case_id), Verb.REJECT)
    await advance(shut, case_id)
    assert (await shut.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    await time_passes(shut, clock, days=1)
    assert ((await shut.cases.get(case_id)).outcome, bank.counts()["amendments_applied"]) == ("approved", 1)


async def test_request_comes_off_the_desk_when_the_time_has_come(services: Services, clock: SetClock) -> None:
    shut, case_id = await waiting(services, clock, releasable=True)
    await time_passes(shut, clock, days=1)
    assert [each.status for each in await shut.desk.of_case(case_id)] == ["expired"]
    assert len(await bodies(shut, case_id, "approval_withdrawn")) == 1


async def test_freeze_of_todays_book_holds_cases_in_flight_under_an_older_one(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    unattended = under_book(services, "loan_amendment", standing=())
    case_id = await opened(unattended, small_amendment(clock.now().date()))
    frozen = Freeze(
        id="F1",
        effects=("amend_loan",),
        begins=clock.now(),
        ends=clock.now() + timedelta(days=2),
        why="core migration",
        source="test",
    )
    pinned = (await unattended.cases.get(case_id)).policy_version
    todays = under_book(services, "loan_amendment", freezes=(frozen,))
    older = await unattended.books.pinned(pinned)
    books = BookShelf(
        todays.database, VOCABULARY, (older, *shipped(VOCABULARY), todays.books.seed("loan_amendment"))
    )
    frozen_services = replace(todays, books=books)
    install(frozen_services)
    await decide(frozen_services, CLERK, await pending(frozen_services, case_id))
    await advance(frozen_services, case_id)
    (row,) = await frozen_services.outbox.of_case(case_id)
    assert (row["status"], "F1 (core migration)" in row["reason"]) == ("waiting", True)
    await time_passes(frozen_services, clock, days=2)
    assert bank.counts()["amendments_applied"] == 1


async def test_threshold_and_hours_together_are_asked_of_one_person_at_once(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    row = Hours.model_validate(SHUT_TODAY | {"releasable": True})
    shut = under_book(services, "loan_amendment", hours=(row,), thresholds=(threshold(at_most=1),))
    case_id = await opened(shut, small_amendment(clock.now().date()))
    request = await pending(shut, case_id)
    assert set(request.packet.policy_rows) == {"T1", "H1"}
    await decide(shut, CHIEF, request)
    await advance(shut, case_id)
    assert bank.counts()["amendments_applied"] == 1


async def test_release_of_a_sum_is_kept_while_the_effect_waits_for_its_hours(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    row = Hours.model_validate(SHUT_TODAY)
    shut = under_book(services, "loan_amendment", hours=(row,), thresholds=(threshold(at_most=1),))
    case_id = await opened(shut, small_amendment(clock.now().date()))
    await decide(shut, CHIEF, await pending(shut, case_id))
    await advance(shut, case_id)
    assert (await shut.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    await time_passes(shut, clock, days=1)
    assert ((await shut.cases.get(case_id)).outcome, bank.counts()["amendments_applied"]) == ("approved", 1)
