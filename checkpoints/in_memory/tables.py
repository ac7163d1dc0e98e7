"""Rows in memory, and the plain ways in which statements read and write them. Knows no table by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from domain.errors import Misconfigured

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Statement = Callable[[Tables, Any], list[Row] | int]
COLUMNS = re.compile(r"insert into [a-z_.]+\s*\(([^)]*)\)")


def where(rows: Iterable[Row], **equal: Any) -> list[Row]:
    """Rows in which each of these columns has this value."""
    return [row for row in rows if all(row[name] == value for name, value in equal.items())]


def change(rows: list[Row], **values: Any) -> int:
    """Set columns of these rows; how many they are."""
    for row in rows:
        row.update(values)
    return len(rows)


def nothing(_: Tables, __: Any) -> int:
    """A write that changes nothing here."""
    return 0


def no_rows(_: Tables, __: Any) -> list[Row]:
    """A read that finds nothing here."""
    return []


def rows_by(table: str, name: str) -> Statement:
    """Read the rows of a table whose column has the first value that is given."""
    return lambda tables, given: where(tables[table], **{name: given[0]})


def add_once(table: str, insert: str, *key: str, **more: Any) -> Statement:
    """Insert a row once per key; the columns are those of the statement."""

    def add(tables: Tables, given: Any) -> int:
        row = {**more, **row_of(insert, given)}
        if where(tables[table], **{name: row[name] for name in key}):
            return 0
        tables[table].append(row)
        return 1

    return add


def row_of(insert: str, given: Any) -> Row:
    """The row that an insert names by its columns; ``Misconfigured`` where it names none."""
    found = COLUMNS.search(insert)
    if found is None:
        raise Misconfigured(f"no columns in {insert}")
    return dict(zip((name.strip() for name in found[1].split(",")), given, strict=True))
