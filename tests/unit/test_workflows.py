"""Versions of workflows: which one a case runs on, and that a released one does not change unnoticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.case import Case, CaseStatus
from domain.errors import BadInput, Misconfigured
from graphs.catalog import WORKFLOWS
from graphs.workflows import Workflow, Workflows

FIRST = WORKFLOWS.newest("home_loan")
SECOND = replace(FIRST, version=2)
BOTH = Workflows((SECOND, FIRST), {}, "supervisor")


def a_case(**more: Any) -> Case:
    given: dict[str, Any] = {
        "id": "home_loan-1",
        "kind": "home_loan",
        "status": CaseStatus.OPEN,
        "maker": "m",
    }
    at = {"application_date": date(2026, 3, 2), "opened_at": datetime(2026, 3, 2, tzinfo=UTC)}
    return Case(**given, **at, policy_version="home_loan@1:x", content_digest="", **more)


def test_new_case_gets_the_newest_version_and_one_in_flight_keeps_its_own() -> None:
    assert BOTH.newest("home_loan").id == "supervisor@2"
    assert BOTH.of(a_case(workflow="supervisor@1")) is FIRST


def test_case_from_before_there_were_versions_has_the_first() -> None:
    assert BOTH.of(a_case()) is FIRST


def test_case_of_a_version_that_is_not_deployed_is_not_run_on_another() -> None:
    with pytest.raises(Misconfigured, match="pinned to supervisor@2, which this release does not have"):
        WORKFLOWS.of(a_case(workflow="supervisor@2"))


def test_version_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput) as refused:
        BOTH.version(a_case(), 3)
    assert refused.value.attributes["remedy"] == "one of 1, 2"


def test_every_version_is_wired_as_it_was_released() -> None:
    WORKFLOWS.require_released()
    assert {each.name for each in WORKFLOWS.versions} == {
        "supervisor", "register_review", "autonomy_raise", "policy_change", "unwinding", "advisor"
    }  # fmt: skip


def test_process_does_not_start_on_a_released_version_whose_wiring_changed() -> None:
    other = Workflow("supervisor", 1, FIRST.digest, WORKFLOWS.newest("lar_review").graph)
    with pytest.raises(Misconfigured, match="supervisor@1 is") as refused:
        Workflows((other,), {}, "supervisor").require_released()
    assert "new version" in str(refused.value.attributes["remedy"])


def test_worker_graphs_that_a_workflow_calls_are_part_of_its_wiring() -> None:
    assert replace(FIRST, calls=FIRST.calls[:2]).wiring != FIRST.wiring
