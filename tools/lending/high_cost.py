"""High-cost status under the Home Ownership and Equity Protection Act.

Owns the comparison of a loan with the coverage tests of 12 CFR 1026.32. The limits come in as
``HighCostLimits``: this module holds none, and never decides a credit outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.lending import not_negative, positive
from tools.lending.qm import CoveredLoan


@dataclass(frozen=True, slots=True)
class HighCostLimits:
    """Coverage tests of one year.

    Args:
        first_lien_spread_bps: spread over APOR that a first lien may reach, basis points.
        large_from_cents: total loan amount from which the share alone counts, cents.
        large_share_bps: share of the total loan amount from there on, basis points.
        small_share_bps: share below it, basis points.
        small_amount_cents: amount below it, cents; the lesser of the two counts.
    """

    first_lien_spread_bps: int
    large_from_cents: int
    large_share_bps: int
    small_share_bps: int
    small_amount_cents: int


def high_cost_fees_limit(limits: HighCostLimits, total_loan_cents: int) -> int:
    """Points and fees above which a loan is high-cost, cents.

    Formula: a share of the total loan amount; below ``large_from_cents`` the lesser of another share and an
    amount. Rounding: down to the cent. Source: 12 CFR 1026.32(a)(1)(ii).

    Raises:
        BadInput: when the total loan amount is not above zero.
    """
    positive(total_loan_cents, "total_loan_cents")
    if total_loan_cents >= limits.large_from_cents:
        return total_loan_cents * limits.large_share_bps // 10_000
    return min(limits.small_amount_cents, total_loan_cents * limits.small_share_bps // 10_000)


def is_high_cost(
    limits: HighCostLimits, loan: CoveredLoan, total_loan_cents: int, fees_cents: int, *, principal: bool
) -> bool:
    """Whether a first lien is a high-cost mortgage.

    Formula: on the consumer's principal dwelling, and the spread is *above* its limit or points and fees are
    above theirs. Domain: first liens without prepayment penalty (the third test, 1026.32(a)(1)(iii), cannot
    then be met). Rounding: none. Source: 12 CFR 1026.32(a)(1).

    Raises:
        BadInput: when an amount is impossible.
    """
    not_negative(fees_cents, "fees_cents")
    over_fees = fees_cents > high_cost_fees_limit(limits, total_loan_cents)
    return principal and (loan.spread_bps > limits.first_lien_spread_bps or over_fees)
