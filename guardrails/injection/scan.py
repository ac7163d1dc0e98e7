"""Whether a text tries to turn a model: rules over every reading of it."""

from __future__ import annotations

from guardrails.injection.detection import NOTHING, Detection
from guardrails.injection.readings import readings
from guardrails.injection.rules import by_rules


def scan(text: str) -> Detection:
    """The first that is found over the readings of a text."""
    return next((met for reading in readings(text) if (met := by_rules(reading)).found), NOTHING)
