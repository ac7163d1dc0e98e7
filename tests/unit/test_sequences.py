"""Which effects of the past lead to this one as the last step of a sequence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sequence import Done, Sequence, walked

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PAYEE, LIMIT, PAY = "amend_loan:payee", "amend_loan:limit", "book_offer"
ROW = Sequence(
    id="S1", scope="customer", steps=(PAYEE, LIMIT, PAY), within_days=7, breach="hold", source="test"
)


def past(*moves: str) -> list[Done]:
    """What was done, in this order."""
    parts = [move.partition(":") for move in moves]
    return [Done(effect, sort, f"case-{n}", NOW, n) for n, (effect, _, sort) in enumerate(parts, 1)]


@pytest.mark.parametrize(
    ("before", "completes"),
    [
        ((PAYEE, LIMIT), True),
        ((PAYEE, PAY, LIMIT), True),
        ((LIMIT, PAYEE), False),
        ((PAYEE,), False),
        ((LIMIT, LIMIT), False),
        ((PAYEE, "amend_loan:due_date"), False),
    ],
)
def test_steps_count_in_their_order_whatever_lies_between(before: tuple[str, ...], completes: bool) -> None:
    assert bool(walked(ROW, past(*before), "book_offer", "")) is completes


def test_only_the_last_step_completes() -> None:
    assert walked(ROW, past(PAYEE, PAY), "amend_loan", "limit") == ()


def test_release_covers_the_newest_steps_that_were_there() -> None:
    assert [each.n for each in walked(ROW, past(PAYEE, LIMIT, PAYEE, LIMIT), "book_offer", "")] == [3, 4]


def test_step_without_a_sort_is_any_sort_of_its_effect() -> None:
    twice = ROW.model_copy(update={"steps": ("amend_loan", "amend_loan")})
    assert walked(twice, past(PAYEE), "amend_loan", "limit")


@given(st.lists(st.sampled_from([PAYEE, LIMIT, PAY]), max_size=9))
def test_every_way_through_the_steps_is_found(moves: list[str]) -> None:
    wanted = iter(moves)
    in_order = all(step in wanted for step in (PAYEE, LIMIT))
    assert bool(walked(ROW, past(*moves), "book_offer", "")) is in_order
