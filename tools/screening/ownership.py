"""The 50 percent rule: which entities are blocked because blocked persons own half of them.

Owns aggregating shares of blocked persons, direct and through entities that are themselves blocked,
through chains and loops. Never decides what to do about it, and never treats control without
ownership as ownership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import BadInput

BLOCKING_SHARE = 5_000
"""Aggregate share from which property of an entity is blocked, basis points (50.00 %)."""
WHOLE = 10_000
"""All of an entity, basis points."""


class Standing(StrEnum):
    """Where an entity stands under the 50 percent rule."""

    BLOCKED = "blocked"
    """Blocked persons own half or more."""
    REFER = "refer"
    """Half is reached only if a loop of holdings counts towards itself; a person must look."""
    CLEAR = "clear"
    """Blocked persons own less than half of what is recorded."""


@dataclass(frozen=True, slots=True)
class Stake:
    """One direct holding."""

    owner: str
    """Who holds."""
    owned: str
    """Entity held."""
    share: int
    """Share of the ownership interest, basis points, above 0 and at most 10 000."""

    def __post_init__(self) -> None:
        if not 0 < self.share <= WHOLE:
            raise BadInput("a share must be above 0 and at most 10000 basis points.", field="share",
                           remedy="give the share in basis points (25 % = 2500)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnershipFinding:
    """What the rule says of one entity."""

    entity: str
    """The entity."""
    standing: Standing
    """What the rule says."""
    blocked_share: int
    """Aggregate share of blocked owners, basis points."""
    undisclosed_share: int
    """Share that no recorded stake explains, basis points."""
    blocked_owners: tuple[str, ...]
    """The direct owners that were counted, in alphabetical order."""


def fifty_percent_rule(stakes: Iterable[Stake], listed: Iterable[str]) -> tuple[OwnershipFinding, ...]:
    """Apply the 50 percent rule to every owned entity, in alphabetical order.

    An entity is blocked when the direct shares of its blocked owners sum to 5 000 basis points or
    more; a blocked owner is a listed person or an entity blocked by this rule. A blocked entity
    counts with its whole share, an entity that is not blocked counts with none (OFAC, Revised
    Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked,
    2014-08-13; FAQ 401). Sums are exact; nothing is rounded.

    The blocked set is the least one that satisfies the rule, so entities in a loop do not block
    themselves. Where a listed person stands above a loop and half is reached only by counting the
    loop's own holdings, the entity is ``REFER``.

    Args:
        stakes: direct holdings; several of one owner in one entity add up.
        listed: persons and entities on a sanctions list.

    Raises:
        BadInput: recorded shares of one entity add up to more than 10 000 basis points.
    """
    owners = _owners_of(stakes)
    named = frozenset(listed)
    blocked = _least_blocked(owners, named)
    possible = _greatest_blocked(owners, _below(owners, named) | named, named)
    return tuple(_finding(entity, owners[entity], blocked, possible) for entity in sorted(owners))


def _owners_of(stakes: Iterable[Stake]) -> dict[str, dict[str, int]]:
    owners: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for stake in stakes:
        owners[stake.owned][stake.owner] += stake.share
    for entity in sorted(owners):
        if sum(owners[entity].values()) > WHOLE:
            raise BadInput(f"the recorded shares of {entity} exceed 10000 basis points.", field="share",
                           remedy="correct the stakes so that they add up to 100 % or less")  # fmt: skip
    return owners


def _share_of(holders: dict[str, int], blocked: frozenset[str]) -> int:
    return sum(share for owner, share in holders.items() if owner in blocked)


def _least_blocked(owners: dict[str, dict[str, int]], named: frozenset[str]) -> frozenset[str]:
    blocked = named
    while True:
        grown = blocked | {e for e, held in owners.items() if _share_of(held, blocked) >= BLOCKING_SHARE}
        if grown == blocked:
            return blocked
        blocked = grown


def _below(owners: dict[str, dict[str, int]], named: frozenset[str]) -> frozenset[str]:
    """Entities in which a listed person holds anything at all, through any chain."""
    reached = named
    while True:
        grown = reached | {entity for entity, held in owners.items() if not reached.isdisjoint(held)}
        if grown == reached:
            return reached
        reached = grown


def _greatest_blocked(
    owners: dict[str, dict[str, int]], start: frozenset[str], named: frozenset[str]
) -> frozenset[str]:
    possible = start
    while True:
        kept = named | {e for e in possible if _share_of(owners.get(e, {}), possible) >= BLOCKING_SHARE}
        if kept == possible:
            return possible
        possible = kept


def _finding(
    entity: str, held: dict[str, int], blocked: frozenset[str], possible: frozenset[str]
) -> OwnershipFinding:
    standing = Standing.CLEAR
    if entity in blocked:
        standing = Standing.BLOCKED
    elif entity in possible:
        standing = Standing.REFER
    counted = tuple(sorted(owner for owner in held if owner in blocked))
    undisclosed = WHOLE - sum(held.values())
    return OwnershipFinding(entity, standing, _share_of(held, blocked), undisclosed, counted)
