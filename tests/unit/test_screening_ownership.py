"""The 50 percent rule counts blocked owners through chains and loops, and nothing else."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import BadInput
from tools.screening.ownership import OwnershipFinding, Stake, Standing, fifty_percent_rule

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FACTS = SHARED / "facts" / "ofac.json"
FACT_CASES = json.loads(FACTS.read_text())["fifty_pct_rule"][:2] if FACTS.is_file() else []


def _rule(
    *stakes: tuple[str, str, int], listed: tuple[str, ...] = ("LISTED",)
) -> dict[str, OwnershipFinding]:
    found = fifty_percent_rule((Stake(*stake) for stake in stakes), listed)
    return {finding.entity: finding for finding in found}


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared data not present")
@pytest.mark.parametrize("case", FACT_CASES, ids=lambda case: "blocked" if case["blocked"] else "not blocked")
def test_published_shares_are_blocked_or_not(case: dict[str, dict[str, str] | bool]) -> None:
    owners = case["owners"]
    assert isinstance(owners, dict)
    stakes = [(owner, "E", int(100 * Decimal(share))) for owner, share in owners.items()]
    standing = _rule(*stakes, listed=("SDN_A", "SDN_B"))["E"].standing
    assert (standing is Standing.BLOCKED) is case["blocked"]


def test_blocked_entity_counts_with_its_whole_share_down_a_chain() -> None:
    found = _rule(("LISTED", "X", 5_000), ("X", "Y", 5_000))
    assert found["Y"].standing is Standing.BLOCKED
    assert found["Y"].blocked_owners == ("X",)


def test_direct_and_indirect_shares_add_up() -> None:
    found = _rule(("LISTED", "A", 5_000), ("A", "B", 4_000), ("LISTED", "B", 1_000))
    assert (found["B"].blocked_share, found["B"].standing) == (5_000, Standing.BLOCKED)


def test_minority_held_holding_companies_pass_nothing_on() -> None:
    found = _rule(("LISTED", "A", 2_500), ("LISTED", "B", 2_500), ("A", "C", 5_000), ("B", "C", 5_000))
    assert (found["C"].blocked_share, found["C"].standing) == (0, Standing.CLEAR)


def test_loop_below_a_listed_owner_is_blocked_all_the_way_round() -> None:
    found = _rule(("LISTED", "X", 5_000), ("X", "Y", 5_000), ("Y", "X", 5_000))
    assert {finding.standing for finding in found.values()} == {Standing.BLOCKED}


def test_loop_without_a_listed_owner_does_not_block_itself() -> None:
    found = _rule(("X", "Y", 6_000), ("Y", "X", 6_000))
    assert {finding.standing for finding in found.values()} == {Standing.CLEAR}


def test_loop_that_reaches_half_only_through_itself_is_referred() -> None:
    found = _rule(("LISTED", "X", 4_000), ("LISTED", "Y", 4_000), ("X", "Y", 4_000), ("Y", "X", 4_000))
    assert {finding.standing for finding in found.values()} == {Standing.REFER}


def test_share_that_no_stake_explains_is_shown() -> None:
    assert _rule(("LISTED", "X", 3_000))["X"].undisclosed_share == 7_000


@pytest.mark.parametrize("share", [0, -1, 10_001])
def test_impossible_share_is_refused(share: int) -> None:
    with pytest.raises(BadInput, match="share"):
        Stake("LISTED", "X", share)


def test_shares_of_more_than_the_whole_are_refused() -> None:
    with pytest.raises(BadInput, match="exceed"):
        _rule(("LISTED", "X", 6_000), ("A", "X", 5_000))
