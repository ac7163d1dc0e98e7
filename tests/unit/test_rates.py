"""Windows of a rate lie one after the other; what finds its window full waits for the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.guard import Passage, Ruling
from domain.rate import Pace, Rate
from guardrails.execution.over_rate import OverRate

DAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = Rate(id="R1", tools=("bureau_file",), scope="bank", seconds=60, at_most=2, source="test")


@given(st.integers(min_value=0, max_value=86_399), st.sampled_from([1, 60, 3600, 86_400]))
def test_every_moment_lies_in_one_window(second: int, seconds: int) -> None:
    now, row = DAY + timedelta(seconds=second), MINUTE.model_copy(update={"seconds": seconds})
    assert row.begins(now) <= now < row.ends(now)
    assert row.begins(row.ends(now)) == row.ends(now)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"effects": ("book_offer",)}, "of effects or of tools"),
        ({"tools": ()}, "of effects or of tools"),
        ({"scope": "customer"}, "tool calls are counted for bank or case"),
        ({"seconds": 7 * 60}, "do not divide a day"),
        ({"at_most": 0}, "greater than or equal to 1"),
    ],
)
def test_rate_that_cannot_be_counted_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Rate.model_validate(MINUTE.model_dump() | changes)


async def test_full_window_holds_until_the_next_begins() -> None:
    full = Pace(MINUTE, "bank", False, DAY + timedelta(minutes=1))
    verdict = await OverRate().check(Passage("case-1", "", {"paces": (full,)}))
    assert (verdict.ruling, verdict.rule, verdict.until) == (Ruling.HOLD, "R1", DAY + timedelta(minutes=1))
    assert "2 in 60 seconds are all that the bank may have" in verdict.reason
