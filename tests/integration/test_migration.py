"""A new version of a workflow while cases wait: old ones finish on the old one, unless a person migrates them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import routine
from api.http.app import create_app
from api.settings import Settings
from audit.events import EventAwaited
from domain.clock import SetClock
from domain.errors import Conflict
from domain.person import Person
from graphs.catalog import WORKFLOWS
from graphs.failure import STEP
from graphs.recording import record
from graphs.services import Services, install
from graphs.supervisor.graph import builder
from graphs.supervisor.state import CaseState
from graphs.time_machine import migrate, preview, read_record, replay
from graphs.workflows import Workflow, Workflows
from tests.fakes.casework import advance, decide, kinds, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import UNDERWRITER

SRE = Person("sre-1", groups=frozenset({"sre"}))


async def archive(state: CaseState) -> dict[str, Any]:
    await record(state["case_id"], "archive", EventAwaited(needs=("archive",), until="never"))
    return {}


def versions(without: str = "") -> Workflows:
    """The supervisor as it is, and a second version that archives a case before it is closed."""
    newer = deepcopy(builder)
    newer.add_node("archive", archive, **STEP)
    newer.edges = {each for each in newer.edges if each[0] != "open_conditions"}
    newer.add_edge("open_conditions", "archive")
    newer.add_edge("archive", "settle")
    newer.nodes.pop(without, None)
    graph = builder.compile(name="supervisor") if without else newer.compile(name="supervisor")
    if without:
        graph.builder = newer
    first = WORKFLOWS.newest("home_loan")
    return Workflows((first, Workflow("supervisor", 2, "of this test", graph, first.calls)), {}, "supervisor")


def deployed(services: Services, workflows: Workflows) -> Services:
    newer = replace(services, workflows=workflows)
    install(newer)
    return newer


async def finished(services: Services, case_id: str) -> list[str]:
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"
    return [
        each.body["needs"][0]
        for each in await services.ledger.entries(case_id)
        if each.kind == "event_awaited"
    ]


async def test_case_that_waits_finishes_on_its_version_and_a_new_one_takes_the_new(
    services: Services, clock: SetClock
) -> None:
    story = routine(clock.now().date())
    waits = await opened(services, story, "waits")
    newer = deployed(services, versions())
    new = await opened(newer, story, "new")
    assert (await finished(newer, waits), await finished(newer, new)) == ([], ["archive"])
    assert [(await services.cases.get(each)).workflow for each in (waits, new)] == [
        "supervisor@1",
        "supervisor@2",
    ]
    for case_id in (waits, new):
        assert (await replay(await read_record(newer, case_id), versions())).divergence is None


async def test_migrated_case_goes_on_by_the_other_version_and_is_replayed_by_both(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    newer = deployed(services, versions())
    seen = await preview(newer, case_id, 2)
    assert (seen.new_steps, seen.gone_steps, seen.diverges, seen.obstacle) == (("archive",), (), None, None)
    assert seen.stands_at[0].startswith("Waiting for underwriters")
    assert (await services.cases.get(case_id)).workflow == "supervisor@1"  # a preview changes nothing
    await migrate(newer, SRE, case_id, 2, "Demo: the archive is required from today")
    assert await finished(newer, case_id) == ["archive"]
    assert "case_migrated" in await kinds(services, case_id)
    assert (await replay(await read_record(newer, case_id), versions())).divergence is None


async def test_case_is_not_migrated_to_a_version_without_the_step_before_which_it_stands(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    newer = deployed(services, versions(without="await_offer"))
    with pytest.raises(Conflict, match="stands before await_offer, which supervisor@2 does not have"):
        await migrate(newer, SRE, case_id, 2, "Demo: try it")
    with pytest.raises(Conflict, match="on supervisor@1 already"):
        await migrate(newer, SRE, case_id, 1, "Demo: nothing to do")
    assert "case_migrated" not in await kinds(services, case_id)


async def test_migration_over_http_is_for_whoever_runs_the_system(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    newer = deployed(services, versions())
    front = Front(create_app(newer, ensure_demo(settings, clock)), settings)
    path, why = f"/v1/cases/{case_id}/migrations/2", {"reason": "Demo: the archive is required"}
    assert is_problem(await front.ask("underwriter-1", "POST", path, json=why), 403, "forbidden")
    assert (await front.ask("auditor", "GET", path)).json()["new_steps"] == ["archive"]
    assert (await front.ask("sre", "POST", path, json=why)).json()["to_workflow"] == "supervisor@2"
    assert is_problem(await front.ask("sre", "POST", path, json=why), 409, "conflict")
