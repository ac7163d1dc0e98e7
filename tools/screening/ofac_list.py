"""The sanctions list as the Treasury publishes it: entries, aliases and addresses with one version.

Owns reading the three CSV files of the Specially Designated Nationals list (``sdn.csv``,
``alt.csv``, ``add.csv``; no header row, ``-0-`` means empty, an end-of-file byte may close a file)
and what their remarks say about dates of birth, countries and weak aliases. Never fetches a list,
never skips a row it cannot read, never compares a name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from rigour.territories import lookup_territory

from domain.canonical import digest
from domain.errors import BadInput

CIRCA_YEARS = 2
"""Years on either side that a date of birth "circa" a year is read to cover."""

_EMPTY = "-0-"
_END_OF_FILE = "\x1a"
_FIELDS = {
    "sdn.csv": ("ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type",
                "tonnage", "grt", "vess_flag", "vess_owner", "remarks"),
    "alt.csv": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    "add.csv": ("ent_num", "add_num", "address", "city", "country", "add_remarks"),
}  # fmt: skip
_WEAK_ALIAS = re.compile(r"\b[afn]\.k\.a\. '(.+?)'(?=\s*[;.]|\s*$)")
_BIRTH = re.compile(r"\bDOB ([^;]+)")
_NATIONALITY = re.compile(r"\b(?:nationality|citizen) ([^;.(]+)")
_BIRTHPLACE = re.compile(r"\bPOB ([^;.(]+)")
_DAY = re.compile(r"(?:(?:(\d{1,2}) )?([A-Z][a-z]{2}) )?\b((?:18|19|20)\d\d)\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ListedKind(StrEnum):
    """What an entry of the list is."""

    ENTITY = "entity"
    """A company, organisation or group (``-0-`` in the list)."""
    INDIVIDUAL = "individual"
    """A natural person."""
    VESSEL = "vessel"
    """A ship."""
    AIRCRAFT = "aircraft"
    """An aircraft."""


class Period(NamedTuple):
    """The days, both included, on which a listed person may have been born."""

    first: date
    last: date


ANY_DAY = Period(date.min, date.max)
"""A date of birth written in a form that is not known here; it never speaks against a hit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One designated person, entity, vessel or aircraft."""

    number: str
    """The Treasury's entity number, a stable identifier."""
    name: str
    """Primary name; ``FAMILY, Given`` for individuals."""
    kind: ListedKind
    """What it is."""
    programmes: tuple[str, ...]
    """Sanctions programmes, in the list's order."""
    title: str
    """Office or position, empty if none."""
    remarks: str
    """Everything else the list says, as written."""

    @property
    def births(self) -> tuple[Period, ...]:
        """The possible periods of birth; empty if the list gives none."""
        return tuple(_read_birth(text) for text in _BIRTH.findall(self.remarks))

    @property
    def weak_aliases(self) -> tuple[str, ...]:
        """Broad names in quotation marks, which produce many false hits (OFAC FAQ 122)."""
        return tuple(_WEAK_ALIAS.findall(self.remarks))


@dataclass(frozen=True, slots=True)
class Alias:
    """One further name of an entry."""

    entry_number: str
    """Entry it belongs to."""
    number: str
    """The Treasury's alias number; empty for a weak alias, which stands in the remarks."""
    type: str
    """``aka``, ``fka`` (formerly) or ``nka`` (now)."""
    name: str
    """The name."""
    weak: bool
    """Whether the list marks it as weak."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of an entry; empty fields are empty text."""

    entry_number: str
    """Entry it belongs to."""
    number: str
    """The Treasury's address number."""
    street: str
    """Street and building."""
    city: str
    """City, state or province, postal code."""
    country: str
    """Country, in the Treasury's words."""


@dataclass(frozen=True, eq=False)
class SanctionsList:
    """One vintage of the list; two lists with the same ``version`` have the same contents."""

    version: str
    """SHA-256 over the digests of the three files, hexadecimal."""
    entries: tuple[Entry, ...]
    """Every entry, in file order."""
    aliases: tuple[Alias, ...]
    """Strong aliases in file order, then the weak ones."""
    addresses: tuple[Address, ...]
    """Every address, in file order."""

    @classmethod
    def load(cls, folder: Path) -> SanctionsList:
        """Read ``sdn.csv``, ``alt.csv`` and ``add.csv`` from ``folder``.

        Raises:
            BadInput: a file is missing, not UTF-8 or not CSV, or a row cannot be read; names the
                file, row and field. A list without entries is refused: it would clear everybody.
        """
        contents = {name: _bytes_of(folder / name) for name in _FIELDS}
        entries = _read_entries(_rows(contents["sdn.csv"], "sdn.csv"))
        known = {entry.number for entry in entries}
        strong = tuple(_read_alias(row, known) for row in _rows(contents["alt.csv"], "alt.csv"))
        weak = tuple(Alias(e.number, "", "aka", n, True) for e in entries for n in e.weak_aliases)
        addresses = tuple(_read_address(row, known) for row in _rows(contents["add.csv"], "add.csv"))
        version = digest({name: hashlib.sha256(body).hexdigest() for name, body in contents.items()})
        return cls(version, entries, strong + weak, addresses)

    @cached_property
    def by_number(self) -> dict[str, Entry]:
        """Entries by entity number."""
        return {entry.number: entry for entry in self.entries}

    def entry_version(self, number: str) -> str:
        """Digest of an entry with its aliases and addresses: another one when anything of it changes."""
        return digest([asdict(self.by_number[number]), *self._further.get(number, ())])

    @cached_property
    def _further(self) -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = {}
        named: tuple[Alias | Address, ...] = (*self.aliases, *self.addresses)
        for each in named:
            found.setdefault(each.entry_number, []).append(asdict(each))
        return found

    @cached_property
    def countries(self) -> dict[str, frozenset[str]]:
        """ISO 3166 codes (lower case) by entity number: nationality, citizenship, birthplace, address."""
        found: dict[str, set[str]] = {entry.number: _remarked_countries(entry) for entry in self.entries}
        for address in self.addresses:
            found[address.entry_number] |= _codes(address.country)
        return {number: frozenset(codes) for number, codes in found.items()}


class _Row(NamedTuple):
    """One row with where it stands."""

    file: str
    number: int
    fields: dict[str, str]

    def required(self, field: str) -> str:
        if self.fields[field]:
            return self.fields[field]
        raise self.wrong(field, "is empty")

    def identifier(self, field: str) -> str:
        value = self.required(field)
        if value.isascii() and value.isdigit():
            return value
        raise self.wrong(field, "is not a whole number")

    def entry(self, known: set[str]) -> str:
        number = self.identifier("ent_num")
        if number in known:
            return number
        raise self.wrong("ent_num", "is not an entry of sdn.csv")

    def wrong(self, field: str, what: str) -> BadInput:
        remedy = "obtain the file again from the Treasury's list service"
        return BadInput(f"{field} {what}.", file=self.file, row=self.number, field=field, remedy=remedy)


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise BadInput("the file is missing.", file=path.name, remedy="give the list's folder")
    return path.read_bytes()


def _text_of(body: bytes, file: str) -> str:
    try:
        return body.decode("utf-8-sig").removesuffix(_END_OF_FILE)
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise BadInput("not UTF-8 text.", file=file, row=row, remedy="save the file as UTF-8") from error


def _rows(body: bytes, file: str) -> Iterator[_Row]:
    names = _FIELDS[file]
    reader = csv.reader(io.StringIO(_text_of(body, file), newline=""), strict=True)
    row = 0
    try:
        for row, values in enumerate(reader, start=1):
            if len(values) != len(names):
                what = f"is off: {len(values)} fields where the layout has {len(names)}"
                raise _Row(file, row, {}).wrong(names[min(len(values), len(names) - 1)], what)
            yield _Row(file, row, dict(zip(names, map(_filled, values), strict=True)))
    except csv.Error as error:
        raise _Row(file, row + 1, {}).wrong("row", f"is not CSV ({error})") from error


def _filled(value: str) -> str:
    text = value.strip()
    return "" if text == _EMPTY else text


def _read_entries(rows: Iterator[_Row]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for row in rows:
        number = row.identifier("ent_num")
        if number in entries:
            raise row.wrong("ent_num", "appears twice")
        entries[number] = _read_entry(row, number)
    if not entries:
        raise BadInput("the list has no entries.", file="sdn.csv", remedy="obtain the file again")
    return tuple(entries.values())


def _read_entry(row: _Row, number: str) -> Entry:
    kind = row.fields["sdn_type"] or ListedKind.ENTITY
    if kind not in set(ListedKind):
        raise row.wrong("sdn_type", "is not individual, vessel, aircraft or empty")
    programmes = tuple(part.strip(" []") for part in row.required("program").split("] ["))
    name, title, remarks = row.required("sdn_name"), row.fields["title"], row.fields["remarks"]
    return Entry(number, name, ListedKind(kind), programmes, title, remarks)


def _read_alias(row: _Row, known: set[str]) -> Alias:
    what, name = row.required("alt_type"), row.required("alt_name")
    return Alias(row.entry(known), row.identifier("alt_num"), what, name, False)


def _read_address(row: _Row, known: set[str]) -> Address:
    where = (row.fields["address"], row.fields["city"], row.fields["country"])
    return Address(row.entry(known), row.identifier("add_num"), *where)


def _remarked_countries(entry: Entry) -> set[str]:
    places = [text.split(",")[-1] for text in _BIRTHPLACE.findall(entry.remarks)]
    return set().union(*(_codes(text) for text in _NATIONALITY.findall(entry.remarks) + places))


@lru_cache(maxsize=4096)
def _codes(country: str) -> frozenset[str]:
    territory = lookup_territory(country.strip()) if country.strip() else None
    return frozenset({territory.code}) if territory else frozenset()


def _read_birth(text: str) -> Period:
    """A remark's date of birth: a day, month, year, ``circa`` a year, or ``first to last``."""
    found = [_period(*match.groups()) for match in _DAY.finditer(text)]
    if not found or ANY_DAY in found:
        return ANY_DAY
    first, last = found[0].first, found[-1].last
    if "circa" in text:
        return Period(date(first.year - CIRCA_YEARS, 1, 1), date(last.year + CIRCA_YEARS, 12, 31))
    return Period(first, last) if first <= last else ANY_DAY


def _period(day: str | None, month: str | None, year: str) -> Period:
    if month is None:
        return Period(date(int(year), 1, 1), date(int(year), 12, 31))
    if month not in _MONTHS:
        return ANY_DAY
    number = _MONTHS.index(month) + 1
    last = monthrange(int(year), number)[1]
    if day is not None and not 1 <= int(day) <= last:
        return ANY_DAY
    return Period(date(int(year), number, int(day or 1)), date(int(year), number, int(day or last)))
