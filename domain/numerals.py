"""Numbers in prose, and the forms in which a figure may be written there. Pure.

Owns what counts as a number of a sentence; whoever asks knows which numbers are true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

NUMERAL = re.compile(r"(?<![\w:])\d[\d,]*(?:\.\d+)?")
SMALL = 12  # months, quarters and counts in a sentence carry no figure of the case


def numbers(text: str) -> Iterator[Decimal]:
    """Every number in a text, as written."""
    return (Decimal(found.replace(",", "")) for found in NUMERAL.findall(text))


def forms(value: int, unit: str) -> Iterable[Decimal]:
    """A figure as it may be written: in its unit, in dollars, percent or times, exact or rounded half even."""
    whole = Decimal(value)
    yield whole
    if unit in ("cents", "bps"):
        yield whole / 100
        yield (whole / 100).quantize(Decimal(1))
        yield (whole / 100).quantize(Decimal("0.1"))
    if unit == "times":
        yield whole / 10_000
        yield (whole / 10_000).quantize(Decimal("0.01"))
        yield (whole / 10_000).quantize(Decimal("0.1"))


def carries_figure(number: Decimal) -> bool:
    """Whether a number may be a figure of the case; small whole ones are counts."""
    return number != int(number) or number > SMALL
