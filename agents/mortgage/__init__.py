"""Mortgage specialists: income, collateral, market and pricing.

Owns how each job gathers evidence and what code concludes from it. Never decides a case and holds no
threshold: those are rows of the book, carried by the mandate.
"""

from __future__ import annotations

from domain.assignment import Assignment
from domain.errors import InvalidPolicy


def limit(assignment: Assignment, name: str) -> int:
    """A whole-number parameter of the book.

    Raises:
        InvalidPolicy: when the mandate does not carry it; nothing is concluded without it.
    """
    value = assignment.mandate.parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidPolicy(f"The book gives no whole number for the parameter {name}.", field=name)
    return value
