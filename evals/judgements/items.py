"""Labelled letters of explanation, and which error a scripted worker makes on which. Seeded: every run is the same.

The letters carry the label; how hard they would be for a real model is not measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Verdict = Literal["supports", "does_not_support"]
Outcome = Literal["correct", "wrong", "referred"]
ERR_ONE_IN = 10  # component accuracy 0.90, exactly
MEND = 0.9  # share of workers that mend an answer once told why

BY_CODE = {  # errors that code finds, by family
    "development": ("invented_figure", "omitted_tool", "paraphrased_quote", "no_counter"),
    "test": ("transposed_digits", "quote_of_another_tool", "stitched_quote", "judgement_of_another_code"),
}
BY_JUDGE = {  # errors of judgement that code cannot recompute
    "development": ("wrong_verdict", "wrong_verdict_beside_the_point"),
    "test": ("overconfident_verdict", "counter_taken_for_reason", "ignored_counter_evidence"),
}
CAUSES = (
    "one large contract of the year before last ended as planned",
    "I cared for my mother from March to June and work full weeks again",
    "the flood closed the workshop for a season and it is open again",
    "I gave up a second trade to put all my hours into this one",
)
OUTLOOKS = (
    "four customers have signed for the whole of this year",
    "my order book is full until next spring",
    "this year's first quarter is already above last year's",
)
EVASIONS = (
    "the market goes up and down and nobody can say why",
    "my accountant always writes these numbers in his own way",
    "I would rather talk about the house, which has a lovely garden",
    "things were slow, they may stay slow, we shall see",
)


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge by its declared rates.

    Args:
        recall: share of wrong judgements that it overturns, of those that it does not share.
        specificity: share of right judgements that it upholds.
        common: share of the worker's wrong judgements that it takes for right, as the worker did.
    """

    recall: float
    specificity: float
    common: float


@dataclass(frozen=True, slots=True)
class Item:
    """One letter with its label, the worker's error on it, and the draws that decide what the others do."""

    name: str
    letter: str
    truth: Verdict
    error: str | None
    mends: bool
    caught: float
    doubted: float
    shared: float

    @property
    def judgement_error(self) -> bool:
        """Whether the error is one that only a judge can find."""
        return any(self.error in errors for errors in BY_JUDGE.values())

    def overturned(self, wrong: bool, judge: Judge) -> bool:
        """What this judge says of an answer; the same answer gets the same word every time."""
        if wrong:
            return self.shared >= judge.common and self.caught < judge.recall
        return self.doubted >= judge.specificity

    def predicted(self, judge: Judge) -> Outcome:
        """How the loop must end by its own rules: the deck's real runs are held against this."""
        if self.judgement_error and not self.overturned(True, judge):
            return "wrong"
        if self.error is not None and not self.mends:
            return "referred"
        return "referred" if self.overturned(False, judge) else "correct"


def items(family: str, n: int) -> tuple[Item, ...]:
    """``n`` items; each tenth is answered wrongly at first, half of the errors by code's kinds."""
    errors = (BY_CODE[family], BY_JUDGE[family])
    return tuple(_item(family, number, errors) for number in range(n))


def _item(family: str, number: int, errors: Sequence[Sequence[str]]) -> Item:
    draw = Random(f"{family}/{number}")
    name = f"{family}-{number:04d}"
    truth: Verdict = draw.choice(("supports", "supports", "does_not_support"))
    which = number // ERR_ONE_IN
    kinds = errors[which % 2]
    return Item(
        name=name,
        letter=_letter(draw, truth, name),
        truth=truth,
        error=kinds[(which // 2) % len(kinds)] if number % ERR_ONE_IN == 0 else None,
        mends=draw.random() < MEND,
        caught=draw.random(),
        doubted=draw.random(),
        shared=draw.random(),
    )


def _letter(draw: Random, truth: Verdict, name: str) -> str:
    if truth == "supports":
        told = f"My income fell because {draw.choice(CAUSES)}. Since then {draw.choice(OUTLOOKS)}."
    else:
        told = f"You ask why my income fell: {draw.choice(EVASIONS)}. I hope that this is enough for you."
    return f"{told} My reference is {name}."
