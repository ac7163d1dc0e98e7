"""Indirect ownership: multiplied along chains, solved in loops, and never made up where records end."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.screening.beneficial import interests
from tools.screening.ownership import Stake

FACTS = Path(__file__).resolve().parents[2].parent / "shared" / "facts" / "ofac.json"
QUARTER = Fraction(1, 4)


def of(entities: str, *stakes: tuple[str, str, int]):  # type: ignore[no-untyped-def]
    return interests([Stake(*each) for each in stakes], "C", frozenset(entities.split()))


def test_direct_owner_of_exactly_a_quarter_is_at_the_threshold() -> None:
    found = of("", ("a", "C", 2500), ("b", "C", 2490), ("c", "C", 5010))
    assert {name for name, share in found.owners.items() if share >= QUARTER} == {"a", "c"}
    assert found.rest == 0


def test_half_of_a_half_is_a_quarter() -> None:
    found = of("H", ("a", "H", 5000), ("b", "H", 5000), ("H", "C", 5000), ("d", "C", 5000))
    assert found.owners == {"a": QUARTER, "b": QUARTER, "d": Fraction(1, 2)}
    assert (found.layers, found.direct) == (1, frozenset({"d"}))


def test_shares_of_one_person_through_two_chains_add_up() -> None:
    found = of(
        "H G", ("a", "H", 4000), ("a", "G", 4000), ("b", "H", 6000), ("b", "G", 6000),
        ("H", "C", 5000), ("G", "C", 5000),
    )  # fmt: skip
    assert found.owners["a"] == Fraction(2, 5)


def test_loop_of_holdings_is_solved_and_nothing_is_lost() -> None:
    found = of("H", ("H", "C", 5000), ("a", "C", 5000), ("C", "H", 5000), ("b", "H", 5000))
    assert found.loop
    assert found.owners == {"a": Fraction(2, 3), "b": Fraction(1, 3)}


def test_loop_without_a_way_out_is_unresolved_and_the_rest_still_counts() -> None:
    found = of("H G", ("a", "C", 6000), ("H", "C", 4000), ("G", "H", 10_000), ("H", "G", 10_000))
    assert (found.owners, found.unresolved) == ({"a": Fraction(3, 5)}, {"H": Fraction(2, 5)})


def test_company_that_only_owns_itself_has_no_owner() -> None:
    found = of("H", ("H", "C", 10_000), ("C", "H", 10_000))
    assert (found.owners, found.rest) == ({}, 1)


def test_chain_that_ends_at_an_entity_leaves_its_share_unresolved() -> None:
    found = of("H G", ("H", "C", 8000), ("a", "C", 2000), ("G", "H", 5000), ("a", "H", 5000))
    assert found.unresolved == {"G": Fraction(2, 5)}
    assert (found.owners, found.layers) == ({"a": Fraction(3, 5)}, 2)


def test_without_a_stake_everything_is_unresolved() -> None:
    assert of("").unresolved == {"C": 1}


@given(
    st.lists(st.tuples(st.sampled_from("abHGK"), st.sampled_from("CHGK"), st.integers(1, 2500)), max_size=12)
)
def test_owners_and_unresolved_shares_are_always_the_whole(stakes: list[tuple[str, str, int]]) -> None:
    total: dict[str, int] = {}
    kept = []
    for owner, owned, share in stakes:
        total[owned] = total.get(owned, 0) + share
        if owner != owned and total[owned] <= 10_000:
            kept.append((owner, owned, share))
    found = of("H G K", *kept)
    assert sum(found.owners.values()) + found.rest == 1


@pytest.mark.skipif(not FACTS.is_file(), reason="shared facts not present")
def test_published_examples_of_the_quarter_are_reproduced() -> None:
    direct, chain = json.loads(FACTS.read_text())["beneficial_owner_25"]
    stakes = [(name, "C", round(float(share) * 100)) for name, share in direct["owners"].items()]
    reached = {name for name, share in of("", *stakes).owners.items() if share >= QUARTER}
    assert reached == {name for name in direct["must_collect"] if not name.startswith("+")}
    indirect = of("H", ("a", "H", 5000), ("H", "C", 5000))
    assert indirect.owners["a"] >= QUARTER
    assert chain["must_collect"][0] == "a"
