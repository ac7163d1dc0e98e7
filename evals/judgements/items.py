"""Labelled items, and which error a scripted worker makes on which. Seeded: every run is the same. Pure.

Owns the rules by which the loop must end under declared rates; the deck holds its real runs against them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from evals.judgements.kinds import KINDS, Kind
from evals.judgements.subjects import SUBJECTS
from evals.judgements.told import Told, Verdict

Outcome = Literal["correct", "wrong", "referred"]
ERR_ONE_IN = 10  # component accuracy 0.90, exactly
ROUND = len(SUBJECTS) * ERR_ONE_IN  # items after which each judgement has had one error


@dataclass(frozen=True, slots=True)
class Rates:
    """What is declared of the judge and of the worker's second try.

    Args:
        recall: share of faulty judgements that the judge overturns, of those that it does not share.
        specificity: share of judgements without fault that it upholds.
        common: share of the worker's faulty judgements that it takes for right, as the worker did.
        mend: share of answers that the worker mends once it is told why they cannot be used.
    """

    recall: float
    specificity: float
    common: float
    mend: float


@dataclass(frozen=True, slots=True)
class Loop:
    """What of the loop is in place."""

    checks: bool = True  # code's
    judge: bool = True


WHOLE = Loop()


@dataclass(frozen=True, slots=True)
class Item:
    """One text with its label, the worker's error on it, and the draws that decide what the others do."""

    name: str
    code: str  # the judgement
    told: Told
    truth: Verdict
    error: Kind | None
    mending: float
    caught: float
    doubted: float
    shared: float

    def mends(self, rates: Rates) -> bool:
        """Whether the worker's second try is without error."""
        return self.mending < rates.mend

    def faulty(self, answer: str, quote: str) -> bool:
        """Whether a judgement says what is not so, or rests on words that do not carry it."""
        return answer != self.truth or not self.told.carries(quote)

    def overturned(self, faulty: bool, rates: Rates) -> bool:
        """What the judge says of a judgement; the same one gets the same word every time."""
        if faulty:
            return self.shared >= rates.common and self.caught < rates.recall
        return self.doubted >= rates.specificity

    def predicted(self, rates: Rates, loop: Loop = WHOLE) -> Outcome:
        """How the loop must end by its own rules."""
        doubted = loop.judge and self.overturned(False, rates)
        if self.error is not None:
            if not self._sent_back(self.error, rates, loop):
                return "wrong"
            if not self.mends(rates):
                return "referred"
        return "referred" if doubted else "correct"

    def _sent_back(self, error: Kind, rates: Rates, loop: Loop) -> bool:
        if loop.checks and error.found_by == "code":
            return True
        if not loop.judge or error.shows == "no_judgement":
            return False
        return self.overturned(error.shows == "fault", rates)


def items(family: str, n: int) -> tuple[Item, ...]:
    """``n`` items, the judgements in turn; of each every tenth is answered wrongly at first, every kind in turn."""
    return tuple(_item(family, number) for number in range(n))


def _item(family: str, number: int) -> Item:
    draw, name = Random(f"{family}/{number}"), f"{family}-{number:04d}"
    turn, place = divmod(number, len(SUBJECTS))
    subject = SUBJECTS[place]
    truth: Verdict = draw.choice(("supports", "supports", "does_not_support"))
    told = subject.tell(draw, truth, name)
    kinds = [each for each in KINDS if each.family == family and told.has(each.needs)]
    nth = (
        turn // ERR_ONE_IN + place
    )  # judgements begin with different kinds, so that few errors are many kinds
    return Item(
        name=name,
        code=subject.code,
        told=told,
        truth=truth,
        error=kinds[nth % len(kinds)] if turn % ERR_ONE_IN == 0 else None,
        mending=draw.random(),
        caught=draw.random(),
        doubted=draw.random(),
        shared=draw.random(),
    )


def without_errors(all_items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same items for a model that is not scripted."""
    return tuple(replace(each, error=None) for each in all_items)
