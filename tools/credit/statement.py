"""Reads annual statements in CSV or JSON: one line per fiscal year and account, in dollars.

Owns their form and everything that cannot be true of them. Never guesses an account, never repairs an amount,
never spreads more than one document (``spread`` does).

    period_end,account,amount
    2025-12-31,total_assets,4250000.00
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal

from domain.errors import BadInput
from tools.credit.accounts import BY_CODE, REQUIRED, Line, impossible

HEADER = ("period_end", "account", "amount")
AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
MOST_LINES = 2_000
Form = Literal["csv", "json"]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line as it was written; ``number`` is the line of a CSV file or the element of a JSON list, from 1."""

    number: int
    values: Mapping[str, str]


def parse_statement(text: str, form: Form, file: str) -> tuple[Line, ...]:
    """The lines of one statement, in cents; ``BadInput`` names file, row, field and remedy.

    Refused: another header, an unknown account, an amount that is none, an account twice in a year, a year
    without a required account, a negative balance that cannot be, parts above their total, and a balance
    sheet that does not balance to the cent.
    """
    rows = _csv(text, file) if form == "csv" else _json(text, file)
    if len(rows) > MOST_LINES:
        raise BadInput(
            f"more than {MOST_LINES} lines", file=file, row=MOST_LINES + 1, remedy="send fewer years"
        )
    read = [(row, _line(row, file)) for row in rows]
    years: dict[str, dict[str, tuple[_Row, Line]]] = {}
    for row, line in read:
        year = years.setdefault(line.period_end, {})
        if line.account in year:
            raise _wrong(
                file, row, "account", f"{line.account} stands twice in {line.period_end}", "keep one line"
            )
        year[line.account] = (row, line)
    if not years:
        raise BadInput("no lines", file=file, row=1, remedy="send one line per year and account")
    for end, year in years.items():
        _complete(end, year, file)
    return tuple(line for _, line in read)


def _csv(text: str, file: str) -> list[_Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        if header != HEADER:
            raise BadInput(
                f"the header is {','.join(header)!r}",
                file=file,
                row=1,
                remedy=f"start with {','.join(HEADER)}",
            )
        return [_cells(cells, reader.line_num, file) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BadInput(
            f"not CSV: {error}", file=file, row=reader.line_num, remedy="save it as comma-separated text"
        ) from error


def _cells(cells: list[str], number: int, file: str) -> _Row:
    if len(cells) != len(HEADER):
        raise BadInput(
            f"{len(cells)} cells, not {len(HEADER)}",
            file=file,
            row=number,
            remedy="write amounts without commas",
        )
    return _Row(number, dict(zip(HEADER, (cell.strip() for cell in cells), strict=True)))


def _json(text: str, file: str) -> list[_Row]:
    try:
        found: Any = json.loads(text, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise BadInput(
            f"not JSON: {getattr(error, 'msg', 'nested too deep')}",
            file=file,
            row=row,
            remedy="send one list of lines",
        ) from error
    if not isinstance(found, list):
        raise BadInput(
            "a list is expected", file=file, row=1, remedy=f"send objects with {', '.join(HEADER)}"
        )
    return [_element(each, number, file) for number, each in enumerate(found, 1)]


def _element(each: Any, number: int, file: str) -> _Row:
    if (
        not isinstance(each, dict)
        or set(each) != set(HEADER)
        or not all(isinstance(v, str) for v in each.values())
    ):
        raise BadInput(
            "not an object of period_end, account and amount",
            file=file,
            row=number,
            remedy='write {"period_end": "2025-12-31", "account": "revenue", "amount": "1000.00"}',
        )
    return _Row(number, each)


def _line(row: _Row, file: str) -> Line:
    account, amount = row.values["account"], row.values["amount"]
    if account not in BY_CODE:
        near = get_close_matches(account, BY_CODE, 1)
        remedy = f"did you mean {near[0]}?" if near else f"one of {', '.join(BY_CODE)}"
        raise _wrong(file, row, "account", f"no account {account!r}", remedy)
    if not AMOUNT.fullmatch(amount):
        raise _wrong(file, row, "amount", f"{amount!r} is no amount in dollars", "write it as 1250000.00")
    try:
        end = date.fromisoformat(row.values["period_end"])
    except ValueError as error:
        shown = row.values["period_end"]
        raise _wrong(file, row, "period_end", f"{shown!r} is no date", "write it as 2025-12-31") from error
    cents = int(Decimal(amount) * 100)
    return Line(account=account, period_end=end.isoformat(), cents=cents, where=f"line {row.number}")


def _complete(end: str, year: Mapping[str, tuple[_Row, Line]], file: str) -> None:
    lacking = [code for code in REQUIRED if code not in year]
    if lacking:
        first = next(iter(year.values()))[0]
        raise _wrong(
            file, first, "account", f"{end} lacks {', '.join(lacking)}", "add these lines; 0 if none"
        )
    for account, sentence in _first(impossible({code: line.cents for code, (_, line) in year.items()})):
        raise _wrong(
            file, year[account][0], "amount", f"{end}: {sentence}", "correct it against the original"
        )


def _first(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return next(((each,) for each in found), ())


def _wrong(file: str, row: _Row, field: str, message: str, remedy: str) -> BadInput:
    return BadInput(message, file=file, row=row.number, field=field, remedy=remedy)
