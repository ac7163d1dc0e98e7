"""Phrasings as rules: a code, what it recognises, and one function that says which rule a text meets first.

Owns no list of its own; guardrails do. Patterns look at words, case and spacing ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

Rules = Mapping[str, Pattern[str]]
STOPS = re.compile(r"(?<=[.!?;])\s+|\n+")


def rules(**written: str) -> Rules:
    """Rules by code; spaces stand for any white space."""
    return {code: re.compile(text.replace(" ", r"\s+"), re.IGNORECASE) for code, text in written.items()}


def first_met(text: str, known: Rules) -> str | None:
    """The code of the first rule that the text meets."""
    return next((code for code, pattern in known.items() if pattern.search(text)), None)


def sentences(text: str) -> tuple[str, ...]:
    """Sentences and clauses between semicolons, in order."""
    return tuple(each for each in STOPS.split(text) if each.strip())
