"""Reading a HMDA register file. Owns the split into transmittal sheet and loan rows; never judges a value.

Two readers look at the same bytes. ``parse_register`` gives everybody the loan rows, which cannot hold
ethnicity, race, sex or age; ``parse_demographics`` gives exactly those, and only
``fair_lending`` is handed them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from domain.errors import BadInput, Refused
from domain.money import Money

from .fields import DEMOGRAPHIC_NAMES, FIELDS, LOAN_NAMES, SHEET_FIELDS

MAX_BYTES = 64 * 1024 * 1024  # one file
MAX_FIELD = 1_000  # characters in one field
DATE = re.compile(r"(19|20)[0-9]{6}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{0,20})?")
CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")  # no text file has these, tabs are no delimiters here
LOAN_FIELDS = tuple(field.name for field in FIELDS)


@dataclass(frozen=True, slots=True)
class TransmittalSheet:
    """The first line of a register: who files, for which period, how many rows."""

    values: Mapping[str, str]  # every field of SHEET_FIELDS, as filed

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def declared_rows(self) -> int | None:
        """Loan rows the filer says it sends; ``None`` when that is not a whole number (edit V606)."""
        return _whole(self["lar_entries"])

    @property
    def year(self) -> int | None:
        """Calendar year of the data; ``None`` when it is not a whole number."""
        return _whole(self["calendar_year"])


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan or application as decision code may see it: without ethnicity, race, sex and age.

    State, county and census tract are here because published edits need them; they may not be used to decide.
    """

    row: int  # loan row, 1-based; row 1 is line 2 of the file
    values: Mapping[str, str]  # the 72 fields of LOAN_NAMES, as filed

    def __post_init__(self) -> None:
        if set(self.values) != set(LOAN_NAMES):
            message = "A loan row holds the 72 loan fields and no demographic field."
            raise Refused(message, control="hmda.no_demographics")

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def uli(self) -> str:
        """Universal or non-universal loan identifier, as filed."""
        return self["uli"]

    @property
    def action_taken(self) -> str:
        """Action taken code, ``1`` to ``8`` when valid."""
        return self["action_taken"]

    @property
    def action_date(self) -> date | None:
        """Action taken date; ``None`` when it is not a date (edit V619-1)."""
        return calendar_date(self["action_date"])

    @property
    def application_date(self) -> date | None:
        """Application date; ``None`` when it is NA or not a date (edit V610-1)."""
        return calendar_date(self["app_date"])

    @property
    def loan_amount(self) -> Money | None:
        """Loan amount, rounded half up to the cent; ``None`` when it is not a number (edit V617)."""
        amount = number(self["loan_amount"])
        return None if amount is None else Money.of(amount)

    @property
    def denial_codes(self) -> tuple[str, ...]:
        """Reasons for denial as filed, blanks left out, in the order filed; at most four."""
        return tuple(code for code in (self[f"denial_{n}"] for n in (1, 2, 3, 4)) if code)


@dataclass(frozen=True, slots=True)
class Demographics:
    """Ethnicity, race, sex and age of one row; for monitoring only, never for a decision."""

    row: int  # loan row, 1-based, the same as in LoanRow
    values: Mapping[str, str]  # the 38 fields of DEMOGRAPHIC_NAMES, as filed

    def __getitem__(self, name: str) -> str:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Register:
    """A register file without its demographic fields."""

    file: str  # name the file came under
    sheet: TransmittalSheet
    rows: tuple[LoanRow, ...]
    repeated: tuple[int, ...]  # loan rows whose whole record is filed more than once (edit S305)


def parse_register(content: bytes, file: str) -> Register:
    """Read a pipe-delimited register: one transmittal sheet, then loan rows.

    Args:
        content: the file, UTF-8, at most 64 MiB; line ends LF or CRLF, last one optional.
        file: its name, for messages.

    Raises:
        BadInput: empty, oversized, not UTF-8 text, or a line with the wrong number of fields. ``row`` is the
            line of the file (line 1 is the transmittal sheet), ``field`` the one at which reading stopped.

    Source: filing instructions guide for HMDA data collected in 2024, file specifications.
    """
    lines = _lines(content, file)
    sheet = TransmittalSheet(MappingProxyType(_named(lines[0], SHEET_FIELDS, (file, 1))))
    records = list(_records(lines, file))
    rows = tuple(LoanRow(row, _only(record, LOAN_NAMES)) for row, record in enumerate(records, 1))
    seen: dict[str, int] = {}
    for line in lines[1:]:
        seen[line] = seen.get(line, 0) + 1
    repeated = tuple(row for row, line in enumerate(lines[1:], 1) if seen[line] > 1)
    return Register(file, sheet, rows, repeated)


def parse_demographics(content: bytes, file: str) -> tuple[Demographics, ...]:
    """The demographic fields of every row, for ``fair_lending`` alone; raises as ``parse_register`` does."""
    records = _records(_lines(content, file), file)
    return tuple(Demographics(row, _only(record, DEMOGRAPHIC_NAMES)) for row, record in enumerate(records, 1))


def calendar_date(text: str) -> date | None:
    """A date from 1900 to 2099 written YYYYMMDD; ``None`` for anything else."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def number(text: str) -> Decimal | None:
    """A plain decimal number such as ``-3``, ``110500`` or ``4.125``; ``None`` for anything else."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _lines(content: bytes, file: str) -> list[str]:
    if len(content) > MAX_BYTES:
        raise BadInput(f"The file has {len(content)} bytes; at most {MAX_BYTES} are read.", file=file,
                       remedy="Check that this is a register; file a very large one in parts.")  # fmt: skip
    lines = [line.removesuffix("\r") for line in _text(content, file).rstrip("\r\n").split("\n")]
    if lines == [""]:
        raise BadInput("The file is empty.", file=file, row=1, field=SHEET_FIELDS[0],
                       remedy="Export the register again and send the whole file.")  # fmt: skip
    return lines


def _text(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _mis_encoded(content[: error.start], file) from error
    control = CONTROL.search(text)
    if control:
        raise _mis_encoded(text[: control.start()].encode(), file)
    return text


def _mis_encoded(before: bytes, file: str) -> BadInput:
    line = before.count(b"\n") + 1
    position = before.rsplit(b"\n", 1)[-1].count(b"|")
    return BadInput("This is not UTF-8 text.", file=file, row=line, field=_name_at(line, position),
                    remedy="Save the register as UTF-8 (plain ASCII is best) and send it again.")  # fmt: skip


def _name_at(line: int, position: int) -> str:
    names = SHEET_FIELDS if line == 1 else LOAN_FIELDS
    return names[position] if position < len(names) else f"field {position + 1}"


def _records(lines: list[str], file: str) -> Iterator[dict[str, str]]:
    for line, text in enumerate(lines[1:], 2):
        yield _named(text, LOAN_FIELDS, (file, line))


def _named(text: str, names: tuple[str, ...], place: tuple[str, int]) -> dict[str, str]:
    file, line = place
    values = text.split("|")
    if len(values) != len(names):
        raise _wrong_count(len(values), len(names), place)
    for name, value in zip(names, values, strict=True):
        if len(value) > MAX_FIELD:
            raise BadInput(f"The value has {len(value)} characters; at most {MAX_FIELD} are read.", file=file,
                           row=line, field=name, remedy="Shorten it or mend the delimiters.")  # fmt: skip
    return dict(zip(names, values, strict=True))


def _wrong_count(found: int, needed: int, place: tuple[str, int]) -> BadInput:
    file, line = place
    what = "The transmittal sheet" if line == 1 else f"Loan row {line - 1}"
    if found < needed:
        message = f"{what} is truncated: it ends after {found} of {needed} fields."
        remedy = "Export the register again; the file was probably cut off while it was written or sent."
    else:
        message = f"{what} has {found} fields where the layout has {needed}."
        remedy = "Remove the extra delimiter, often a pipe character inside a value."
    return BadInput(message, file=file, row=line, field=_name_at(line, min(found, needed)), remedy=remedy)


def _only(record: Mapping[str, str], names: tuple[str, ...]) -> Mapping[str, str]:
    return MappingProxyType({name: record[name] for name in names})
