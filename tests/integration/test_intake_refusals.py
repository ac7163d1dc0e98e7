"""What intake refuses because of the day, the book or the condition that is named; nothing is half-written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.chatting import Saying, say
from api.demo.stories import routine
from api.intake import parse_register_file
from domain.clock import SetClock
from domain.errors import BadInput, Conflict
from graphs.services import Services
from graphs.time_machine import fork
from tests.fakes.casework import asking, bodies, confirmed, deliver, only, open_story, opened
from tests.fakes.people import ADVISOR

REGISTER = Path(__file__).resolve().parents[1] / "fixtures" / "register_synthetic.txt"


async def test_application_dated_in_the_future_is_refused(services: Services, clock: SetClock) -> None:
    story = asking(routine(clock.now().date()), application_date="2026-03-03")
    with pytest.raises(BadInput, match="dated in the future"):
        await open_story(services, story)
    assert await services.database.rows("select 1 from countersign.cases") == []


async def test_application_under_a_book_of_another_form_is_refused(
    services: Services, clock: SetClock
) -> None:
    with pytest.raises(BadInput, match="does not take the form home_loan"):
        await open_story(services, asking(routine(clock.now().date()), case_kind="kyc_onboarding"))


async def test_confirmation_of_a_condition_that_the_book_does_not_know_is_refused(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    with pytest.raises(BadInput, match="has no condition roof_repaired"):
        await deliver(services, case_id, confirmed(clock, "roof_repaired"), "event-1")


async def test_application_that_brings_its_own_confirmation_of_a_condition_is_refused(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    bringing = replace(story, records=(*story.records, confirmed(clock, "flood_insurance")))
    with pytest.raises(BadInput, match="met after the approval"):
        await open_story(services, bringing)


async def test_record_about_a_party_whom_the_application_does_not_name_is_refused(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, story)
    stray = {**only(story, "bureau_file"), "party": "party:9"}
    with pytest.raises(BadInput, match="names no party"):
        await deliver(services, case_id, stray, "event-1")


async def test_home_loan_without_a_company_has_no_owners(services: Services, clock: SetClock) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, story)
    with pytest.raises(BadInput) as refused:
        await deliver(services, case_id, {**only(story, "bureau_file"), "party": "owner:h1"}, "event-1")
    assert refused.value.attributes["remedy"] == "use one of party:1"


async def test_holder_of_a_company_who_is_no_borrower_of_the_case_is_refused(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    holder = {"id": "h1", "kind": "individual", "name": "LAUREL DEMO OWNERSON", "party": "party:9"}
    stake = {"owner": "h1", "owned": "entity:1", "share_bps": 3_000}
    body = {"kind": "ownership_record", "stated_on": "2026-02-01", "holders": [holder], "stakes": [stake]}
    with pytest.raises(BadInput) as refused:
        await deliver(services, case_id, body, "event-1")
    assert refused.value.attributes["field"] == "holders.0.party"


async def test_what_if_copy_takes_no_record_and_names_the_case_that_does(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, story)
    copy = (await fork(services, ADVISOR, case_id, 5, {})).id
    with pytest.raises(Conflict, match="what-if copy") as refused:
        await deliver(services, copy, only(story, "bureau_file"), "event-1")
    assert case_id in str(refused.value.attributes["remedy"])
    assert await services.records.counts((copy,)) == {}


async def test_chat_thread_takes_no_record(services: Services, clock: SetClock) -> None:
    said = await say(services, ADVISOR, Saying("Where does my case stand?"))
    with pytest.raises(Conflict, match="chat thread"):
        await deliver(services, said.thread, only(routine(clock.now().date()), "bureau_file"), "event-1")


def test_register_file_needs_a_name(clock: SetClock) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_register_file(REGISTER.read_bytes(), "", clock.now().date())
    assert refusal.value.attributes["remedy"] == "give the file a name of 1 to 200 letters"


async def test_minor_may_not_apply_and_the_refusal_is_on_record_without_a_case(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    story = routine(today)
    minor = {
        **story.application["borrowers"][0],
        "birth_date": today.replace(year=today.year - 17).isoformat(),
    }
    with pytest.raises(BadInput, match="18 years old") as refused:
        await open_story(services, asking(story, borrowers=[minor]))
    assert refused.value.attributes["field"] == "borrowers.0.birth_date"
    assert await services.database.rows("select 1 from countersign.cases") == []
    (ruled,) = [each.body for each in await services.ledger.entries("ops") if each.kind == "guardrail_ruled"]
    assert (ruled["guardrail"], ruled["ruling"], ruled["rule"]) == ("not_admitted", "refuse", "NA_age")


async def test_who_may_apply_is_on_record_with_the_case(services: Services, clock: SetClock) -> None:
    case_id = await open_story(services, routine(clock.now().date()))
    ruled = [
        each
        for each in await bodies(services, case_id, "guardrail_ruled")
        if each["guardrail"] == "not_admitted"
    ]
    assert [(each["stage"], each["ruling"]) for each in ruled] == [("input", "pass")]
