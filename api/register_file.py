"""Writes the loan application register of a year as a file: entries from their rows, addresses from the vault.

Owns the join and its record in the ``ops`` stream: whoever takes a register away is written down. Keeps no
file, and what it revealed leaves only in the answer.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from pydantic import Field

from api.http.leaving import Reading, may_leave
from audit.events import RegisterWritten
from checkpoints.ledger import OPS
from checkpoints.register import entries_of
from domain.errors import NotFound
from domain.identity import Record
from domain.person import Person
from graphs.services import Services
from tools.hmda.edits import failures
from tools.hmda.filing import age, completed, place, register_text
from tools.hmda.register import parse_register

KIND = "home_loan"  # whose book names the filer


class FailedEdit(Record):
    """One published edit that the file fails."""

    edit: str
    kind: str
    row: int  # loan row, 1-based; 0 for the transmittal sheet or the whole file
    text: str


class RegisterFile(Record):
    """The file with what is to be known before it is handed in."""

    file: str
    year: int
    rows: int
    sha256: str  # of the text in UTF-8
    without_address: tuple[str, ...] = Field(
        default=()
    )  # ULI of entries whose address cannot be filed in parts
    failed_edits: tuple[FailedEdit, ...]
    text: str


async def write_register(services: Services, year: int, person: Person) -> RegisterFile:
    """The register of one calendar year; raises as ``entries_in_full`` does."""
    entries, text = await entries_in_full(services, year)
    cases = [row["case_id"] for row in await entries_of(services.database, year)]
    await may_leave(services, person, Reading("register", text, cases, purpose="register_file"))
    sha256, file = hashlib.sha256(text.encode()).hexdigest(), f"register_{year}.txt"
    event = RegisterWritten(year=year, rows=len(entries), sha256=sha256)
    moment = services.clock.now().isoformat(timespec="milliseconds")
    await services.ledger.record(OPS, f"register/{year}/{person.id}/{moment}", event, person.id)
    return RegisterFile(
        file=file,
        year=year,
        rows=len(entries),
        sha256=sha256,
        without_address=tuple(values["uli"] for values, located in entries if not located),
        failed_edits=_failed(text, file),
        text=text,
    )


async def entries_in_full(services: Services, year: int) -> tuple[list[tuple[dict[str, str], bool]], str]:
    """Each entry of a calendar year with address and ages and whether it has an address; and the text of the file.

    Raises:
        NotFound: no case left an entry in that year, or the book names no filer.
    """
    filer = (await services.books.current(KIND)).rules.filer
    found = await entries_of(services.database, year)
    if filer is None or not found:
        raise NotFound(
            f"no case left a register entry in {year}", remedy="ask for a year in which loans closed"
        )
    entries = [await _entry(services, row) for row in found]
    return entries, register_text(filer.sheet(), year, [values for values, _ in entries])


async def _entry(services: Services, row: dict[str, Any]) -> tuple[dict[str, str], bool]:
    """One entry with address and ages, and whether it has an address; an erased case has neither."""
    application = row["application"]
    try:
        values = await services.vault.values(row["case_id"])
    except NotFound:
        values = {}
    known = {token: value for token, (_, value) in values.items()}
    where = place(known.get(application["property"]["address"], ""))
    born = [known.get(each["birth_date"]) for each in application["borrowers"]]
    ages = [age(date.fromisoformat(day), row["application_date"]) for day in born if day]
    return completed(row["entry"], where, ages if len(ages) == len(born) else []), where is not None


def _failed(text: str, file: str) -> tuple[FailedEdit, ...]:
    return tuple(
        FailedEdit(edit=each.edit.code, kind=each.edit.kind.value, row=each.row, text=each.edit.text)
        for each in failures(parse_register(text.encode(), file))
    )
