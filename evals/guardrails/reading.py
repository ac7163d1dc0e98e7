"""Reads labelled sets: JSON, lines of JSON, and tables. What cannot be read names file, row, field and remedy.

Owns the files of a folder, their rows and fields. Never guesses a label, never skips a row.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from domain.errors import BadInput

SUFFIXES = (".json", ".jsonl", ".csv")
Row = tuple[int, Any]  # from one, as a person counts


def files(folder: Path, suffixes: tuple[str, ...] = SUFFIXES) -> list[Path]:
    """The sets of a folder, by name; none where there is no folder."""
    return sorted(each for each in folder.glob("*") if each.suffix in suffixes and each.is_file())


def strangers(folder: Path) -> list[Path]:
    """Files of a folder that are no sets, but for what describes them."""
    described = (".md", "LICENSE")
    return sorted(
        each
        for each in folder.glob("[!.]*")
        if each.is_file() and each.suffix not in SUFFIXES and not each.name.endswith(described)
    )


def named(file: Path) -> str:
    """How a set is called: its folder and file."""
    return f"{file.parent.name}/{file.name}"


def fingerprint(file: Path) -> str:
    """SHA-256 of a file as it is."""
    return sha256(file.read_bytes()).hexdigest()


def whole(file: Path) -> Any:
    """The value of a JSON file."""
    return _json(_text(file), file, None)


def rows(file: Path) -> Iterator[Row]:
    """The rows of a set: items of a JSON list, lines of JSON, or records of a table with a heading."""
    empty = True
    for row in {".csv": _records, ".jsonl": _lines, ".json": _items}[file.suffix](file):
        empty = False
        yield row
    if empty:
        raise malformed(file, None, None, "it holds no row", "fill it, or take it away")


def text_of(row: Row, file: Path, *fields: str) -> str:
    """The text of a row: the first of these fields that it has, or the row itself."""
    number, found = row
    if isinstance(found, str):
        return found
    if not isinstance(found, dict):
        raise malformed(file, number, None, "a row is an object or a text", f'write {{"{fields[0]}": "…"}}')
    value = next((found[field] for field in fields if found.get(field) is not None), None)
    if not isinstance(value, str):
        raise malformed(file, number, fields[0], "it holds no text", f'write {{"{fields[0]}": "…"}}')
    return value


def flag_of(row: Row, file: Path, field: str, default: bool | None = None) -> bool:
    """A label: 1 or 0, true or false; the default where the row has none."""
    number, found = row
    said = found.get(field) if isinstance(found, dict) else None
    if said is None and default is not None:
        return default
    known = {"1": True, "true": True, "0": False, "false": False}.get(str(said).lower())
    if known is None:
        raise malformed(file, number, field, f"{said!r} is no label", "write 1 or 0, true or false")
    return known


def malformed(file: Path, row: int | None, field: str | None, what: str, remedy: str) -> BadInput:
    """The error of a set that cannot be read."""
    return BadInput(what, file=str(file), row=row, field=field, remedy=remedy)


def _items(file: Path) -> Iterator[Row]:
    found = whole(file)
    if not isinstance(found, list):
        raise malformed(file, None, None, "it is no list", "write one JSON list of rows")
    yield from enumerate(found, 1)


def _lines(file: Path) -> Iterator[Row]:
    for number, line in enumerate(_text(file).split("\n"), 1):
        if line.strip():
            yield number, _json(line, file, number)


def _records(file: Path) -> Iterator[Row]:
    """Records by the line on which each begins, so that a person finds it."""
    table = csv.reader(StringIO(_text(file), newline=""), strict=True)
    try:
        heading = next(table, None)
        if not heading:
            raise malformed(file, 1, None, "it has no heading", "name the columns in the first line")
        begins = table.line_num + 1
        for cells in table:
            if cells and len(cells) != len(heading):
                what = f"it has {len(cells)} fields, the heading {len(heading)}"
                raise malformed(file, begins, None, what, "quote fields that hold a comma")
            if cells:
                yield begins, dict(zip(heading, cells, strict=True))
            begins = table.line_num + 1
    except csv.Error as error:
        raise malformed(file, table.line_num, None, f"no table: {error}", "save it as CSV") from error


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise malformed(file, None, None, f"it cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise malformed(file, None, None, "not UTF-8 text", "save the file as UTF-8") from error


def _json(text: str, file: Path, row: int | None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = error.lineno if row is None else row
        raise malformed(file, at, None, f"not JSON: {error.msg}", "write one complete JSON value") from error
    except (RecursionError, ValueError) as error:
        raise malformed(file, row, None, "not JSON that can be read", "write plain rows") from error
