"""How rules and model do on texts of which no near copy was learnt from: in parts, each left out once.

Near copies lie in one part (``near_copies``). For each part weights and threshold are made anew from the others,
without texts of our own that are near copies of one in it; then its texts are read as they would be at the door. The
rules were written with all of them in sight: only what the model finds alone was never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evals.guardrails.attacks import LETTERS
from evals.guardrails.figures import Figure
from evals.guardrails.training.artefact import VERSION, threshold
from evals.guardrails.training.near_copies import A_HALF, A_THIRD, are_copies, grouped, parts, runs_of
from evals.guardrails.training.perceptron import Labelled, learnt
from evals.guardrails.training.sources import HOUSE, INSTRUCTIONS, OWN
from guardrails.injection.beside import by_place
from guardrails.injection.linear import Model
from guardrails.injection.readings import readings
from guardrails.injection.rules import by_rules

MODEL, ALL = "model alone", "rules and model"


@dataclass(frozen=True, slots=True)
class Split:
    """The texts of the sets in parts, and texts of our own that are always learnt from."""

    texts: tuple[Labelled, ...]
    part: dict[int, int]
    own: tuple[Labelled, ...]

    def measured(self, part: int) -> list[Labelled]:
        """What lies in a part."""
        return [each for n, each in enumerate(self.texts) if self.part[n] == part]

    def learnt_from(self, part: int) -> list[Labelled]:
        """Everything else that is no near copy of it, in its readings as the shipped weights are made."""
        others = [each for n, each in enumerate(self.texts) if self.part[n] != part]
        left_out = [runs_of(each.text) for each in self.measured(part) if each.attempt]
        return [
            Labelled(reading, each.attempt, each.source)
            for each in (
                *others,
                *(own for own in self.own if not (own.attempt and _is_copy(own.text, left_out))),
            )
            for reading in islice(readings(each.text), 1 if each.attempt else None)
        ]


def split(found: Sequence[Labelled], number: int) -> Split:
    """Texts of sets in so many parts: attempts and ordinary texts each spread evenly."""
    own = tuple(each for each in found if each.source in (OWN, HOUSE))
    texts = tuple(each for each in found if each.source not in (OWN, HOUSE))
    part: dict[int, int] = {}
    for attempt, enough in ((True, A_THIRD), (False, A_HALF)):
        numbers = [n for n, each in enumerate(texts) if each.attempt is attempt]
        placed = parts(grouped([texts[n].text for n in numbers], enough), number)
        part |= {numbers[n]: where for n, where in placed.items()}
    return Split(texts, part, own)


def measured_in_parts(found: Sequence[Labelled], number: int, say: Callable[[str], None]) -> list[Figure]:
    """Figures of each set, by the model alone and by everything that reads a text; each text is read once."""
    whole, figures = split(found, number), dict[tuple[str, str], Figure]()
    for part in range(number):
        rest = whole.learnt_from(part)
        model = Model(VERSION, threshold(rest), learnt(rest))
        say(f"part {part + 1} of {number}: learnt from {len(rest)} texts, threshold {model.threshold}")
        for n, each in enumerate(whole.measured(part)):
            for text, attempt in _as_met(each, n):
                said = list(readings(text))
                alone = any(model.score(reading) >= model.threshold for reading in said)
                both = alone or any(by_rules(r).found or by_place(r).found for r in said)
                for by, hit in ((MODEL, alone), (ALL, both)):
                    figures.setdefault((each.source, by), Figure(by, each.source)).count(attempt, hit)
    return [figures[key] for key in sorted(figures)]


def _as_met(each: Labelled, n: int) -> Iterator[tuple[str, bool]]:
    """As the detector meets it: an instruction in three places of a letter, everything else as it stands."""
    if each.source != INSTRUCTIONS:
        yield each.text, each.attempt
        return
    first, second, third = letter = LETTERS[n % len(LETTERS)]
    for lines in ((each.text, *letter), (first, second, each.text, third), (*letter, each.text)):
        yield "\n".join(lines), True


def _is_copy(text: str, others: Sequence[frozenset[str]]) -> bool:
    own = runs_of(text)
    return any(are_copies(shared, own, other) for other in others if (shared := len(own & other)))
