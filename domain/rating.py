"""How much harm a tool or an effect could do, rated from its manifest alone. Pure; never decides what follows.

    critical   moves money and cannot be undone
    high       moves money, or changes another system and cannot be undone
    elevated   changes another system, or writes what cannot be undone
    moderate   writes what can be undone, resolves identity, or needs the customer's consent
    low        reads the case, public sources or nothing

The scale and its order are the house's own. Which rating needs a person is a row of the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Reads = Literal["nothing", "case", "identity"]  # the most sensitive thing it reads
Writes = Literal["nothing", "own", "other"]  # the bank's other systems are ``other``
Permission = Literal["mandate", "consent", "authority"]  # what it takes to be used
Rating = Literal["low", "moderate", "elevated", "high", "critical"]
Unattended = Literal["low", "moderate", "elevated", "high"]  # what is critical never runs without a person
RATINGS: tuple[Rating, ...] = ("low", "moderate", "elevated", "high", "critical")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a tool or an effect touches.

    Args:
        name: of the tool or effect.
        reads: the most sensitive thing it reads.
        writes: whose records it changes.
        reversible: whether what it writes can be undone; true where it writes nothing.
        permission: what it takes to be used.
        money: whether it moves money.
    """

    name: str
    reads: Reads
    writes: Writes
    reversible: bool
    permission: Permission
    money: bool


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating with its reasons, as people read them."""

    rating: Rating
    because: tuple[str, ...]


def rate(manifest: Manifest) -> Rated:
    """The worst that any of its traits comes to, and every trait that comes to it."""
    found = list(_traits(manifest)) or [("low", f"reads {manifest.reads} and changes nothing")]
    worst = max((rating for rating, _ in found), key=rank)
    return Rated(worst, tuple(why for rating, why in found if rating == worst))


def rank(rating: Rating) -> int:
    """0 for low to 4 for critical."""
    return RATINGS.index(rating)


def _traits(given: Manifest) -> Iterator[tuple[Rating, str]]:
    if given.money:
        yield (
            ("high", "moves money") if given.reversible else ("critical", "moves money and cannot be undone")
        )
    if given.writes == "other":
        undone: tuple[Rating, str] = ("elevated", "changes another system")
        yield undone if given.reversible else ("high", "changes another system and cannot be undone")
    if given.writes == "own":
        kept: tuple[Rating, str] = ("moderate", "writes our own records")
        yield kept if given.reversible else ("elevated", "writes what cannot be undone")
    if given.reads == "identity":
        yield "moderate", "resolves identity"
    if given.permission == "consent":
        yield "moderate", "needs the customer's consent"
