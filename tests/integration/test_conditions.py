"""Conditions of an approval: tracked until an event from outside meets them, or a person decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import Story, routine
from api.http.app import create_app
from api.settings import Settings
from domain.clock import SetClock
from domain.errors import BadInput
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import (
    advance,
    bodies,
    confirmed,
    decide,
    deliver,
    kinds,
    only,
    open_story,
    opened,
    pending,
    time_passes,
)
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER
from tests.integration.test_crash import crash_through


def with_record(story: Story, kind: str, **changes: Any) -> Story:
    records = tuple({**each, **changes} if each["kind"] == kind else each for each in story.records)
    return replace(story, records=records)


async def approved(services: Services, story: Story) -> str:
    """A case whose offer was countersigned, as far as it goes then."""
    case_id = await opened(services, story)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def standing(services: Services, case_id: str) -> tuple[str, str | None]:
    case = await services.cases.get(case_id)
    return case.status.value, case.outcome


@pytest.fixture
def in_flood_zone(clock: SetClock) -> Story:
    """Approved on condition that flood insurance is in force before funding."""
    return with_record(routine(clock.now().date()), "valuation", flood_zone=True)


async def test_offer_is_booked_when_its_condition_is_met_and_the_notice_goes_out_before(
    services: Services, clock: SetClock, bank: RunningBank, in_flood_zone: Story
) -> None:
    case_id = await approved(services, in_flood_zone)
    assert await standing(services, case_id) == ("waiting_event", None)
    assert [row["effect"] for row in await services.outbox.of_case(case_id)] == ["decision_notice"]
    assert bank.counts()["loans_booked"] == 0
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    await advance(services, case_id)
    assert await standing(services, case_id) == ("closed", "approved")
    assert bank.counts()["loans_booked"] == 1
    (row,) = await services.conditions.of_case(case_id)
    assert (row["stage"], row["met_by"]) == ("prior_to_funding", "insurer-1")


async def test_record_of_another_kind_does_not_meet_a_condition(
    services: Services, clock: SetClock, bank: RunningBank, in_flood_zone: Story
) -> None:
    case_id = await approved(services, in_flood_zone)
    await deliver(services, case_id, confirmed(clock, "title_insured"), "title-1")
    await advance(services, case_id)
    assert await standing(services, case_id) == ("waiting_event", None)
    assert bank.counts()["loans_booked"] == 0


async def test_condition_that_is_not_met_in_time_goes_to_a_person_and_nothing_is_booked(
    services: Services, clock: SetClock, bank: RunningBank, in_flood_zone: Story
) -> None:
    case_id = await approved(services, in_flood_zone)
    await time_passes(services, clock, 61)
    assert await standing(services, case_id) == ("referred", "referred")
    assert (await bodies(services, case_id, "conditions_expired"))[0]["conditions"] == ["flood_insurance"]
    assert bank.counts()["loans_booked"] == 0
    assert (await services.ledger.verify(case_id)).verified


async def test_second_valuation_is_evidence_and_is_countersigned_again_before_the_offer_is_booked(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    story = with_record(routine(clock.now().date()), "market_report", trend_bps=-900)
    case_id = await approved(services, story)
    assert await standing(services, case_id) == ("waiting_event", None)
    await deliver(services, case_id, only(story, "valuation"), "appraisal-8")
    await advance(services, case_id)
    again = await pending(services, case_id)
    assert (again.id.rpartition(".")[2], bank.counts()["loans_booked"]) == ("2", 0)
    await decide(services, UNDERWRITER, again)
    await advance(services, case_id)
    assert await standing(services, case_id) == ("closed", "approved")
    assert bank.counts()["loans_booked"] == 1
    assert (await kinds(services, case_id)).count("condition_met") == 1


async def test_loan_without_conditions_is_booked_at_once(services: Services, clock: SetClock) -> None:
    case_id = await approved(services, routine(clock.now().date()))
    assert await standing(services, case_id) == ("closed", "approved")
    assert "conditions_opened" not in await kinds(services, case_id)


async def test_condition_that_the_book_does_not_have_is_refused_with_those_it_has(
    services: Services, clock: SetClock, in_flood_zone: Story
) -> None:
    case_id = await opened(services, in_flood_zone)
    with pytest.raises(BadInput, match="flood_insurance"):
        await deliver(services, case_id, confirmed(clock, "horoscope_read"), "x-1")
    with pytest.raises(BadInput, match="after the approval"):
        premature = (*in_flood_zone.records, confirmed(clock, "flood_insurance"))
        await open_story(services, replace(in_flood_zone, records=premature), "other")


async def test_maker_cannot_say_that_a_condition_of_their_case_is_met(
    services: Services, settings: Settings, clock: SetClock, in_flood_zone: Story
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = (
        await front.open({"application": in_flood_zone.application, "records": list(in_flood_zone.records)})
    ).json()["id"]
    await advance(services, case_id)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    path, body = (
        f"/v1/cases/{case_id}/records",
        {"event_id": "i-1", "record": confirmed(clock, "flood_insurance")},
    )
    assert is_problem(await front.ask("advisor", "POST", path, json=body), 403, "forbidden")
    (row,) = (await front.ask("advisor", "GET", f"/v1/cases/{case_id}/conditions")).json()
    assert (row["code"], row["met_at"]) == ("flood_insurance", None)
    assert (await front.ask("record-feed", "POST", path, json=body)).status_code == 201


@pytest.mark.parametrize("first", [1, 2, 3])
async def test_runner_killed_anywhere_meets_a_condition_once(
    services: Services,
    settings: Settings,
    clock: SetClock,
    bank: RunningBank,
    in_flood_zone: Story,
    first: int,
) -> None:
    case_id = await approved(services, in_flood_zone)
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    assert await crash_through(settings, bank, case_id, clock, first, step=3) >= 3
    assert await standing(services, case_id) == ("closed", "approved")
    assert bank.counts()["loans_booked"] == 1
    assert (await kinds(services, case_id)).count("condition_met") == 1
