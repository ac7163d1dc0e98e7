"""Whether a value stands in a text, however somebody spaces, dashes, capitalises, accents or escapes it. Pure.

Owns the forms that count as the same value. Knows no pattern of identifiers: it finds exactly what it is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.identity import IdentityKind
from domain.texts import texts_of
from guardrails.dates import dates
from guardrails.folding import fold

LEAST_SIGNS = 4  # letters and digits of a value; less stands somewhere by accident
LEAST_DIGITS = 6  # of a value without letters: shorter numbers are amounts and years as well
LONGEST = 500  # a longer value is a whole document: it stands in no sentence
GAP = r"[\W_]{0,3}"  # what may stand between two signs of a value
BEGIN, END = r"(?<![^\W_])", r"(?![^\W_])"
APART = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Readable:
    """A text in every form in which it could be read, each also without what stands between its signs."""

    forms: tuple[tuple[str, str], ...]  # readable, compact
    days: frozenset[date]

    def holds(self, kind: IdentityKind, value: str) -> bool:
        """Whether the value stands in it as words or numbers of their own."""
        if kind is IdentityKind.BIRTH_DATE and any(day in self.days for _, _, day in dates(value)):
            return True
        return any(self._stands(written) for written in _written(kind, value))

    def _stands(self, signs: str) -> bool:
        looked_for = None
        for readable, compact in self.forms:
            if signs in compact:
                looked_for = looked_for or re.compile(f"{BEGIN}{GAP.join(map(re.escape, signs))}{END}")
                if looked_for.search(readable):
                    return True
        return False


def readable(text: str) -> Readable:
    """The text as whoever gets it could read it, JSON's escapes included."""
    forms = tuple((plain, _compact(plain)) for plain in map(_plain, texts_of(text)))
    return Readable(forms, frozenset(day for _, _, day in dates(text)))


def _written(kind: IdentityKind, value: str) -> Iterator[str]:
    """The signs of a value; of a name also with the last word first."""
    plain = _plain(value)
    signs = _compact(plain)
    if len(value) > LONGEST or len(signs) < (LEAST_DIGITS if signs.isdigit() else LEAST_SIGNS):
        return
    yield signs
    words = APART.split(plain.strip())
    if kind is IdentityKind.NAME and len(words) > 1:
        yield "".join([words[-1], *words[:-1]])


def _plain(text: str) -> str:
    """Case, look-alike signs, unseen signs and accents folded away."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", fold(text).text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _compact(plain: str) -> str:
    return APART.sub("", plain)
