"""A reading as the words that the linear model counts: words, numbers as one sign, beginnings of sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PIECE = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[.!?]+(?=\s|$)")
MOST = 4_000  # words of a reading that are counted
WINDOW, STRIDE = 36, 9  # words that are judged together, and how far the next such stretch begins
SHORTEST = 4  # words of a sentence that is judged by itself, its beginning counted
START = "^"
STEM = 5  # letters at the beginning of a word that forms and misspellings of it have in common


def words(reading: str) -> list[str]:
    """The words of a reading in small letters; ``^`` begins a sentence, ``0`` is any number."""
    found = [START]
    for piece in PIECE.finditer(reading):
        said = _word(piece[0])
        if said != START or found[-1] != START:
            found.append(said)
        if len(found) == MOST:
            break
    return found


def _word(piece: str) -> str:
    return START if piece[0] in ".!?" else "0" if piece[0].isdigit() else piece


def features(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands at each place: the word, its beginning, the word with the one before it; once in a stretch."""
    before, last = "", dict[str, int]()
    for place, word in enumerate(said):
        found = (word, f"{word[:STEM]}*", f"{before} {word}")
        yield tuple(name for name in found if place - last.get(name, -WINDOW) >= WINDOW)
        last.update(dict.fromkeys(found, place))
        before = word


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
