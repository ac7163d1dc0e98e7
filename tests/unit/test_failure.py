"""A step that fails refers the case, in words that a person can read and that hold nothing of anybody."""

from __future__ import annotations

import pytest
from langgraph.errors import NodeError

from domain.errors import Refused, StaleWriter
from graphs.failure import refer_on_failure


async def told(error: Exception) -> str:
    command = await refer_on_failure(
        {"case_id": "home_loan-1", "missing": ["a valuation"]}, NodeError(node="prepare_offer", error=error)
    )
    assert command.goto == "refer"
    assert command.update["missing"][0] == "a valuation"  # type: ignore[index]
    return str(command.update["missing"][-1])  # type: ignore[index]


async def test_a_foreign_error_is_named_by_kind_and_not_quoted() -> None:
    said = await told(ValueError("Avery Demo Quill, 900-00-0001"))
    assert said.startswith("the step prepare offer failed: ValueError;")
    assert "Avery" not in said


async def test_an_error_of_ours_is_told_in_its_words() -> None:
    assert "the desk is closed" in await told(Refused("the desk is closed", control="desk"))


async def test_a_lost_lease_is_no_failure_of_the_step() -> None:
    with pytest.raises(StaleWriter):
        await told(StaleWriter("another runner holds this case"))
