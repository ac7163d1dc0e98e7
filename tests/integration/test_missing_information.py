"""What the applicant alone can bring is asked for, waited for, and never silently dropped."""

from __future__ import annotations

from datetime import timedelta

from api.demo.stories import over_committed, routine
from api.intake import Submission, parse_application, submit
from domain.case import CaseStatus
from domain.clock import SetClock
from graphs.services import Services
from graphs.time_machine import fork
from tests.fakes.casework import advance, bodies, deliver, kinds, opened, pending, time_passes, without
from tests.fakes.people import ADVISOR


async def test_applicant_is_asked_for_pay_stubs_with_the_three_things_that_regulation_b_wants(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    case_id = await opened(services, without(routine(today), "pay_stub"))
    (asked,) = await services.information.of_case(case_id)
    statement = asked["body"]["statement"]
    assert asked["needs"] == ["pay_stub"]
    assert "we need: pay stub" in statement
    assert f"by {(today + timedelta(days=14)).isoformat()}" in statement
    assert "no further consideration" in statement
    assert asked["send_by"] == (today + timedelta(days=30)).isoformat()
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT


async def test_pay_stubs_that_come_answer_the_request(services: Services, clock: SetClock) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, without(story, "pay_stub"))
    for n, stub in enumerate(each for each in story.records if each["kind"] == "pay_stub"):
        await deliver(services, case_id, stub, f"stub-{n}")
    await advance(services, case_id)
    (asked,) = await services.information.of_case(case_id)
    assert asked["answered_at"] is not None
    assert (await pending(services, case_id)).boundary == "offer"


async def test_request_that_is_not_answered_lapses_and_a_person_gets_the_case(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "pay_stub"))
    await time_passes(services, clock, 15)
    (asked,) = await services.information.of_case(case_id)
    assert asked["lapsed_at"] is not None
    assert "missing:pay_stub" in (await pending(services, case_id)).packet.account


async def test_what_a_system_brings_is_not_asked_of_the_applicant(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "bureau_file"))
    assert await services.information.of_case(case_id) == []


async def test_onboarding_without_a_document_is_closed_as_incomplete_after_its_time(
    services: Services, clock: SetClock
) -> None:
    borrower = over_committed(clock.now().date()).application["borrowers"][0]
    application = {
        "kind": "kyc_onboarding",
        "application_date": clock.now().date().isoformat(),
        "product": "deposit",
        "borrowers": [borrower],
    }
    case = await submit(services, ADVISOR, Submission(parse_application(application), "k", ()))
    await advance(services, case.id)
    assert (await bodies(services, case.id, "information_requested"))[0]["needs"] == ["identity_document"]
    await time_passes(services, clock, 15)
    ended = await services.cases.get(case.id)
    assert (ended.status, ended.outcome) == (CaseStatus.CLOSED, "incomplete")
    assert "application_incomplete" in await kinds(services, case.id)


async def test_what_if_copy_asks_nobody(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "pay_stub"))
    copy = (await fork(services, ADVISOR, case_id, 3, {})).id
    await advance(services, copy)
    assert await services.information.of_case(copy) == []
