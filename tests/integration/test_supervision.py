"""What a supervised case tells: why each piece of work was done, and on which evidence policy concluded."""

from __future__ import annotations

import re
from dataclasses import replace

from api.demo.stories import over_committed, routine
from domain.case import CaseStatus
from domain.clock import SetClock
from graphs.services import Services
from graphs.time_machine import history
from tests.fakes.casework import advance, bodies, deliver, only, opened, pending, time_passes, without


async def test_every_step_of_a_plan_says_what_it_covers_and_what_made_it_due(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    plans = await bodies(services, case_id, "plan_proposed")
    steps = [step for body in plans for step in body["steps"]]
    assert steps
    assert all(step["covers"] and step["reason"] and step["triggered_by"] for step in steps)
    told = [moment.done for moment in await history(services, case_id)]
    assert any("The book needs" in each for each in told)


async def test_record_that_was_awaited_is_named_as_the_cause_of_the_second_look(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    case_id = await opened(services, without(story, "valuation"))
    await deliver(services, case_id, only(story, "valuation"), "appraisal-7")
    await advance(services, case_id)
    last = (await bodies(services, case_id, "plan_proposed"))[-1]
    assert "record arrived valuation" in last["steps"][0]["triggered_by"]
    told = [moment.done for moment in await history(services, case_id)]
    assert any("[record arrived valuation]" in each for each in told)


async def test_decision_names_its_evidence_and_the_ledger_holds_no_figure_of_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, without(routine(clock.now().date()), "valuation"))
    await time_passes(services, clock, 31)
    (decided,) = await bodies(services, case_id, "decision_reached")
    request = await pending(services, case_id)
    assert "Not known: dti back, cltv" in decided["account"]
    assert "party:1" in decided["account"]
    assert "missing:valuation" in request.packet.account


async def test_paragraph_in_the_packet_states_each_figure_with_its_journal_entry(
    services: Services, clock: SetClock
) -> None:
    story = over_committed(clock.now().date())
    case_id = await opened(services, story)
    (decided,) = await bodies(services, case_id, "decision_reached")
    account = (await pending(services, case_id)).packet.account
    assert re.search(r"row D1 \(dti back [0-9.]+ % \[r\d\.mortgage\.\S+\]\)", account)
    assert re.search(r"row D1 \(dti back \[r\d\.mortgage\.\S+\]\)", decided["account"])


async def test_weak_valuation_waits_for_a_second_one_and_both_are_shown(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    appraisal = only(story, "valuation")
    weak = appraisal | {"method": "avm", "value_cents": 402_000_00, "confidence_bps": 6_000}
    records = tuple(weak if each is appraisal else each for each in story.records)
    case_id = await opened(services, replace(story, records=records))
    assert (await services.cases.get(case_id)).status is CaseStatus.WAITING_EVENT
    assert (await bodies(services, case_id, "event_awaited"))[-1]["needs"] == ["valuation"]
    await deliver(services, case_id, appraisal, "appraisal-7")
    await advance(services, case_id)
    (dissent,) = [
        each for each in (await pending(services, case_id)).packet.dissent if each.startswith("appraised")
    ]
    assert "USD 402,000.00" in dissent
    assert "the later look of the same specialist counts" in dissent
    again = (await bodies(services, case_id, "plan_proposed"))[-1]["steps"][0]
    assert "Compare the second valuation" in again["reason"]
    assert again["specialists"][:2] == ["collateral_assessor", "pricing_analyst"]


async def test_second_valuation_that_never_comes_leaves_the_weak_one_to_a_person(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    weak = only(story, "valuation") | {"method": "avm", "confidence_bps": 6_000}
    records = tuple(weak if each["kind"] == "valuation" else each for each in story.records)
    case_id = await opened(services, replace(story, records=records))
    await time_passes(services, clock, 31)
    request = await pending(services, case_id)
    assert any("second valuation" in line for line in request.packet.missing)
    assert "row V1 (valuation confidence weak" in request.packet.account
