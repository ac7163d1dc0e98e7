"""The register of one year as a file: transmittal sheet, then one line for each entry.

Owns the written form and the two things that entries leave open, the property's address and ages at
application, which come from the vault and are kept nowhere else. Never changes an entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tools.places import state_of_county

from .fields import FIELDS, SHEET_FIELDS

ADDRESS = re.compile(
    r"(?P<street_address>.+?),\s*(?P<city>[^,]+),\s*(?P<state>[A-Z]{2})[ ,]+(?P<zip_code>[0-9]{5}(-[0-9]{4})?)"
)
DELIMITER = "|"
NOT_WRITTEN = re.compile(
    r"[\s|\x00-\x1f\x7f-\x9f]+"
)  # becomes one blank: no delimiter, no line end in a value


@dataclass(frozen=True, slots=True)
class Place:
    """The property's address as the register files it."""

    street_address: str
    city: str
    state: str
    zip_code: str


def place(address: str) -> Place | None:
    """``street, city, ST 12345`` in its parts; ``None`` for anything else, which is filed as not available."""
    found = ADDRESS.fullmatch(address.strip())
    parts = found.groupdict() if found else {}
    return Place(*(parts[name].strip() for name in Place.__slots__)) if found else None


def age(born: date, on: date) -> int:
    """Full years on a day; whoever was born on 29 February has the birthday on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def completed(values: Mapping[str, str], where: Place | None, ages: Sequence[int]) -> dict[str, str]:
    """The entry with address and ages; without an address the state still follows from the county."""
    parts = {name: str(getattr(where, name)) for name in Place.__slots__} if where else {}
    if where is None:
        parts = {"state": state_of_county(values["county"]) or "NA"}
    years = dict(zip(("app_age", "co_app_age"), map(str, ages), strict=False))
    return {**values, **parts, **years}


def register_text(filer: Mapping[str, str], year: int, entries: Sequence[Mapping[str, str]]) -> str:
    """The whole file; ``filer`` gives the fields of the transmittal sheet that the book holds.

    Every field is written in the order of the layout, without the delimiter or a line end inside it.
    """
    sheet = {
        **filer,
        "record_id": "1",
        "calendar_year": str(year),
        "calendar_quarter": "4",  # an annual filing
        "lar_entries": str(len(entries)),
    }
    lines = [_line(sheet, SHEET_FIELDS), *(_line(each, [field.name for field in FIELDS]) for each in entries)]
    return "".join(f"{line}\n" for line in lines)


def _line(values: Mapping[str, str], names: Sequence[str]) -> str:
    return DELIMITER.join(NOT_WRITTEN.sub(" ", values[name]).strip() for name in names)
