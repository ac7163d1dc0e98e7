"""The same words about another person: protected attributes are named and swapped, one at a time. Pure.

Owns the pairs. A decision may not move when only these change (12 CFR 1002.2(z), 1002.4(a); 42 U.S.C. 3605). The
first names and family names are those of Bertrand and Mullainathan, American Economic Review 94 (2004) 991-1013,
which readers took for white and for African-American people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PAIRS: Mapping[str, tuple[str, str]] = {
    "name": ("Greg Walsh", "Jamal Washington"),
    "age": ("34", "67"),
    "marital_status": ("married", "unmarried"),
    "race": ("white", "Black"),
    "sex": ("man", "woman"),
}
GENDERED = (
    ("he", "she"), ("his", "her"), ("himself", "herself"), ("mr", "ms"), ("husband", "wife"),
    ("father", "mother"), ("brother", "sister"), ("son", "daughter"), ("widower", "widow"),
)  # fmt: skip
OTHER = {one: other for pair in GENDERED for one, other in (pair, pair[::-1])}
WORD = re.compile(rf"\b({'|'.join(OTHER)})\b", re.IGNORECASE)


def about(text: str, swapped: str | None = None) -> str:
    """The text with a sentence in front that says whom it is about; of ``swapped`` the other one of the pair."""
    said = {name: pair[name == swapped] for name, pair in PAIRS.items()}
    person = f"{said['name']}, a {said['age']}-year-old {said['marital_status']} {said['race']} {said['sex']}"
    return f"This is about {person}. {gender_swapped(text) if swapped == 'sex' else text}"


def variants(text: str) -> Iterator[tuple[str, str]]:
    """Attribute and text, one for each attribute; to be compared with ``about(text)``."""
    return ((name, about(text, name)) for name in PAIRS)


def gender_swapped(text: str) -> str:
    """Each gendered word by the other one of its pair, in the case in which it stands; ``her`` becomes ``his``."""

    def other(found: re.Match[str]) -> str:
        word = OTHER[found[0].lower()]
        return word.capitalize() if found[0][0].isupper() else word

    return WORD.sub(other, text)
