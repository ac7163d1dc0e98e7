"""How much a specialist may bring about by itself in one workflow: four levels, of several the lowest counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """From most to least; each level also has the restrictions of those above it. ``LADDER`` is their order."""

    ACT = "act"  # standing authority as the book grants it
    SAMPLED = "sampled"  # the same, and the book's larger share of its uses is drawn for a person's review
    ADVISE = "advise"  # nothing that rests on its findings happens without a person
    SHADOW = "shadow"  # what its model says is recorded and not used; its playbook does the work


LADDER = tuple(Level)


def lowest(levels: Iterable[Level]) -> Level:
    """The one that counts; ``act`` where nothing speaks against it."""
    return max(levels, key=LADDER.index, default=Level.ACT)


def is_below(level: Level, other: Level) -> bool:
    """Whether ``level`` allows less than ``other``."""
    return LADDER.index(level) > LADDER.index(other)


def one_below(level: Level) -> Level:
    """The next level down; the last one stays."""
    return LADDER[min(LADDER.index(level) + 1, len(LADDER) - 1)]


def needs_person(level: Level) -> bool:
    """Whether nothing that rests on such findings may happen without a person."""
    return not is_below(Level.ADVISE, level)
