"""The average prime offer rate and the HMDA rate spread over it.

Owns the lookup by term and the rounding of the spread as it is filed. Holds no rate: tables are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tools.lending import Rate, not_negative, refuse_unless

_THOUSANDTH_OF_A_POINT = Decimal("0.1")
_ACTIONS_WITH_SPREAD = (1, 2, 8)
"""Originated; approved not accepted; preapproval approved not accepted (HMDA codes)."""


class Apor(StrEnum):
    """Which average prime offer rate table a loan is compared with."""

    FIXED = "fixed"  # rate fixed for the term
    VARIABLE = "variable"  # rate that can change, by its first fixed period


@dataclass(frozen=True, slots=True)
class AporTable:
    """One week's average prime offer rates, basis points, by whole years from 1."""

    rates: Mapping[Apor, Sequence[Rate]]

    def rate_bps(self, kind: Apor, years: int) -> Decimal:
        """Rate for ``years``; ``BadInput`` when the table has no such term."""
        rates = self.rates.get(kind, ())
        refuse_unless(
            1 <= years <= len(rates),
            f"The {kind} table has terms of 1 to {len(rates)} years.",
            field="years",
            remedy="Send the term (fixed) or first fixed period (variable) in whole years.",
        )
        return Decimal(rates[years - 1])


@dataclass(frozen=True, slots=True)
class SpreadRequest:
    """A loan whose HMDA rate spread is asked: APR in basis points, table, years and HMDA action code."""

    apr_bps: Rate
    kind: Apor
    years: int
    action: int
    reverse_mortgage: bool = False

    def __post_init__(self) -> None:
        not_negative(self.apr_bps, "apr_bps")
        refuse_unless(
            self.action in range(1, 9),
            "The HMDA action code is 1 to 8.",
            field="action",
            remedy="Take it from the loan application register.",
        )


def rate_spread_bps(table: AporTable, request: SpreadRequest) -> Decimal | None:
    """HMDA rate spread: APR less APOR of the week in which the rate was set.

    Units: basis points; rounding: half up to 0.1 (three places of a percentage). None (not
    applicable) for reverse mortgages and for loans neither originated nor approved.
    Source: 12 CFR 1003.4(a)(12).

    Raises:
        BadInput: when the table has no such term.
    """
    if request.reverse_mortgage or request.action not in _ACTIONS_WITH_SPREAD:
        return None
    return rounded_spread_bps(request.apr_bps, table.rate_bps(request.kind, request.years))


def rounded_spread_bps(apr_bps: Rate, apor_bps: Rate) -> Decimal:
    """APR less APOR, basis points, half up to 0.1 (three places of a percentage, as the register files it)."""
    return (Decimal(apr_bps) - Decimal(apor_bps)).quantize(_THOUSANDTH_OF_A_POINT, ROUND_HALF_UP)
