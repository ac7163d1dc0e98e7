"""Reads whole-number parameters of the book for tools whose rule needs one.

Owns the refusal to go on without a parameter. Never holds a value of its own.
"""

from __future__ import annotations

from domain.errors import InvalidPolicy
from tools.contract import ToolContext


def book_limit(context: ToolContext, name: str) -> int:
    """A whole-number parameter of the book.

    Raises:
        InvalidPolicy: when the book does not give it.
    """
    value = context.parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidPolicy(f"The book gives no whole number for the parameter {name}.", field=name)
    return value
