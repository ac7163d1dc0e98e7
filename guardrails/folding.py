"""Text as it is meant to be read: one form for look-alike signs, nothing invisible, and where each sign stood.

Owns compatibility forms (NFKC sign by sign), digits of every script, dashes, blanks, and the removal of what
nobody sees. Never changes a text that is passed on: what is found here is found in the original by ``span``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

UNSEEN = frozenset({"Cf", "Cc", "Cn", "Co", "Cs"})
KEPT = frozenset("\n\t\r")
SELECTORS = frozenset(chr(code) for code in (*range(0xFE00, 0xFE10), 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``at[n]`` is where its n-th sign stood."""

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the original."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str) -> Folded:
    """The folded text; the same text where there is nothing to fold."""
    if text.isascii() and text.isprintable():
        return Folded(text, range(len(text)))
    pieces = [folded_sign(sign) for sign in text]
    at = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), at)


@lru_cache(maxsize=8192)
def folded_sign(sign: str) -> str:
    """One sign in its plain form; empty when nobody sees it."""
    category = unicodedata.category(sign)
    if sign in KEPT or (sign.isascii() and sign.isprintable()):
        return sign
    if category in UNSEEN or sign in SELECTORS:
        return ""
    if category == "Pd" or sign == "−":
        return "-"
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    return unicodedata.normalize("NFKC", sign)
