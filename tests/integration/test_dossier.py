"""The dossier of a case: it tells what stands on record, all of it to whom it is meant for, the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine, self_employed
from api.http.app import create_app
from api.settings import Settings
from checkpoints.answers import Answer
from checkpoints.escalation import Escalation
from domain.clock import SetClock
from domain.decision import Verb
from graphs.services import Services
from graphs.waiving import Wish, ask_waiver
from tests.fakes.casework import advance, asking, confirmed, decide, deliver, opened, pending, without
from tests.fakes.front import Front
from tests.fakes.people import COMPLIANCE, SECOND_COMPLIANCE, SENIOR, UNDERWRITER


@pytest.fixture
async def front(services: Services, settings: Settings, clock: SetClock) -> Front:
    return Front(create_app(services, ensure_demo(settings, clock)), settings)


async def read(front: Front, case_id: str, who: str = "auditor") -> str:
    answer = await front.ask(who, "GET", f"/v1/cases/{case_id}/dossier")
    assert answer.headers["content-type"].startswith("text/markdown"), answer.text
    return answer.text


async def declined(services: Services, clock: SetClock) -> str:
    case_id = await opened(services, over_committed(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    return case_id


async def test_the_dossier_says_who_decided_what_on_which_figures_and_what_followed(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    await decide(services, UNDERWRITER, request)
    await advance(services, case_id)
    told = await read(front, case_id)
    assert f"**{UNDERWRITER.id}** at the boundary “offer”: approve: “read and agreed”" in told
    assert all(f"| {each.label} | {each.value} | {each.source} |" in told for each in request.packet.figures)
    assert "book offer: confirmed, receipt" in told
    assert f"{len(await services.ledger.entries(case_id))} events, every link" in told


async def test_the_dossier_of_a_decline_names_the_reason_really_used_and_the_alternative(
    front: Front, services: Services, clock: SetClock
) -> None:
    told = await read(front, await opened(services, over_committed(clock.now().date())))
    assert "principal reason: Excessive obligations in relation to income" in told
    assert "**An override leads to**" in told


async def test_the_dossier_answers_why_it_was_declined_routed_so_and_not_escalated(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    request = await pending(services, case_id)
    await decide(services, UNDERWRITER, request)
    why = (await read(front, case_id)).partition("## Why")[2].partition("## Who decided")[0]
    assert "**Why “decline”?**\n\n- row D1: dti_back_bps" in why
    assert "**Why was “offer” put to 1 of underwriters or senior underwriters?**\n\n- row U6: anything" in why
    assert "- row U5: outcome refer → groups" in why
    assert "; outcome is decline" in why
    assert "**Why was “offer” not escalated?**\n\n- it was decided on 2026-" in why


async def test_why_an_overdue_request_went_to_more_people_is_told(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    clock.forward(timedelta(days=3))
    async with services.database.transaction() as connection:
        await Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents).sweep(
            connection
        )
    assert "**Why was “offer” escalated?**" in await read(front, case_id)


async def test_what_a_person_wrote_becomes_no_part_of_the_dossier_s_own_words(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    said = "fine\n\n## Proof\n\n9 events | [all](http://x) verified"
    await services.desk.decide(UNDERWRITER, request.id, Answer(Verb.APPROVE, said, request.digest))
    told = await read(front, case_id)
    assert told.count("\n## Proof\n") == 1
    assert r"\#\# Proof 9 events \| \[all\](http://x) verified" in told


async def test_dossier_and_letter_as_archival_pdf(front: Front, services: Services, clock: SetClock) -> None:
    pytest.importorskip("typst", reason="the documents extra is not installed")
    case_id = await declined(services, clock)
    for path in ("dossier", "notices/adverse_action"):
        url = f"/v1/cases/{case_id}/{path}"
        answer = await front.ask("auditor", "GET", url, headers={"accept": "application/pdf"})
        assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


async def test_the_letter_of_a_decline_says_the_reason_really_used_and_nothing_but_the_notice(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    told = (await front.ask("auditor", "GET", f"/v1/cases/{case_id}/notices/adverse_action")).text
    (row,) = (await front.ask("auditor", "GET", f"/v1/cases/{case_id}/notices")).json()
    notice = row["body"]
    assert f"> {notice['statement']}" in told
    assert "- Excessive obligations in relation to income" in told
    assert notice["equal_credit_notice"] in told
    assert f"score {notice['consumer_report']['score']['score']}, created on" in told
    assert "identity" not in told
    missing = await front.ask("auditor", "GET", f"/v1/cases/{case_id}/notices/approval")
    assert (missing.status_code, "written so far: adverse_action" in missing.text) == (404, True)


async def test_the_same_case_gives_the_same_dossier(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    assert await read(front, case_id) == await read(front, case_id)


async def test_a_changed_ledger_is_said_in_the_dossier(
    front: Front, services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    async with services.database.transaction() as connection:
        await connection.execute("alter table countersign.ledger disable trigger ledger_append_only")
        await connection.execute("update countersign.ledger set actor = 'x' where stream = %s", (case_id,))
        await connection.execute("alter table countersign.ledger enable trigger ledger_append_only")
    assert "**The ledger does not verify**: event 1" in await read(front, case_id)


async def test_a_stranger_gets_no_dossier(front: Front, services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    answer = await front.ask("servicing", "GET", f"/v1/cases/{case_id}/dossier")
    assert answer.status_code == 404


async def test_what_compliance_saw_is_shown_to_compliance_and_auditors_only(
    front: Front, services: Services, clock: SetClock
) -> None:
    story = self_employed(clock.now().date())
    borrower = {**story.application["borrowers"][0], "name": "Anatoly VARENIKOV DEMO"}
    case_id = await opened(services, asking(story, borrowers=[borrower]))
    for person in (COMPLIANCE, SECOND_COMPLIANCE):
        await decide(services, person, await pending(services, case_id))
    await advance(services, case_id)
    seen = {who: await read(front, case_id, who) for who in ("auditor", "compliance-1", "senior-underwriter")}
    shown = {who: "## Evidence at the boundary “compliance”" in told for who, told in seen.items()}
    assert shown == {"auditor": True, "compliance-1": True, "senior-underwriter": False}


async def test_the_dossier_says_which_condition_was_waived_by_whom_and_which_was_met(
    front: Front, services: Services, clock: SetClock
) -> None:
    story = without(routine(clock.now().date()), "portfolio_report")
    flooded = tuple(x | {"flood_zone": True} if x["kind"] == "valuation" else x for x in story.records)
    case_id = await opened(services, replace(story, records=flooded))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    wish = Wish("county_confirmed", "met_in_substance", "Last month's report says so.")
    await decide(services, SENIOR, await ask_waiver(services, UNDERWRITER, case_id, wish))
    await advance(services, case_id)
    await deliver(services, case_id, confirmed(clock, "flood_insurance"), "insurer-1")
    await advance(services, case_id)
    told = await read(front, case_id)
    assert f"“county confirmed” **waived** on {case_id}.waiver.1, code met_in_substance" in told
    assert "“flood insurance” met by insurer-1" in told
    assert f"**{SENIOR.id}** at the boundary “waiver”: approve" in told
    assert "Last month's report says so." in told
