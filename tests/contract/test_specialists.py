"""Every specialist of the roster keeps the specialist contract. A new one is finished when this passes."""

from __future__ import annotations

import pytest

from agents.contract import Evidence, Specialist
from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.records import RECORD_KINDS
from tests.fakes.context import assignment_for, run_playbook
from tools.catalog import TOOLS
from tools.contract import ToolContext

pytestmark = pytest.mark.parametrize("specialist", ROSTER.values(), ids=ROSTER)


def test_it_is_filed_under_its_own_name(specialist: Specialist) -> None:
    assert ROSTER[specialist.job] is specialist
    assert specialist.gather.__module__ == f"agents.{specialist.worker}.{specialist.job}"  # type: ignore[attr-defined]


def test_its_prompt_names_itself_its_owner_and_what_only_a_model_judges(specialist: Specialist) -> None:
    front = read_prompt(specialist.prompt_file).front
    assert front.id == f"{specialist.worker}.{specialist.job}"
    assert front.owner
    assert front.judgement


def test_its_tools_exist_and_read_only_its_records(specialist: Specialist) -> None:
    assert set(specialist.required) <= set(specialist.tools) <= set(TOOLS)
    assert {kind for name in specialist.tools for kind in TOOLS[name].records} == set(specialist.records)
    assert set(specialist.records) <= set(RECORD_KINDS)


def test_what_it_needs_somebody_else_provides(specialist: Specialist) -> None:
    provided = {fact for each in ROSTER.values() if each is not specialist for fact in each.provides}
    assert set(specialist.needs) <= provided
    assert not set(specialist.provides) & provided


def test_without_evidence_it_states_no_figure_and_says_what_is_missing(
    specialist: Specialist, bare: ToolContext
) -> None:
    concluded = specialist.conclude(assignment_for(specialist, bare), Evidence(()))
    assert not concluded.figures
    assert concluded.gaps or concluded.flags
    assert concluded.conclusion


async def test_its_playbook_calls_only_its_own_tools_and_survives_missing_records(
    specialist: Specialist, bare: ToolContext
) -> None:
    concluded = await run_playbook(specialist, tuple(TOOLS.values()), bare)
    known = {each.code for each in read_prompt(specialist.prompt_file).front.judgement}
    assert {figure.name for figure in concluded.figures} <= set(specialist.provides)
    assert set(concluded.asks) <= known
    assert all(gap.needs in (*RECORD_KINDS, "person") for gap in concluded.gaps)
