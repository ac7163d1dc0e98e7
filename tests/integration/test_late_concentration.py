"""How much the bank has in the county, reported late: at each stop of a case it is read before anything is booked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.demo.stories import Story, routine
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import (
    advance,
    bodies,
    confirmed,
    decide,
    deliver,
    only,
    opened,
    pending,
    time_passes,
    without,
)
from tests.fakes.people import UNDERWRITER

KIND = "portfolio_report"
WITHIN, ABOVE = 1_850_000_000_00, 3_500_000_000_00  # of a book of 12.4 billion; the book's limit is a quarter


@pytest.fixture
def loan(clock: SetClock) -> Story:
    """The routine loan; nobody has reported the bank's exposure in its county yet."""
    return without(routine(clock.now().date()), KIND)


async def report(services: Services, clock: SetClock, case_id: str, exposure: int) -> None:
    """The exposure in the county is reported, some time after everything else."""
    clock.forward(timedelta(hours=1))
    body = only(routine(clock.now().date()), KIND) | {"exposure_cents": exposure}
    await deliver(services, case_id, body, "portfolio-1")
    await advance(services, case_id)


async def countersigned(services: Services, case_id: str) -> None:
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)


async def rows(services: Services, case_id: str) -> set[str]:
    return {each.partition(":")[0] for each in (await pending(services, case_id)).packet.policy_rows}


async def test_loan_in_a_county_nobody_reported_is_approved_on_condition_of_the_report(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await opened(services, loan)
    assert "M3" in await rows(services, case_id)
    await countersigned(services, case_id)
    (condition,) = await services.conditions.of_case(case_id)
    assert (condition["code"], condition["satisfied_by"]) == ("county_confirmed", KIND)
    assert (await services.cases.get(case_id)).status == "waiting_event"
    assert bank.counts()["loans_booked"] == 0


@pytest.mark.parametrize(("exposure", "row"), [(WITHIN, None), (ABOVE, "M2")])
async def test_report_that_comes_while_people_decide_is_read_and_they_are_asked_again(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story, exposure: int, row: str | None
) -> None:
    case_id = await opened(services, loan)
    await report(services, clock, case_id, exposure)
    await countersigned(services, case_id)
    assert bank.counts()["loans_booked"] == 0
    assert (await pending(services, case_id)).id == f"{case_id}.offer.2"
    assert await rows(services, case_id) & {"M2", "M3"} == ({row} if row else set())
    (reopened,) = await bodies(services, case_id, "facts_reopened")
    assert reopened["cause"] == "record arrived portfolio_report"


async def test_report_that_comes_after_the_approval_meets_its_condition_and_is_countersigned_again(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story
) -> None:
    case_id = await opened(services, loan)
    await countersigned(services, case_id)
    await report(services, clock, case_id, WITHIN)
    assert await rows(services, case_id) & {"M2", "M3"} == set()
    await countersigned(services, case_id)
    case = await services.cases.get(case_id)
    assert (case.status, case.outcome) == ("closed", "approved")
    assert bank.counts()["loans_booked"] == 1


async def test_report_of_a_full_county_after_the_approval_refers_the_loan_and_books_nothing(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story
) -> None:
    case_id = await opened(services, loan)
    await countersigned(services, case_id)
    await report(services, clock, case_id, ABOVE)
    request = await pending(services, case_id)
    assert "M2: refer" in " ".join(request.packet.policy_rows)
    assert any("limit 25.00 %" in line for line in request.packet.exceptions)
    await countersigned(services, case_id)
    open_ = [each["code"] for each in await services.conditions.of_case(case_id) if each["met_at"] is None]
    assert (open_, bank.counts()["loans_booked"]) == (["county_accepted"], 0)


async def test_report_that_never_comes_leaves_the_approval_to_a_person(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story
) -> None:
    case_id = await opened(services, loan)
    await countersigned(services, case_id)
    await time_passes(services, clock, 61)
    assert (await services.cases.get(case_id)).status == "referred"
    assert bank.counts()["loans_booked"] == 0


async def test_full_county_reported_while_another_condition_is_open_is_read_before_the_loan_is_booked(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    story = routine(clock.now().date())
    flooded = tuple(
        each | {"flood_zone": True} if each["kind"] == "valuation" else each for each in story.records
    )
    case_id = await opened(services, Story(story.name, story.told, story.application, flooded))
    await countersigned(services, case_id)
    await report(services, clock, case_id, ABOVE)
    assert (await services.cases.get(case_id)).status == "waiting_event"
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    await advance(services, case_id)
    assert "M2" in await rows(services, case_id)
    assert bank.counts()["loans_booked"] == 0
