"""Lending calculators: pure functions over the figures they are handed.

Owns the arithmetic of payment, APR, ratios, qualified-mortgage tests, income, rate sheets
and loan identifiers. Holds no limit, threshold or price, reads no clock, file or database,
and never decides a case: limits are policy's and are passed in. Units everywhere: money in
cents (``int``), ratios in basis points (``int``), rates in basis points (``Decimal`` or
``int``, because a note rate of 3.875 % is 387.5 basis points).
"""

from __future__ import annotations

from decimal import Decimal

from domain.errors import BadInput

Rate = Decimal | int


def refuse_unless(possible: bool, message: str, *, field: str, remedy: str) -> None:
    """Refuse an impossible figure.

    Args:
        possible: whether the figure can be true of a real loan.
        message: what is wrong, in a sentence.
        field: the field that carries the figure.
        remedy: what to do about it.

    Raises:
        BadInput: when ``possible`` is false.
    """
    if not possible:
        raise BadInput(message, field=field, remedy=remedy)


def not_negative(amount: Rate, field: str) -> None:
    """Refuse a negative, infinite or not-a-number ``amount`` (cents or basis points) of ``field``."""
    refuse_unless(
        Decimal(amount).is_finite() and amount >= 0,
        "This figure cannot be negative or undefined.",
        field=field,
        remedy="Correct it against the source record; use 0 when there is none.",
    )


def positive(amount: Rate, field: str) -> None:
    """Refuse an ``amount`` (cents, basis points or a count) of ``field`` that is not above zero."""
    refuse_unless(
        Decimal(amount).is_finite() and amount > 0,
        "This figure must be above zero.",
        field=field,
        remedy="Take it from the source record; without it the calculation has no meaning.",
    )
