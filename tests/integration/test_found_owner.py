"""An owner whom evidence names is looked at like an applicant, before anything else goes on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.demo.stories import passport_lines
from api.intake import Submission, parse_application, parse_record, submit
from domain.case import CaseStatus
from domain.clock import SetClock
from graphs.services import Services
from graphs.time_machine import fork, history, show
from tests.fakes.casework import advance, bodies, deliver, pending
from tests.fakes.people import ADVISOR

OWNER = {"id": "h1", "kind": "individual", "name": "LAUREL DEMO OWNERSON", "birth_date": "1970-01-01"}


def passport(party: str, today: date, surname: str, given: str, number: str, born: date) -> dict[str, Any]:
    zone = passport_lines(surname, given, number, born, today + timedelta(days=1500))
    return {"kind": "identity_document", "party": party, "mrz": zone, "received_on": today.isoformat()}


def ownership(today: date, **owner: Any) -> dict[str, Any]:
    holder = OWNER | owner
    stakes = [
        {"owner": "h1", "owned": "entity:1", "share_bps": 6_000},
        {"owner": "h2", "owned": "entity:1", "share_bps": 4_000},
    ]
    signer = {"id": "h2", "kind": "individual", "name": "MORGAN DEMO TALLOW", "birth_date": "1990-01-17"}
    return {
        "kind": "ownership_record",
        "stated_on": today.isoformat(),
        "holders": [holder, signer | {"party": "party:1"}],
        "stakes": stakes,
        "control_person": "h2",
    }


async def onboarding(services: Services, today: date, *records: dict[str, Any]) -> str:
    """A company is onboarded by its manager; as far as it goes."""
    application = {
        "kind": "kyc_onboarding",
        "application_date": today.isoformat(),
        "product": "lending",
        "borrowers": [
            {
                "name": "MORGAN DEMO TALLOW",
                "birth_date": "1990-01-17",
                "tax_number": "900-00-0003",
                "employment": "employed",
                "stated_monthly_income_cents": 0,
            }
        ],
        "company": {
            "name": "DEMO QUARRY LLC",
            "tax_number": "90-0000001",
            "entity_type": "limited_liability_company",
            "industry_code": "212311",
            "incorporated_on": "2012-05-01",
        },
    }
    manager = passport("party:1", today, "TALLOW", "MORGAN DEMO", "UTO0000038", date(1990, 1, 17))
    sent = tuple(parse_record(each) for each in (manager, *records))
    case = await submit(services, ADVISOR, Submission(parse_application(application), "key", sent))
    await advance(services, case.id)
    return case.id


async def test_owner_who_is_found_gets_kyc_before_the_relationship_is_decided(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    document = passport("owner:h1", today, "OWNERSON", "LAUREL DEMO", "UTO0000049", date(1970, 1, 1))
    case_id = await onboarding(services, today, ownership(today), document)
    (found,) = await bodies(services, case_id, "party_found")
    assert (found["reference"], found["role"], found["found_by"]) == (
        "owner:h1",
        "beneficial_owner",
        "ubo_tracer",
    )
    (reopened,) = await bodies(services, case_id, "facts_reopened")
    assert {"identity_verified", "sanctions_status"} <= set(reopened["facts"])
    steps = [step for body in await bodies(services, case_id, "plan_proposed") for step in body["steps"]]
    assert "new party owner:h1" in steps[1]["triggered_by"]
    request = await pending(services, case_id)
    assert "owner:h1 (beneficial owner, found by ubo_tracer" in request.packet.account
    assert "OWNERSON" not in request.model_dump_json()


async def test_owner_without_a_document_is_waited_for_and_looked_at_when_it_comes(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    case_id = await onboarding(services, today, ownership(today))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    clock.forward(timedelta(days=3))
    document = passport(
        "owner:h1", clock.now().date(), "OWNERSON", "LAUREL DEMO", "UTO0000049", date(1970, 1, 1)
    )
    await deliver(services, case_id, document, "passport-2")
    await advance(services, case_id)
    assert (await pending(services, case_id)).boundary == "offer"


async def test_owner_on_the_list_holds_the_case_for_compliance(services: Services, clock: SetClock) -> None:
    today = clock.now().date()
    listed = {"name": "Anatoly VARENIKOV DEMO", "birth_date": "1961-02-14"}
    case_id = await onboarding(services, today, ownership(today, **listed))
    request = await pending(services, case_id)
    assert request.boundary == "compliance"
    assert any("owner:h1" in line for line in request.packet.exceptions)


async def test_copy_of_a_case_with_a_found_owner_concludes_the_same(
    services: Services, clock: SetClock
) -> None:
    today = clock.now().date()
    document = passport("owner:h1", today, "OWNERSON", "LAUREL DEMO", "UTO0000049", date(1970, 1, 1))
    case_id = await onboarding(services, today, ownership(today), document)
    copy = (await fork(services, ADVISOR, case_id, 4, {})).id
    await advance(services, copy)
    ends = [await show(services, each, len(await history(services, each))) for each in (case_id, copy)]
    assert ends[0]["facts"] == ends[1]["facts"]
    assert [each["reference"] for each in ends[1]["parties"]] == ["owner:h1"]
