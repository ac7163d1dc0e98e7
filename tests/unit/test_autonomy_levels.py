"""Levels of autonomy: their order, which one counts, and what the book gives."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.autonomy import LADDER, Level, is_below, lowest, needs_person, one_below
from domain.errors import InvalidPolicy
from graphs.catalog import VOCABULARY
from policies.autonomy import Autonomy
from policies.loader import BOOKS, read_book


def test_the_ladder_goes_from_acting_to_the_shadow() -> None:
    assert LADDER == (Level.ACT, Level.SAMPLED, Level.ADVISE, Level.SHADOW)
    assert all(is_below(lower, upper) for upper, lower in pairwise(LADDER))
    assert [needs_person(each) for each in LADDER] == [False, False, True, True]


def test_a_step_down_never_leads_up_and_ends_in_the_shadow() -> None:
    assert [one_below(each) for each in LADDER] == [*LADDER[1:], Level.SHADOW]


@given(st.lists(st.sampled_from(LADDER)))
def test_the_lowest_of_several_levels_counts(levels: list[Level]) -> None:
    found = lowest(levels)
    assert not any(is_below(each, found) for each in levels)
    assert found in (levels or [Level.ACT])


def test_a_book_may_give_one_specialist_less_than_the_others() -> None:
    rules = Autonomy(default=Level.SAMPLED, specialists={"bureau_analyst": Level.ADVISE})
    assert (rules.of("bureau_analyst"), rules.of("risk_rater")) == (Level.ADVISE, Level.SAMPLED)


@pytest.mark.parametrize("wrong", ["specialists: {nobody: advise}", "default: often", "sampled_bps: 10001"])
def test_a_book_that_names_no_specialist_or_no_level_is_refused(wrong: str) -> None:
    text = (BOOKS / "loan_amendment.yaml").read_text(encoding="utf-8")
    changed = text.replace("autonomy:", f"autonomy:\n  {wrong}\nlater:", 1).split("\nlater:")
    rest = changed[1].split("\neffects:", 1)[1]
    with pytest.raises(InvalidPolicy, match="autonomy"):
        read_book(f"{changed[0]}\neffects:{rest}", VOCABULARY, "wrong")
