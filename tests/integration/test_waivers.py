"""A condition of an approval is done without only as the book says: asked by some, countersigned by others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import Story, routine
from api.http.app import create_app
from api.settings import Settings
from audit.chain import Entry
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import BadInput, Conflict, CountersignError, Forbidden
from domain.person import Person
from graphs.services import Services
from graphs.waiving import Wish, ask_waiver
from tests.fakes import companies
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.casework import (
    advance,
    bodies,
    confirmed,
    decide,
    deliver,
    kinds,
    only,
    opened,
    pending,
    time_passes,
    without,
)
from tests.fakes.front import Front, is_problem
from tests.fakes.people import (
    ADVISOR,
    CHIEF,
    OFFICER,
    SECOND_OFFICER,
    SECOND_SENIOR_OFFICER,
    SECOND_UNDERWRITER,
    SENIOR,
    SENIOR_OFFICER,
    UNDERWRITER,
)

REPORT = "portfolio_report"
COUNTY = Wish(
    "county_confirmed", "met_in_substance", "The report of last month shows the share below the limit."
)


@pytest.fixture
def loan(clock: SetClock) -> Story:
    """Approved on condition that the exposure in its county is confirmed before funding."""
    return without(routine(clock.now().date()), REPORT)


def in_flood_zone(story: Story) -> Story:
    """The same, and on condition that flood insurance is in force."""
    records = tuple(
        each | {"flood_zone": True} if each["kind"] == "valuation" else each for each in story.records
    )
    return replace(story, records=records)


async def countersigned(services: Services, story: Story) -> str:
    """A case whose offer was countersigned; it waits for its conditions."""
    case_id = await opened(services, story)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def waived(services: Services, case_id: str, person: Person = SENIOR) -> ApprovalRequest:
    """A waiver of the county's condition, asked for and countersigned, and what the case does then."""
    request = await ask_waiver(services, UNDERWRITER, case_id, COUNTY)
    await decide(services, person, request)
    await advance(services, case_id)
    return request


async def open_conditions(services: Services, case_id: str) -> list[str]:
    return [each["code"] for each in await services.conditions.of_case(case_id) if each["met_at"] is None]


async def event(services: Services, case_id: str, kind: str) -> Entry:
    (entry,) = [each for each in await services.ledger.entries(case_id) if each.kind == kind]
    return entry


async def test_waiver_that_a_senior_countersigns_lets_the_offer_stand_without_its_condition(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    request = await ask_waiver(services, UNDERWRITER, case_id, COUNTY)
    assert "Exposure in the county confirmed by a portfolio report before funding" in request.packet.asked
    assert any(COUNTY.reason in line for line in request.packet.exceptions)
    assert any(each.label == "ltv" for each in request.packet.figures)
    await advance(services, case_id)
    assert bank.counts()["loans_booked"] == 0
    await decide(services, SENIOR, request)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert bank.counts()["loans_booked"] == 1
    (row,) = await services.conditions.of_case(case_id)
    assert (row["waived"], row["met_by"]) == (True, request.id)


async def test_waiver_stands_in_the_ledger_with_who_asked_why_and_who_countersigned(
    services: Services, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    request = await waived(services, case_id)
    asked = await event(services, case_id, "waiver_asked")
    assert (asked.actor, asked.body["reason"], asked.body["reason_code"]) == (
        UNDERWRITER.id,
        COUNTY.reason,
        "met_in_substance",
    )
    done = await event(services, case_id, "condition_waived")
    assert (done.body["condition"], done.body["approval_id"]) == ("county_confirmed", request.id)
    assert "condition_met" not in await kinds(services, case_id)
    assert (await services.ledger.verify(case_id)).verified


async def test_who_asked_for_a_waiver_or_made_the_case_does_not_countersign_it(
    services: Services, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    asker = Person("senior-2", groups=frozenset({"senior_underwriters"}))
    maker = Person(ADVISOR.id, groups=frozenset({"senior_underwriters"}))
    request = await ask_waiver(services, asker, case_id, COUNTY)
    for person in (asker, maker, UNDERWRITER):
        with pytest.raises(CountersignError):
            await decide(services, person, request)
    assert await open_conditions(services, case_id) == ["county_confirmed"]


async def test_condition_that_the_book_never_waives_stays_and_the_attempt_is_on_record(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, in_flood_zone(loan))
    flood = Wish("flood_insurance", "compensating_factors", "The house stands on a hill.")
    with pytest.raises(Forbidden, match="never waives flood_insurance"):
        await ask_waiver(services, SENIOR, case_id, flood)
    assert await open_conditions(services, case_id) == ["county_confirmed", "flood_insurance"]
    (refused,) = await bodies(services, case_id, "attempt_refused")
    assert (refused["action"], refused["target"]) == ("waive", "flood_insurance")
    assert bank.counts()["loans_booked"] == 0


async def test_book_without_waivers_waives_nothing(services: Services, loan: Story) -> None:
    strict = under_book(services, "home_loan", waivers=None)
    case_id = await countersigned(strict, loan)
    with pytest.raises(Forbidden, match="waives no condition"):
        await ask_waiver(strict, UNDERWRITER, case_id, COUNTY)


@pytest.mark.parametrize("person", [ADVISOR, Person(ADVISOR.id, groups=frozenset({"underwriters"})), CHIEF])
async def test_maker_of_the_case_and_those_the_book_does_not_name_ask_for_no_waiver(
    services: Services, loan: Story, person: Person
) -> None:
    case_id = await countersigned(services, loan)
    with pytest.raises(Forbidden):
        await ask_waiver(services, person, case_id, COUNTY)
    assert await open_conditions(services, case_id) == ["county_confirmed"]


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (replace(COUNTY, condition="horoscope"), "no condition horoscope"),
        (replace(COUNTY, reason_code="because"), "no reason because"),
        (replace(COUNTY, reason=" … "), "needs a reason"),
    ],
)
async def test_waiver_names_a_condition_and_a_reason_of_the_book_and_says_why(
    services: Services, loan: Story, wish: Wish, what: str
) -> None:
    case_id = await countersigned(services, loan)
    with pytest.raises(BadInput, match=what):
        await ask_waiver(services, UNDERWRITER, case_id, wish)


async def test_rejected_waiver_leaves_the_condition_open_and_may_be_asked_for_again(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    first = await ask_waiver(services, UNDERWRITER, case_id, COUNTY)
    with pytest.raises(Conflict, match="waits for countersignature already"):
        await ask_waiver(services, SECOND_UNDERWRITER, case_id, COUNTY)
    await decide(services, SENIOR, first, Verb.REJECT)
    await advance(services, case_id)
    assert (await open_conditions(services, case_id), bank.counts()["loans_booked"]) == (
        ["county_confirmed"],
        0,
    )
    assert (await ask_waiver(services, UNDERWRITER, case_id, COUNTY)).id == f"{case_id}.waiver.2"


async def test_override_is_no_countersignature_of_a_waiver(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    request = await ask_waiver(services, UNDERWRITER, case_id, COUNTY)
    await decide(services, SENIOR, request, Verb.OVERRIDE, "exception")
    await advance(services, case_id)
    assert (await open_conditions(services, case_id), bank.counts()["loans_booked"]) == (
        ["county_confirmed"],
        0,
    )


async def test_one_condition_waived_leaves_the_other_to_be_met(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, in_flood_zone(loan))
    await waived(services, case_id)
    assert await open_conditions(services, case_id) == ["flood_insurance"]
    assert bank.counts()["loans_booked"] == 0
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    await advance(services, case_id)
    assert bank.counts()["loans_booked"] == 1
    assert (await kinds(services, case_id)).count("condition_waived") == 1


async def test_waiver_is_asked_of_nobody_any_more_when_its_condition_is_met_or_out_of_time(
    services: Services, clock: SetClock, loan: Story
) -> None:
    met = await countersigned(services, loan)
    first = await ask_waiver(services, UNDERWRITER, met, COUNTY)
    await deliver(services, met, only(routine(clock.now().date()), REPORT), "portfolio-1")
    await advance(services, met)
    late = await opened(services, loan, "late")
    await decide(services, UNDERWRITER, await pending(services, late))
    await advance(services, late)
    second = await ask_waiver(services, UNDERWRITER, late, COUNTY)
    await time_passes(services, clock, 61)
    for request in (first, second):
        assert (await services.desk.get(request.id)).status is ApprovalStatus.EXPIRED
        assert len(await bodies(services, request.case_id, "approval_withdrawn")) == 1
        with pytest.raises(Conflict):
            await decide(services, SENIOR, request)


async def test_condition_that_is_met_or_not_of_this_approval_is_not_waived(
    services: Services, clock: SetClock, loan: Story
) -> None:
    case_id = await countersigned(services, in_flood_zone(loan))
    with pytest.raises(Conflict, match="has the condition reserves"):
        await ask_waiver(services, UNDERWRITER, case_id, replace(COUNTY, condition="reserves"))
    await waived(services, case_id)
    with pytest.raises(Conflict, match="was waived already"):
        await ask_waiver(services, UNDERWRITER, case_id, COUNTY)


async def test_nothing_is_waived_in_the_sandbox_or_in_a_what_if_copy(services: Services, loan: Story) -> None:
    case_id = await countersigned(services, loan)
    with pytest.raises(Conflict, match="nobody decides there"):
        await ask_waiver(replace(services, mode="sandbox"), UNDERWRITER, case_id, COUNTY)
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.cases set simulation = true")
    with pytest.raises(Conflict, match="nobody decides there"):
        await ask_waiver(services, UNDERWRITER, case_id, COUNTY)


async def test_waiver_is_asked_for_only_while_the_case_waits_for_its_conditions(
    services: Services, loan: Story
) -> None:
    case_id = await opened(services, loan)
    with pytest.raises(Conflict, match="does not wait for its conditions: it is waiting person"):
        await ask_waiver(services, UNDERWRITER, case_id, COUNTY)


async def test_waiver_is_bound_to_the_approval_it_was_asked_for(
    services: Services, clock: SetClock, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, in_flood_zone(loan))
    await waived(services, case_id)
    title = {"kind": "title_report", "reported_on": clock.now().date().isoformat(), "defects": ["boundary"]}
    await deliver(services, case_id, title, "title-1")
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    await advance(services, case_id)
    again = await pending(services, case_id)
    assert again.id == f"{case_id}.offer.2"
    await decide(services, UNDERWRITER, again)
    await advance(services, case_id)
    assert "county_confirmed" in await open_conditions(services, case_id)
    assert bank.counts()["loans_booked"] == 0


async def test_killed_runner_applies_a_waiver_once(
    services: Services, bank: RunningBank, loan: Story
) -> None:
    case_id = await countersigned(services, loan)
    await waived(services, case_id)
    async with services.database.transaction() as connection:
        await connection.execute(
            "delete from public.checkpoints where checkpoint_id > (select checkpoint_id from"
            " public.checkpoints order by checkpoint_id desc offset 3 limit 1)"
        )
        await connection.execute("update countersign.cases set status = 'open'")
    await advance(services, case_id)
    assert (await kinds(services, case_id)).count("condition_waived") == 1
    assert bank.counts()["loans_booked"] == 1


async def test_condition_of_a_company_is_waived_for_a_credit_officer_by_two_senior_officers(
    services: Services,
) -> None:
    case_id = await opened(services, companies.story(companies.statement(), loan_amount_cents=500_000_00))
    for officer in (OFFICER, SECOND_OFFICER):
        await decide(services, officer, await pending(services, case_id))
    await advance(services, case_id)
    assert "reviewed_statements" in await open_conditions(services, case_id)
    wish = Wish("reviewed_statements", "compensating_factors", "Tax returns of three years agree with them.")
    request = await ask_waiver(services, OFFICER, case_id, wish)
    assert (await decide(services, SENIOR_OFFICER, request)).status is ApprovalStatus.PENDING
    await advance(services, case_id)
    assert "reviewed_statements" in await open_conditions(services, case_id)
    assert (await decide(services, SECOND_SENIOR_OFFICER, request)).status is ApprovalStatus.APPROVED
    await advance(services, case_id)
    assert "reviewed_statements" not in await open_conditions(services, case_id)


async def test_waiver_over_http_is_for_those_who_may_see_the_case_and_says_what_is_wrong(
    services: Services, settings: Settings, clock: SetClock, loan: Story
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await countersigned(services, in_flood_zone(loan))
    path = f"/v1/cases/{case_id}/conditions/{{}}/waive"
    body = {"reason_code": COUNTY.reason_code, "reason": COUNTY.reason}

    async def ask(who: str, code: str = COUNTY.condition, **more: str) -> Any:
        return await front.ask(who, "POST", path.format(code), json=body | more)

    assert is_problem(await ask("kyc-analyst"), 404, "not_found")
    assert is_problem(await ask("auditor"), 403, "forbidden")
    assert is_problem(await ask("underwriter-1", "flood_insurance"), 403, "forbidden")
    assert is_problem(await ask("underwriter-1", reason_code="because"), 422, "bad_input")
    answer = await ask("underwriter-1")
    assert (answer.status_code, answer.json()["boundary"]) == (201, "waiver")
    assert is_problem(await ask("underwriter-2"), 409, "conflict")
    inbox = (await front.ask("senior-underwriter", "GET", "/v1/approvals")).json()
    assert [each["id"] for each in inbox] == [answer.json()["id"]]
