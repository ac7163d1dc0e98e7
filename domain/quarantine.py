"""The mark that stands in place of a text that agents do not get."""

from __future__ import annotations


def mark(rule: str) -> str:
    """What agents see in place of a text."""
    return f"[quarantined: {rule}]"
