"""Drafts about activity reach compliance and nobody else: no notice, packet, moment, ledger or answer tells of one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.settings import Settings
from checkpoints.leaving import Door
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import NotFound, Refused
from domain.leaving import Audience, Kind, Leaving
from graphs.approval import described, payload
from graphs.services import Services
from graphs.time_machine import history, show
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.companies import story as bridgeworks
from tests.fakes.front import MOST, Front
from tests.fakes.leaving import rejected_saying
from tests.fakes.onboarding import alert, alone, cash
from tests.fakes.people import ADVISOR, COMPLIANCE, KYC_ANALYST, OFFICER, SECOND_COMPLIANCE, UNDERWRITER

TELLING = re.compile(
    r"\bSARs?\b|suspicio|structuring|AL-2026-7|just under|28,800|currency report|draft", re.IGNORECASE
)


def story(clock: SetClock) -> Any:
    """Somebody with an alert against them, and cash over the reporting amount."""
    today = clock.now().date()
    return alone(today, "Rowan ASHDOWN DEMO", "1984-05-20", alert(today), cash(today, 1_200_000))


async def told_everywhere(services: Services, case_id: str) -> str:
    """Everything that people of the case may read, but for compliance's own request."""
    moments = [await show(services, case_id, each.number) for each in await history(services, case_id)]
    requests = [each for each in await services.desk.of_case(case_id) if each.boundary != "compliance"]
    notices = await services.database.rows("select body from countersign.notices where case_id = %s", case_id)
    parts = [
        moments,
        [asdict(entry) for entry in await services.ledger.entries(case_id)],
        [described(each) for each in requests],
        [payload(each) for each in await services.desk.of_case(case_id)],
        [dict(row) for row in notices],
        await services.outbox.of_case(case_id),
    ]
    return json.dumps(parts, default=str)


async def test_compliance_reads_drafts_with_their_deadlines_before_anybody_decides(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, story(clock))
    request = await pending(services, case_id)
    assert request.boundary == "compliance"
    told = " ".join(request.packet.exceptions)
    assert "Draft SAR (AL-2026-7; suspect_known, no_suspect, bsa_or_no_lawful_purpose)" in told
    assert "Who: party:1. What: USD 28,800.00 by currency" in told
    assert "to be filed by 2026-04-01" in told
    assert "Currency report: party:1, USD 12,000.00 paid in on 2026-03-02" in told
    assert "Ashdown" not in told
    assert any("explanation" in line for line in request.packet.missing)


async def test_nobody_else_is_told_before_or_after_compliance_dealt_with_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, story(clock))
    request = await pending(services, case_id)
    with pytest.raises(NotFound):
        await services.desk.visible(ADVISOR, request.id)
    before = await told_everywhere(services, case_id)
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, case_id)
    await decide(services, KYC_ANALYST, await pending(services, case_id))
    await advance(services, case_id)
    after = await told_everywhere(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert [found.group() for found in TELLING.finditer(before + after)] == []


@pytest.mark.parametrize("kind", ["home_loan", "commercial_credit"])
async def test_activity_under_a_loan_stops_for_compliance_and_tells_its_desk_nothing(
    services: Services, clock: SetClock, kind: str
) -> None:
    told = routine(clock.now().date()) if kind == "home_loan" else bridgeworks(loan_amount_cents=500_000_00)
    records = (*told.records, alert(clock.now().date()), cash(clock.now().date(), 1_200_000))
    case_id = await opened(services, replace(told, records=records))
    request = await pending(services, case_id)
    assert request.boundary == "compliance"
    assert any("Draft SAR" in line for line in request.packet.exceptions)
    await decide(services, COMPLIANCE, request)
    await decide(services, SECOND_COMPLIANCE, request)
    await advance(services, case_id)
    offer = await pending(services, case_id)
    assert offer.boundary == "offer"
    await decide(services, UNDERWRITER if kind == "home_loan" else OFFICER, offer)
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    told_them = await told_everywhere(services, case_id)
    assert [found.group() for found in TELLING.finditer(told_them)] == []


async def test_exit_after_a_report_tells_the_customer_nothing_of_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, story(clock))
    await decide(services, COMPLIANCE, await pending(services, case_id), Verb.REJECT)
    await advance(services, case_id)
    await decide(services, COMPLIANCE, await pending(services, case_id))
    await advance(services, case_id)
    told = await told_everywhere(services, case_id)
    assert "unable to enter this relationship" in told
    assert [found.group() for found in TELLING.finditer(told)] == []


async def test_advisor_reads_case_and_dossier_without_a_trace(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock), MOST), settings)
    told = story(clock)
    sent = await front.open({"application": told.application, "records": list(told.records)})
    case_id = sent.json()["id"]
    await advance(services, case_id)
    for path in ("", "/ledger", "/notices", "/effects", "/moments", "/dossier"):
        answer = await front.ask("advisor", "GET", f"/v1/cases/{case_id}{path}")
        assert answer.status_code == 200, path
        assert not TELLING.search(answer.text), path
    request = await pending(services, case_id)
    assert (await front.ask("advisor", "GET", f"/v1/approvals/{request.id}")).status_code == 404


async def test_fact_of_a_draft_leaves_neither_in_a_notice_nor_a_letter_nor_an_answer(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, story(clock))
    request = await pending(services, case_id)
    for person in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(services, person, request)
    await advance(services, case_id)
    offer = await pending(services, case_id)
    await rejected_saying(services, KYC_ANALYST, offer, "The deposits of alert AL-2026-7 were not explained")
    await advance(services, case_id)
    assert await services.database.rows("select 1 from countersign.notices where case_id = %s", case_id) == []
    assert "sealed_reference" in {each["rule"] for each in await bodies(services, case_id, "guardrail_ruled")}
    for kind, audience in ((Kind.LETTER, Audience.APPLICANT), (Kind.ANSWER, Audience.STAFF)):
        leaving = Leaving(case_id, kind, audience, "You paid in USD 28,800.00 in February.")
        door = Door(("tipping_off",), case_id, kind)
        with pytest.raises(Refused, match="sealed_amount"):
            await services.gate.release(services.database, None, leaving, door)
