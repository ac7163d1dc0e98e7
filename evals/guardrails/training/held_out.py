"""How rules and model do on what the weights were not learnt from: texts kept aside, and each source left out in turn.

Texts that were kept aside may have near copies among those that were learnt from (personas are handed on and changed a
little); a source is left out with its near copies. The rules were written with all of them in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from evals.guardrails.training.artefact import VERSION, threshold
from evals.guardrails.training.perceptron import Labelled, learnt
from guardrails.injection.linear import Model
from guardrails.injection.rules import by_rules
from guardrails.injection.scan import scan
from guardrails.injection.words import words

RUN = 8  # words; texts that share one run in many are near copies
ONE_IN = 8
SHARED = 3  # of the runs that are kept


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One source that was left out."""

    source: str
    texts: int
    learnt_from: int  # attempts that are no near copies of it
    by_model: int  # found by the model alone
    by_both: int  # by rules or model


@dataclass(frozen=True, slots=True)
class KeptAside:
    """The texts of one source that were kept aside, and how many of them are raised."""

    source: str
    attempts: bool
    texts: int
    raised: int


def each_kept_aside(found: Sequence[Labelled]) -> list[KeptAside]:
    """What the guardrail as it stands says of them."""
    raised: dict[tuple[str, bool], list[bool]] = {}
    for each in found:
        raised.setdefault((each.source, each.attempt), []).append(scan(each.text).found)
    return [KeptAside(*key, len(hits), sum(hits)) for key, hits in raised.items()]


def each_held_out(found: Sequence[Labelled]) -> list[HeldOut]:
    """Every source of attempts in turn."""
    return [_held_out(found, name) for name in dict.fromkeys(each.source for each in found if each.attempt)]


def _held_out(found: Sequence[Labelled], name: str) -> HeldOut:
    aside = [each for each in found if each.attempt and each.source == name]
    runs = {run for each in aside for run in _runs(each.text)}
    rest = [
        each for each in found if not (each.attempt and (each.source == name or _copies(each.text, runs)))
    ]
    model = Model(VERSION, threshold(rest), learnt(rest))
    caught = [model.score(each.text) >= model.threshold for each in aside]
    both = [hit or by_rules(each.text).found for hit, each in zip(caught, aside, strict=True)]
    return HeldOut(name, len(aside), sum(each.attempt for each in rest), sum(caught), sum(both))


def _runs(text: str) -> set[str]:
    said = words(text)
    runs = (" ".join(said[n : n + RUN]) for n in range(len(said) - RUN + 1))
    return {run for run in runs if blake2b(run.encode(), digest_size=1).digest()[0] % ONE_IN == 0}


def _copies(text: str, runs: set[str]) -> bool:
    own = _runs(text)
    return len(own & runs) * SHARED > len(own) > 0
