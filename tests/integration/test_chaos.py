"""Each tool and specialist of each workflow broken in turn: the case ends with a person, never by itself."""

from __future__ import annotations

import pytest

from graphs.services import Services, install
from tests.fakes.breakage import (
    SECRET,
    STORIES,
    WAYS,
    broken_specialist,
    ending,
    parts,
    to_the_end,
    with_broken_tool,
)
from tests.fakes.casework import bodies

HARMFUL = [way for way in WAYS if way != "slow"]


@pytest.mark.parametrize("workflow", [each for each in STORIES if each != "home_loan"])
async def test_case_with_a_broken_tool_stops_with_a_person_and_approves_nothing(
    services: Services, workflow: str
) -> None:
    tools, _ = parts(services, workflow)
    for n, tool in enumerate(tools):
        way = HARMFUL[n % len(HARMFUL)]
        broken = with_broken_tool(services, workflow, tool, way)
        ended = await ending(broken, workflow, f"{tool}-{way}")
        asked = await services.database.rows(
            "select 1 from countersign.journal where case_id = %s and target = %s", ended.case_id, tool
        )
        assert ended.stopped, (tool, way)
        assert not asked or not ended.effects, (tool, way)
        assert not asked or (ended.failures and ended.decided != "approve"), (tool, way, ended)
        install(services)


async def test_slow_tool_delays_a_case_and_changes_nothing(services: Services) -> None:
    ended = await ending(with_broken_tool(services, "home_loan", "bureau_file", "slow"), "home_loan", "slow")
    assert (ended.decided, ended.failures) == ("approve", ())


async def test_message_of_a_foreign_error_is_kept_nowhere(services: Services) -> None:
    broken = with_broken_tool(services, "home_loan", "bureau_file", "error")
    ended = await ending(broken, "home_loan", "told")
    entries = await services.ledger.entries(ended.case_id)
    assert "bureau_file failed: RuntimeError" in [each.body.get("reason") for each in entries]
    assert not any(SECRET in str(each.body) for each in entries)


@pytest.mark.parametrize("workflow", ["home_loan, new customer", "commercial_credit"])
async def test_case_with_a_broken_specialist_ends_decided_or_referred(
    services: Services, workflow: str
) -> None:
    _, jobs = parts(services, workflow)
    for n, job in enumerate(jobs):
        way = HARMFUL[n % len(HARMFUL)]
        with broken_specialist(services, workflow, job, way) as broken:
            ended = await ending(broken, workflow, f"{job}-{way}")
            assert (ended.stopped, ended.effects, ended.failures) == (True, 0, (job,)), (job, way, ended)
            assert ended.decided != "approve", (job, way)
            assert await to_the_end(broken, ended.case_id) in ("closed", "referred"), (job, way)


async def test_tool_that_fails_in_case_after_case_is_left_alone_for_a_while(services: Services) -> None:
    broken = with_broken_tool(services, "home_loan", "bureau_file", "error")
    for n in range(6):
        ended = await ending(broken, "home_loan", f"again-{n}")
    controls = [each["control"] for each in await bodies(services, ended.case_id, "call_refused")]
    tripped = [each["breaker"] for each in await bodies(services, "ops", "breaker_tripped")]
    assert (controls, tripped) == (["breaker"], ["tool:bureau_file"])


async def test_applicant_is_not_asked_for_what_our_own_work_failed_to_read(services: Services) -> None:
    broken = with_broken_tool(services, "home_loan, new customer", "travel_document", "error")
    ended = await ending(broken, "home_loan, new customer", "read")
    assert await bodies(services, ended.case_id, "information_requested") == []
