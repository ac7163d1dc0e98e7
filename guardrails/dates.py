"""Full dates in the ways people write them. Most are nobody's birthday, so that they are only proposed.

Owns where a date stands and which day it is. Never says whose it is: the vault's blind index does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
US = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = re.compile(
    rf"\b({'|'.join(MONTHS)})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)})[a-z]*\.?,? (\d{{4}})\b", re.IGNORECASE
)


def dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Every full date, in the ways people write one, with where it stands."""
    for match in ISO.finditer(text):
        yield from _date(match, *match.groups())
    for match in US.finditer(text):
        month, day, year = match.groups()
        yield from _date(match, year, month, day)
    for match in NAMED.finditer(text):
        name, day, year = match.groups()
        yield from _date(match, year, MONTHS.index(name.lower()) + 1, day)
    for match in DAY_FIRST.finditer(text):
        day, name, year = match.groups()
        yield from _date(match, year, MONTHS.index(name.lower()) + 1, day)


def _date(
    match: re.Match[str], year: str | int, month: str | int, day: str | int
) -> Iterator[tuple[int, int, date]]:
    try:
        yield match.start(), match.end(), date(int(year), int(month), int(day))
    except ValueError:
        return
