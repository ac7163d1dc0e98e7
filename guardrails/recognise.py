"""Recognises identifiers by their own form: check digits, shapes and words beside them, never a list of people.

Owns where in a text an identifier stands, one finding for a stretch. Never keeps or replaces anything. The text
is folded first, so that full-width digits, other scripts' digits, dashes of every kind and unseen signs hide
nothing. Which forms there are, and which wins where two could be meant, stands in ``identifiers``.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import Match

from domain.identity import IdentityKind
from guardrails.folding import Folded, fold
from guardrails.identifiers import RECOGNISERS, Form, Recogniser


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that is an identifier of a kind; ``value`` is its folded form."""

    start: int
    end: int
    kind: IdentityKind
    value: str
    form: Form | None = None  # None: known by its value, not recognised


def recognised(text: str) -> Iterator[Found]:
    """Every identifier that its form or the words beside it give away, in order, without overlaps."""
    folded = fold(text)
    found = [each for recogniser in RECOGNISERS for each in _by(recogniser, folded)]
    yield from apart(found)


def apart(found: Iterable[Found]) -> list[Found]:
    """The longest of those that overlap, the first named of equally long ones; in order."""
    chosen: list[Found] = []
    for each in sorted(found, key=lambda each: each.start - each.end):
        place = bisect(chosen, each.start, key=lambda other: other.start)
        after = place == 0 or chosen[place - 1].end <= each.start
        if after and (place == len(chosen) or each.end <= chosen[place].start):
            chosen.insert(place, each)
    return chosen


def _by(each: Recogniser, folded: Folded) -> Iterator[Found]:
    for match in each.pattern.finditer(folded.text):
        value = next(_holding(each, match, folded.text), None)
        if value is not None and each.fits(
            folded.text, match.start("value"), match.start("value") + len(value)
        ):
            start, end = folded.span(match.start("value"), match.start("value") + len(value))
            yield Found(start, end, each.kind, value, each.form)


def _holding(each: Recogniser, match: Match[str], text: str) -> Iterator[str]:
    """The value, or where it may run on into what follows, its beginnings that hold, longest first."""
    value, following = match["value"], text[match.end("value") : match.end("value") + 1]
    if not (each.cut and following.isalnum()) and each.holds(value):
        yield value
    for size in range(len(value) - 1, 0, -1) if each.cut else ():
        ends = value[size - 1].isalnum() and not value[size].isalnum()  # where a word or number ends
        if ends and each.holds(value[:size]):
            yield value[:size]
