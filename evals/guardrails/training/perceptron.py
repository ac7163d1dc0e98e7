"""An averaged perceptron over stretches of texts: of each text only the weightiest stretch learns. Whole numbers only.

Owns the learning. Never reads a file; the order of the texts is drawn from a fixed seed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from guardrails.injection.words import features, stretches, words

EPOCHS = 6
MARGIN = 12  # a text this near to the line still learns
BIAS = 6  # taken from every stretch, so that silence is ordinary
FEWEST = 4  # texts in which a feature must stand
SCALE = 100  # of the averaged weights
LIGHTEST = 12  # after scaling; lighter weights are left out


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text of a set, as words; ``readings`` of a text are texts of their own here."""

    text: str
    attempt: bool
    source: str


@dataclass(slots=True)
class _Text:
    places: list[tuple[int, ...]]  # of each word: its features
    stretches: list[tuple[int, int]]
    attempt: bool


def learnt(texts: Sequence[Labelled]) -> dict[str, int]:
    """Weights by feature, scaled and rounded towards zero; light ones left out."""
    names = _names(texts)
    known = {name: number for number, name in enumerate(names)}
    coded = [_coded(each, known) for each in texts]
    weights, totals, step = [0] * (len(names) + 1), [0] * (len(names) + 1), 0
    order = random.Random(0)
    for _ in range(EPOCHS):
        order.shuffle(coded)
        for text in coded:
            step += 1
            _learn(text, weights, totals, step)
    scaled = {name: _scaled(weights[n] * (step + 1) - totals[n], step) for n, name in enumerate(names)}
    return {name: weight for name, weight in scaled.items() if abs(weight) >= LIGHTEST}


def _scaled(summed: int, steps: int) -> int:
    whole = abs(summed) * SCALE // steps
    return whole if summed > 0 else -whole


def _names(texts: Sequence[Labelled]) -> list[str]:
    """Features that stand in enough texts, in order."""
    seen: Counter[str] = Counter()
    for each in texts:
        seen.update({name for names in features(words(each.text)) for name in names})
    return sorted(name for name, count in seen.items() if count >= FEWEST)


def _coded(each: Labelled, known: dict[str, int]) -> _Text:
    unknown, said = len(known), words(each.text)  # the weight of what is unknown stays nothing
    places = [tuple(known.get(name, unknown) for name in names) for names in features(said)]
    return _Text(places, list(stretches(said)), each.attempt)


def _learn(text: _Text, weights: list[int], totals: list[int], step: int) -> None:
    """Move the weights of the weightiest stretch if it is on the wrong side, or near the line."""
    sums = [0, *accumulate(sum(weights[each] for each in place) for place in text.places)]
    score, start, end = max((sums[end] - sums[start], -start, end) for start, end in text.stretches)
    side = 1 if text.attempt else -1
    if side * (score - BIAS) > MARGIN:
        return
    for place in text.places[-start:end]:
        for feature in place:
            if feature < len(weights) - 1:
                weights[feature] += side
                totals[feature] += side * step
