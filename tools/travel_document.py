"""Machine-readable zone of travel documents: parsed and checked.

Owns the layouts TD1, TD2 and TD3 of ICAO 9303 and their check digits. Never says that a
document is genuine (check digits find misreadings and clumsy alterations, not forgeries),
never matches a person, and keeps identity out of its messages and representations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.errors import BadInput
from domain.machine_readable import FILLER, zone_digit

_LINE = re.compile(r"[A-Z0-9<]+")
Span = tuple[int, int, int]  # line, first character, end


class Format(StrEnum):
    """Size of document."""

    TD1 = "TD1"  # card, three lines of 30
    TD2 = "TD2"  # small booklet or card, two lines of 36
    TD3 = "TD3"  # passport, two lines of 44


class Check(StrEnum):
    """What a check digit protects."""

    NUMBER = "document_number"  # the document's number
    BIRTH = "date_of_birth"  # date of birth
    EXPIRY = "date_of_expiry"  # last day of validity
    PERSONAL = "personal_number"  # optional field of a passport
    COMPOSITE = "composite"  # all of the protected fields together


@dataclass(frozen=True, slots=True)
class _Layout:
    lines: int
    width: int
    names: Span
    number: Span
    nationality: Span
    birth: Span
    sex: Span
    expiry: Span
    optional: Span
    composite: tuple[Span, ...]
    composite_at: Span
    personal_at: Span | None = None


_TD2_COMPOSITE = ((1, 0, 10), (1, 13, 20), (1, 21, 35))
_TD3_COMPOSITE = ((1, 0, 10), (1, 13, 20), (1, 21, 43))
_LAYOUTS = {
    Format.TD1: _Layout(
        lines=3, width=30, names=(2, 0, 30), number=(0, 5, 14), nationality=(1, 15, 18),
        birth=(1, 0, 6), sex=(1, 7, 8), expiry=(1, 8, 14), optional=(0, 15, 30),
        composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), composite_at=(1, 29, 30),
    ),
    Format.TD2: _Layout(
        lines=2, width=36, names=(0, 5, 36), number=(1, 0, 9), nationality=(1, 10, 13),
        birth=(1, 13, 19), sex=(1, 20, 21), expiry=(1, 21, 27), optional=(1, 28, 35),
        composite=_TD2_COMPOSITE, composite_at=(1, 35, 36),
    ),
    Format.TD3: _Layout(
        lines=2, width=44, names=(0, 5, 44), number=(1, 0, 9), nationality=(1, 10, 13),
        birth=(1, 13, 19), sex=(1, 20, 21), expiry=(1, 21, 27), optional=(1, 28, 42),
        composite=_TD3_COMPOSITE, composite_at=(1, 43, 44), personal_at=(1, 42, 43),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """What a machine-readable zone says; identity is left out of ``repr``.

    Args:
        format: size of document.
        code: document code, e.g. ``P`` or ``I``.
        issuer: issuing state or organisation, three letters (``D`` for Germany).
        nationality: nationality of the holder, as ``issuer``.
        number: document number.
        surname: primary identifier.
        given_names: secondary identifier, may be empty.
        names_cut: the names fill their field and may have been cut off.
        birth: date of birth; None when any part is unknown.
        sex: ``M``, ``F`` or ``X`` for unspecified.
        expiry: last day of validity; None when not given.
        optional: optional field as written, without trailing fillers.
        checks: each check digit and whether it fits.
    """

    format: Format
    code: str
    issuer: str
    nationality: str
    number: str = field(repr=False)
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    names_cut: bool
    birth: date | None = field(repr=False)
    sex: str
    expiry: date | None
    optional: str = field(repr=False)
    checks: Mapping[Check, bool]

    @property
    def valid(self) -> bool:
        """Whether every check digit fits."""
        return all(self.checks.values())

    def expired_on(self, day: date) -> bool:
        """Whether it was no longer valid on ``day``; no readable expiry counts as expired."""
        return self.expiry is None or self.expiry < day


def check_digit(text: str) -> str:
    """Check digit of a field (``domain/machine_readable.py``).

    Raises:
        BadInput: when a character cannot stand in a machine-readable zone.
    """
    if not _LINE.fullmatch(text):
        raise BadInput(
            "A field has characters other than A-Z, 0-9 and <.", field="text", remedy="Read it again."
        )
    return zone_digit(text)


def read_travel_document(lines: Sequence[str], as_of: date) -> TravelDocument:
    """Parse the lines of a machine-readable zone and try its check digits.

    Years have two digits: a birth is in the latest century not after ``as_of``, an expiry
    within fifty years of it. Source: ICAO 9303, parts 3 to 6 (eighth edition, 2021).

    Args:
        lines: the two or three lines, exactly as printed.
        as_of: the date of the assignment.

    Raises:
        BadInput: naming the line (``row``) or field, when it is no TD1, TD2 or TD3 or a date is impossible.
    """
    size, layout = _format_of(lines)
    names = _cut(lines, layout.names)
    surname, _, given = names.partition("<<")
    number, number_check = _number(lines, layout)
    return TravelDocument(
        format=size,
        code=lines[0][:2].rstrip(FILLER),
        issuer=lines[0][2:5].rstrip(FILLER),
        nationality=_cut(lines, layout.nationality).rstrip(FILLER),
        number=number.rstrip(FILLER),
        surname=_words(surname),
        given_names=_words(given),
        names_cut=not names.endswith(FILLER),
        birth=_birth(_cut(lines, layout.birth), as_of),
        sex=_cut(lines, layout.sex).replace(FILLER, "X"),
        expiry=_expiry(_cut(lines, layout.expiry), as_of),
        optional=_cut(lines, layout.optional).rstrip(FILLER),
        checks=_checks(lines, layout, check_digit(number) == number_check),
    )


def _format_of(lines: Sequence[str]) -> tuple[Format, _Layout]:
    for row, line in enumerate(lines, start=1):
        if not _LINE.fullmatch(line):
            message = "A line has characters other than A-Z, 0-9 and <."
            raise BadInput(message, row=row, field="lines", remedy="Read the zone again, without spaces.")
    for size, layout in _LAYOUTS.items():
        if [len(line) for line in lines] == [layout.width] * layout.lines:
            if lines[0].startswith("V"):
                raise BadInput(
                    "This is a visa.", row=1, field="lines", remedy="Ask for a passport or identity card."
                )
            return size, layout
    message = "The lines are not those of a TD1 (3 x 30), TD2 (2 x 36) or TD3 (2 x 44) document."
    raise BadInput(message, field="lines", remedy="Send every line in full, fillers included.")


def _checks(lines: Sequence[str], layout: _Layout, number_fits: bool) -> dict[Check, bool]:
    composite = "".join(_cut(lines, span) for span in layout.composite)
    checks = {
        Check.NUMBER: number_fits,
        Check.BIRTH: _fits(lines, layout.birth),
        Check.EXPIRY: _fits(lines, layout.expiry),
        Check.COMPOSITE: check_digit(composite) == _cut(lines, layout.composite_at),
    }
    if layout.personal_at:
        empty = not _cut(lines, layout.optional).strip(FILLER)
        unused = empty and _cut(lines, layout.personal_at) == FILLER
        checks[Check.PERSONAL] = unused or _fits(lines, layout.optional)
    return checks


def _number(lines: Sequence[str], layout: _Layout) -> tuple[str, str]:
    """Number and its check digit; a long one goes on in the optional field (part 5, section 4.2.4)."""
    number, digit = _cut(lines, layout.number), _after(lines, layout.number)
    tail = _cut(lines, layout.optional).partition(FILLER)[0]
    if digit == FILLER and tail and layout.personal_at is None:
        return number + tail[:-1], tail[-1]
    return number, digit


def _cut(lines: Sequence[str], span: Span) -> str:
    line, start, end = span
    return lines[line][start:end]


def _after(lines: Sequence[str], span: Span) -> str:
    line, _, end = span
    return lines[line][end]


def _fits(lines: Sequence[str], span: Span) -> bool:
    return check_digit(_cut(lines, span)) == _after(lines, span)


def _words(name: str) -> str:
    return " ".join(name.replace(FILLER, " ").split())


def _birth(text: str, as_of: date) -> date | None:
    return _dated(text, as_of.year, as_of, "birth")


def _expiry(text: str, as_of: date) -> date | None:
    return _dated(text, as_of.year + 50, None, "expiry")


def _dated(text: str, last_year: int, not_after: date | None, name: str) -> date | None:
    """YYMMDD in the latest century that ends by ``last_year`` and not after ``not_after``."""
    if FILLER in text:
        return None
    remedy = "Read the zone again or compare it with the page."
    if not text.isdigit():
        raise BadInput("A date has only digits (YYMMDD).", field=name, remedy=remedy)
    year = last_year - (last_year - int(text[:2])) % 100
    try:
        found = date(year, int(text[2:4]), int(text[4:]))
        return found.replace(year=year - 100) if not_after and found > not_after else found
    except ValueError as error:
        raise BadInput("There is no such day (YYMMDD).", field=name, remedy=remedy) from error
