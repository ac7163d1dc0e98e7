"""Which texts are near copies of one another: they share many runs of words. Pure; equal texts give equal groups.

Personas and templates are handed on and changed a little. A text that was learnt from must not be measured by its
copy, so whoever measures keeps near copies on one side. Judges no meaning: a paraphrase in other words is no copy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from guardrails.injection.readings import readings
from guardrails.injection.words import START, words

RUN = 4  # words, folded and in small letters, any number as one
A_THIRD, A_HALF = (
    3,
    2,
)  # of the shorter text's runs: enough for attempts; short questions share that much by chance
Runs = frozenset[str]


def runs_of(text: str) -> Runs:
    """Every run of the plain reading; of a text that is shorter than a run, the whole of it."""
    said = [word for word in words(next(readings(text))) if word != START]
    return frozenset(" ".join(said[n : n + RUN]) for n in range(max(1, len(said) - RUN + 1)))


def are_copies(shared: int, one: Runs, other: Runs, enough: int = A_THIRD) -> bool:
    """Whether two texts that share so many runs are near copies."""
    return shared * enough >= min(len(one), len(other))


def grouped(texts: Sequence[str], enough: int = A_THIRD) -> list[list[int]]:
    """The texts by number, near copies and copies of copies together; the largest group first."""
    runs = [runs_of(text) for text in texts]
    leads = list(range(len(texts)))
    for (one, other), shared in sorted(_shared(runs).items()):
        if are_copies(shared, runs[one], runs[other], enough):
            leads[_lead(leads, other)] = _lead(leads, one)
    groups: dict[int, list[int]] = defaultdict(list)
    for n in range(len(texts)):
        groups[_lead(leads, n)].append(n)
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def parts(groups: Iterable[Sequence[int]], number: int) -> dict[int, int]:
    """In which of so many parts each text lies: groups are whole, each goes where the fewest texts are."""
    sizes, found = [0] * number, dict[int, int]()
    for group in groups:
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(group)
        found |= dict.fromkeys(group, smallest)
    return found


def _shared(runs: Sequence[Runs]) -> Mapping[tuple[int, int], int]:
    """How many runs each two texts share; pairs that share none are left out."""
    holding: dict[str, list[int]] = defaultdict(list)
    for n, each in enumerate(runs):
        for run in each:
            holding[run].append(n)
    found: Counter[tuple[int, int]] = Counter()
    for numbers in holding.values():
        found.update(combinations(numbers, 2))
    return found


def _lead(leads: list[int], n: int) -> int:
    while leads[n] != n:
        leads[n] = leads[leads[n]]
        n = leads[n]
    return n
