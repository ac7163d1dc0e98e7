"""Rows of the book as a mandate carries them, read into types.

Owns the reading and the complaint that names parameter, row and field. Holds no row and picks none by date:
the book did that for the application date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.errors import InvalidPolicy
from tools.lending import refuse_unless

Row = TypeVar("Row")


def rows(parameters: Mapping[str, Any], name: str, adapter: TypeAdapter[tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows of one parameter; ``InvalidPolicy`` when there are none or one cannot be read."""
    try:
        return adapter.validate_python(parameters.get(name))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in (name, *first["loc"]))
        raise InvalidPolicy(f"parameter {where}: {first['msg']}", field=where) from error


def only(found: Sequence[Row], parameter: str, asked: str) -> Row:
    """The one row that answers; ``BadInput`` when none or several do."""
    refuse_unless(
        len(found) == 1,
        f"{len(found)} rows answer for {asked}.",
        field=parameter,
        remedy="Price by hand, or add the one row to the book.",
    )
    return found[0]


def whole_number(parameters: Mapping[str, Any], name: str) -> int:
    """A whole number, not below zero, that the book gives; ``InvalidPolicy`` when it gives none."""
    value = parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidPolicy(f"parameter {name}: a whole number is needed", field=name)
    return value
