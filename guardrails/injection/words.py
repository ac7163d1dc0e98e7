"""A reading as the words that the linear model counts: words, numbers as one sign, beginnings of sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

PIECE = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[.!?]+(?=\s|$)")
ENDS = ".!?"  # of a sentence
MOST = 4_000  # words of a reading that are counted
WINDOW, STRIDE = 36, 9  # words that are judged together, and how far the next such stretch begins
SHORTEST = 4  # words of a sentence that is judged by itself, its beginning counted
START = "^"
STEM = 5  # letters at the beginning of a word that forms and misspellings of it have in common


def words(reading: str) -> list[str]:
    """The words of a reading in small letters; ``^`` begins a sentence, ``0`` is any number."""
    said = [word for token in reading.split() for word in ((token,) if token.isalpha() else _pieces(token))]
    kept = [word for before, word in pairwise((START, *said)) if word != START or before != START]
    return [START, *kept[: MOST - 1]]


def _pieces(token: str) -> Sequence[str]:
    """The words of what stands between two blanks; the commonest form, a word before one sign, without looking far."""
    bare, sign = token[:-1], token[-1]
    if bare.isalpha() and not sign.isalnum() and sign != "'":
        return (bare, START) if sign in ENDS else (bare,)
    return [START if each[0] in ENDS else "0" if each[0].isdigit() else each for each in PIECE.findall(token)]


def named(said: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What stands at each place: the words, their beginnings, each word with the one before it."""
    return said, [f"{word[:STEM]}*" for word in said], [f"{one} {two}" for one, two in pairwise(("", *said))]


def features(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What counts at each place: of what stands there each name once in a stretch."""
    last = dict[str, int]()
    for place, found in enumerate(zip(*named(said), strict=True)):
        yield tuple(name for name in found if place - last.get(name, -WINDOW) >= WINDOW)
        last.update(dict.fromkeys(found, place))


def stretches(said: Sequence[str]) -> Iterator[tuple[int, int]]:
    """What is judged together: overlapping stretches of so many words, and each sentence where there are several."""
    length = len(said)
    yield 0, min(WINDOW, length)
    for start in range(STRIDE, length - WINDOW + STRIDE, STRIDE):
        yield start, min(start + WINDOW, length)
    begins = [place for place, word in enumerate(said) if word == START]
    if len(begins) > 1:
        ends = [*begins[1:], length]
        yield from ((a, b) for a, b in zip(begins, ends, strict=True) if b - a >= SHORTEST)
