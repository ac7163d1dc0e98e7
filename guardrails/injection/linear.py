"""The linear model over a reading: whole weights of words and pairs, summed up; the weightiest stretch counts.

Owns reading ``weights.json`` and refusing one that is not as it was made. Made by ``python -m
evals.guardrails.training``; never learns, and judges no meaning: it knows the words of known attempts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from domain.canonical import digest
from domain.errors import Misconfigured
from guardrails.injection.detection import NOTHING, Detection
from guardrails.injection.words import WINDOW, named, stretches, words

FILE = Path(__file__).with_name("weights.json")
CHANCE, FEW = 350, 2  # weight for each doubling of a text's stretches beyond three
RULE, SAYS = "PIM", "reads like known attempts to turn a model"


@dataclass(frozen=True, slots=True)
class Model:
    """A text whose weightiest stretch reaches the threshold is an attempt."""

    version: int
    threshold: int
    weights: Mapping[str, int]

    def score(self, reading: str) -> int:
        """The weight of the weightiest stretch; of many, one is heavy by chance, so each doubling takes ``CHANCE``."""
        return self.weighed(words(reading))

    def weighed(self, said: Sequence[str]) -> int:
        """The same of words."""
        sums = [0, *accumulate(self._sums(said))]
        found = [sums[end] - sums[start] for start, end in stretches(said)]
        return max(found) - CHANCE * max(0, len(found).bit_length() - FEW)

    def _sums(self, said: Sequence[str]) -> list[int]:
        """The weight of each place: that of its ``features``; names that weigh nothing are not followed."""
        sums, weights = [0] * len(said), self.weights
        for names in named(said):
            last = dict[str, int]()
            for place, name in enumerate(names):
                if name in weights:
                    if place - last.get(name, -WINDOW) >= WINDOW:
                        sums[place] += weights[name]
                    last[name] = place
        return sums


def by_model(said: Sequence[str]) -> Detection:
    """What the shipped model says of the words of a reading."""
    model = shipped()
    return Detection(RULE, SAYS) if model.weighed(said) >= model.threshold else NOTHING


@cache
def shipped() -> Model:
    """The model of ``weights.json``.

    Raises:
        Misconfigured: it is not what it was made as; nothing that it says can be relied on.
    """
    return read(json.loads(FILE.read_text(encoding="utf-8")))


def read(artefact: Mapping[str, Any]) -> Model:
    """A model from what the training wrote."""
    content = {name: value for name, value in artefact.items() if name != "digest"}
    if digest(content) != artefact["digest"]:
        raise Misconfigured(
            "the weights against prompt injection are not as they were made: restore weights.json"
        )
    return Model(content["version"], content["threshold"], content["weights"])
