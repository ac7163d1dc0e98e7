"""Effects happen for customers, by people and in systems of the countries that the book names; else they are held."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.demo.identities import PEOPLE, demo_token, ensure_demo
from api.demo.stories import routine, small_amendment
from api.settings import Settings
from domain.clock import SetClock
from domain.geography import Geography
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import perform, refund
from tests.fakes.casework import advance, bodies, decide, open_story, opened, pending
from tests.fakes.people import ADVISOR, CHIEF, CLERK


def area(**sides: Any) -> Geography:
    """A row with these lists."""
    return Geography(**({"id": "G1", "effects": ("amend_loan",), "breach": "hold", "source": "test"} | sides))


@pytest.mark.parametrize(
    ("sides", "ends", "reason"),
    [
        ({"customers": ("US",)}, "confirmed", ""),
        ({"customers": ("CA",)}, "held", "customer party:1 in US"),
        ({"customers": ()}, "held", "customer party:1 in US"),
        ({"customers": ("CA",), "breach": "refuse"}, "refused", "customer party:1 in US"),
        ({"systems": ("US",)}, "confirmed", ""),
        ({"systems": ("CA",)}, "held", "system amend_loan in US"),
        ({"actors": ("US",)}, "held", "actor advisor-1 in a place that nobody knows"),
    ],
)
async def test_each_side_is_held_to_its_own_list(
    services: Services, clock: SetClock, sides: dict[str, Any], ends: str, reason: str
) -> None:
    asked = await refund(services, clock, "a", 100)
    ended = await perform(services, clock, asked, geography=area(**sides))
    assert (ended.status, reason in ended.reason) == (ends, True)


async def test_customer_who_states_no_country_is_nowhere_known(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 100)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.cases set application = application #- '{borrowers,0,country}'"
        )
    ended = await perform(services, clock, asked, geography=area(customers=("US",)))
    assert (ended.status, "a place that nobody knows" in ended.reason) == ("held", True)


async def test_case_made_at_home_runs_on_standing_authority(services: Services, clock: SetClock) -> None:
    strict = under_book(services, "loan_amendment", geography=area(actors=("US",)))
    story, home = small_amendment(clock.now().date()), replace(ADVISOR, country="US")
    abroad = replace(ADVISOR, country="KP")
    ends = []
    for key, maker in (("home", home), ("abroad", abroad)):
        case_id = await open_story(strict, story, key, maker)
        await advance(strict, case_id)
        ends.append((await strict.outbox.of_case(case_id))[0]["status"])
    assert ends == ["confirmed", "held"]


async def test_where_people_decide_from_is_what_their_tokens_said(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict = under_book(services, "loan_amendment", geography=area(actors=("US",)), standing=())
    case_id = await opened(strict, small_amendment(clock.now().date()))
    await decide(strict, replace(CLERK, country="KP"), await pending(strict, case_id))
    await advance(strict, case_id)
    request = await pending(strict, case_id)
    assert "actor clerk-1 in KP" in request.packet.exceptions[0]
    await decide(strict, CHIEF, request)
    await advance(strict, case_id)
    assert bank.counts()["amendments_applied"] == 1
    ruled = [each for each in await bodies(strict, case_id, "guardrail_ruled") if each["rule"] == "G1"]
    assert [(each["guardrail"], each["ruling"]) for each in ruled] == [("outside_area", "hold")]


async def test_token_says_in_which_country_a_person_is(settings: Settings, clock: SetClock) -> None:
    authenticator = ensure_demo(settings, clock)
    person = await authenticator.person(demo_token(settings, "advisor"))
    assert person.country == PEOPLE["advisor"].country == "US"


async def test_tools_read_from_the_regions_of_the_book(services: Services, clock: SetClock) -> None:
    strict = under_book(services, "home_loan", geography=area(systems=("CA",)))
    case_id = await opened(strict, routine(clock.now().date()))
    refused = await bodies(strict, case_id, "call_refused")
    assert {each["control"] for each in refused} == {"mandate.regions"}
