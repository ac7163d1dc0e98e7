"""Every guardrail keeps the one signature and fails closed."""

from __future__ import annotations

import pytest

from domain.guard import Guardrail, Passage, Ruling
from guardrails.catalog import GUARDRAILS

pytestmark = pytest.mark.parametrize("guardrail", GUARDRAILS, ids=lambda each: each.name)


def test_it_stands_in_the_folder_of_its_stage_under_its_name(guardrail: Guardrail) -> None:
    assert type(guardrail).__module__ == f"guardrails.{guardrail.stage}.{guardrail.name}"


async def test_it_gives_a_verdict_with_a_rule(guardrail: Guardrail) -> None:
    verdict = await guardrail.check(Passage("case-1", "{}", {}))
    assert verdict.ruling in Ruling
    assert verdict.rule


async def test_it_lets_the_ordinary_pass(guardrail: Guardrail) -> None:
    ordinary = Passage("case-1", '{"party": "party:1"}', {"tool": "pay_stubs"})
    assert (await guardrail.check(ordinary)).ruling is Ruling.PASS


def test_it_tells_what_it_stops_and_how_it_fails(guardrail: Guardrail) -> None:
    told = type(guardrail).__doc__ or ""
    assert f"Stage: {guardrail.stage}" in told
    assert "closed" in told
