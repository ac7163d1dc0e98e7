"""Whether a text tries to turn a model: rules over every reading of it, then the model and what stands out."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.injection.beside import by_place
from guardrails.injection.detection import NOTHING, Detection
from guardrails.injection.linear import by_model
from guardrails.injection.readings import readings
from guardrails.injection.rules import by_rules
from guardrails.injection.words import words


def scan(text: str) -> Detection:
    """The first that is found over the readings of a text."""
    return next((met for met in _over(text) if met.found), NOTHING)


def _over(text: str) -> Iterator[Detection]:
    """Over each reading, and over the words of each, once: another way to read it may come to the same."""
    passed = dict[str, None]()
    for reading in readings(text):
        if reading not in passed:
            yield by_rules(reading)
            passed[reading] = None
    weighed = set[tuple[str, ...]]()
    for reading in passed:
        said = tuple(words(reading))
        if said not in weighed:
            yield by_model(said)
            weighed.add(said)
        yield by_place(reading)
