"""What differs between the rules of two versions of a book, and which way a change goes.

Owns the list of rules whose direction follows from their value: a limit that rises is looser, a quorum that rises is
tighter. What is not on that list is open. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from domain.rating import rank
from policies.book import Rules


class Direction(StrEnum):
    """Which way a change goes."""

    LOOSER = "looser"
    TIGHTER = "tighter"
    NEITHER = "neither"  # nothing is decided otherwise: a title, a source
    OPEN = "open"  # it does not follow from this change alone


RATED = "unattended_at_most"
LOOSER_WHEN_HIGHER = (
    r"limits\.",
    r"standing\..*\.(max_cents|daily_uses|daily_cents)",
    r"(thresholds|rates|tripwires)\..*\.at_most",
    r"(hours|freezes)\..*\.releasable",
    r"fresh_kyc\.",
    r"conditions_within_days",
    r"case_budget\.",
    r"exceptions\..*\.max_cents",
    RATED,
)
TIGHTER_WHEN_HIGHER = (
    r"boundaries\..*\.quorum",
    r"(standing|exceptions)\..*\.sample_bps",
    r"(thresholds|sequences)\..*\.within_days",
    r"rates\..*\.seconds",
    r"tripwires\..*\.within_minutes",
    r"judgements\.sure_enough_percent",
    r"admits\.least_years",
    r"retention\..*\.months",
)
LOOSER_WHEN_ADDED = (
    *(r"limits\.", r"standing\.", r"waivers\.(asked_by|conditions|reasons)", r"boundaries\..*\.groups"),
    r"geography\.(customers|actors|systems)\.",
    r"exceptions\.",
    r"admits\.countries",
)
TIGHTER_WHEN_ADDED = (
    r"(thresholds|freezes|sequences|rates|tripwires)\.",
    r"geography\.id",
    r"by_hand\.",
    *(r"guardrails\.", r"order\.", r"effects\.after_conditions"),
)
SAYS_NOTHING = (r"version", r"title", r".*\.(source|source_status|text|attests|reason)", r"reasons\.")
NAMED_BY = ("id", "code", "fact", "worker", "boundary", "specialist")  # what a row of a list goes by

Difference = tuple[str, str | None, str | None, Direction]  # where, before, after, direction


def rules_changes(old: Rules, new: Rules) -> Iterator[Difference]:
    """Every rule that differs, by its path in the book."""
    was, is_now = (dict(_leaves("", rules.model_dump(mode="json"))) for rules in (old, new))
    for path in dict.fromkeys((*was, *is_now)):
        before, after = was.get(path), is_now.get(path)
        if before != after:
            yield path, _text(before), _text(after), _direction(path, before, after)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(f"{path}.{name}" if path else str(name), each)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _leaves(f"{path}.{_name(each, n)}", each)
    elif value is not None:
        yield path, value


def _name(row: Any, n: int) -> str:
    """Rows go by their own names, so that a row that is put in front changes no other."""
    if not isinstance(row, dict):
        return str(row)
    named = [str(row[key]) for key in NAMED_BY if row.get(key)]
    return "/".join([*named[:2], str(row["product"])] if "product" in row else named[:2]) or str(n)


def _direction(path: str, before: Any, after: Any) -> Direction:
    if _one_of(path, SAYS_NOTHING):
        return Direction.NEITHER
    if before is None or after is None:
        return _presence(path, added=before is None)
    if path == RATED:
        before, after = rank(before), rank(after)
    if isinstance(before, int) and isinstance(after, int):
        return _value(path, rises=after > before)
    return Direction.OPEN


def _value(path: str, *, rises: bool) -> Direction:
    if _one_of(path, LOOSER_WHEN_HIGHER):
        return Direction.LOOSER if rises else Direction.TIGHTER
    if _one_of(path, TIGHTER_WHEN_HIGHER):
        return Direction.TIGHTER if rises else Direction.LOOSER
    return Direction.OPEN


def _presence(path: str, *, added: bool) -> Direction:
    if _one_of(path, LOOSER_WHEN_ADDED):
        return Direction.LOOSER if added else Direction.TIGHTER
    if _one_of(path, TIGHTER_WHEN_ADDED):
        return Direction.TIGHTER if added else Direction.LOOSER
    return Direction.OPEN


def _one_of(path: str, patterns: tuple[str, ...]) -> bool:
    return any(re.match(rf"{each}(?:$|(?<=\.)|\.)", path) for each in patterns)


def _text(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
