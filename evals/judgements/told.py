"""What the judged text says, and which words of it carry the right answer and which are easily taken for others.

Every text has all parts, whatever error is made on it, so that neither an error nor its absence can be told
from the text. How hard the texts would be for a real model is not measured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Verdict = Literal["supports", "does_not_support"]
Ways = Mapping[Verdict, tuple[str, ...]]
OPPOSITE: Mapping[Verdict, Verdict] = {"supports": "does_not_support", "does_not_support": "supports"}


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its parts, and the figures that stand beside it.

    Args:
        text: what the specialist reads.
        ground: the words that carry the right answer.
        spans: words by part: ``negated`` (of a sentence that denies them), ``stale`` (another period),
            ``other`` (somebody else), ``beside`` (true, and no answer to the question).
        said: sentences by kind of error, each with a figure that a tool gives of something else.
        earlier: an older text, where the stale words stand in a record of their own.
        numbers: figures of the records, by name.
    """

    text: str
    ground: tuple[str, ...]
    spans: Mapping[str, str]
    said: Mapping[str, str] = field(default_factory=dict)
    earlier: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """Whether an error that needs this part can be made on this text."""
        return part == "ground" or part in self.spans or part in self.said

    def carries(self, quote: str) -> bool:
        """Whether these are words that the right answer rests on."""
        return any(quote in each for each in self.ground)


@dataclass(frozen=True, slots=True)
class Bank:
    """Sentences of one judgement by what is so.

    Args:
        ground: carry the right answer; with ``;`` two sentences that stand together.
        denied: sentence with the denied words between ``[`` and ``]``; alone they say the opposite.
        stale: say the opposite, of another period.
        other: say the opposite, of somebody else.
        beside: true, and answer another question.
    """

    ground: Ways
    denied: Ways
    stale: Ways
    other: Ways
    beside: tuple[str, ...]

    def told(self, draw: Random, truth: Verdict, reference: str) -> Told:
        """One text in an order of its own, with its reference as the last sentence."""
        ground = tuple(draw.choice(self.ground[truth]).split("; "))
        denied = draw.choice(self.denied[truth])
        spans = {
            "negated": denied[denied.index("[") + 1 : denied.index("]")],
            "stale": draw.choice(self.stale[truth]),
            "other": draw.choice(self.other[truth]),
            "beside": draw.choice(self.beside),
        }
        whole = denied.replace("[", "").replace("]", "")
        parts = [". ".join(ground), whole, spans["stale"], spans["other"], spans["beside"]]
        draw.shuffle(parts)
        return Told(". ".join([*parts, f"The reference is {reference}."]), ground, spans)
