"""Recognises identifiers by their own form: check digits and shapes, never by a list of people.

Owns where in a text a tax number, IBAN, card, e-mail address, telephone number or date of birth may stand.
Never keeps or replaces anything. Numbers with check digits are validated by python-stdnum; a date is only
proposed (``dates``), because most dates are nobody's birthday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import iban, luhn
from stdnum.us import itin, ssn

from domain.identity import IdentityKind

EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}\b")
TAX = re.compile(r"(?<![\w-])\d{3}([- ]?)\d{2}\1\d{4}(?![\w-])")
IBANS = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)", re.IGNORECASE)
CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])|(?<!\w)\+\d{8,15}(?!\w)"
)
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
US = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = re.compile(
    rf"\b({'|'.join(MONTHS)})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)})[a-z]*\.?,? (\d{{4}})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that is an identifier of a kind."""

    start: int
    end: int
    kind: IdentityKind
    value: str


def recognised(text: str) -> Iterator[Found]:
    """Every identifier that its own form gives away; stretches may overlap."""
    for pattern, kind, holds in (
        (EMAIL, IdentityKind.CONTACT, bool),
        (TAX, IdentityKind.TAX_NUMBER, _tax),
        (IBANS, IdentityKind.ACCOUNT_NUMBER, iban.is_valid),
        (CARD, IdentityKind.ACCOUNT_NUMBER, _card),
        (PHONE, IdentityKind.CONTACT, bool),
    ):
        for match in pattern.finditer(text):
            if holds(match.group()):
                yield Found(match.start(), match.end(), kind, match.group())


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


def _tax(text: str) -> bool:
    """A number that was or could be issued, or any in the full written form: who writes it so means it so."""
    return "-" in text or ssn.is_valid(text) or itin.is_valid(text)


def _card(text: str) -> bool:
    return luhn.is_valid(re.sub(r"[ -]", "", text))
