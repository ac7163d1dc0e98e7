"""Whether a text tries to turn a model: rules over every reading of it, then the model and what stands out."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.injection.beside import by_place
from guardrails.injection.detection import NOTHING, Detection
from guardrails.injection.linear import by_model
from guardrails.injection.readings import readings
from guardrails.injection.rules import by_rules


def scan(text: str) -> Detection:
    """The first that is found over the readings of a text."""
    return next((met for met in _over(text) if met.found), NOTHING)


def _over(text: str) -> Iterator[Detection]:
    passed = []
    for reading in readings(text):
        yield by_rules(reading)
        passed.append(reading)
    for reading in passed:
        yield by_model(reading)
        yield by_place(reading)
