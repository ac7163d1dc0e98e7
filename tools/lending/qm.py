"""Qualified-mortgage price and fee tests and higher-priced status.

Owns the comparison of a loan with the tables of Regulation Z. The tables come in as
``QmThresholds``: this module holds no limit, picks them by the date it is handed and never
by today's, and decides a regulatory status, never a credit outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tools.lending import Rate, not_negative, positive, refuse_unless


class Lien(StrEnum):
    """Rank of the lien on the dwelling."""

    FIRST = "first_lien"
    SUBORDINATE = "subordinate"


class QmStatus(StrEnum):
    """Outcome of the price test."""

    SAFE_HARBOUR = "QM safe harbour"  # spread below the higher-priced limit
    REBUTTABLE = "QM rebuttable presumption"  # higher-priced, and below the price limit
    NOT_QM = "non-QM(price)"  # spread at or above the price limit


@dataclass(frozen=True, slots=True)
class PriceTier:
    """General QM price limit for loan amounts from ``from_cents`` to below ``below_cents`` (or any)."""

    lien: Lien
    from_cents: int
    below_cents: int | None
    limit_bps: int
    manufactured_home: bool = False


@dataclass(frozen=True, slots=True)
class FeeTier:
    """Points-and-fees limit of one band of loan amounts: a share of the loan or a fixed amount."""

    from_cents: int
    below_cents: int | None
    share_bps: int | None = None
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class SpreadLimits:
    """Spreads over APOR at which a loan is higher-priced, basis points.

    Args:
        first_lien_bps: ordinary first lien.
        subordinate_bps: subordinate lien.
        special_first_lien_bps: first lien of a small creditor's QM (safe harbour table), or
            above the conforming limit (HPML table).
    """

    first_lien_bps: int
    subordinate_bps: int
    special_first_lien_bps: int


@dataclass(frozen=True, slots=True)
class QmThresholds:
    """The tables in force from ``effective_from`` to ``effective_to`` (both included; None is open)."""

    effective_from: date
    effective_to: date | None
    price: tuple[PriceTier, ...]
    fees: tuple[FeeTier, ...]
    safe_harbour: SpreadLimits
    higher_priced: SpreadLimits


@dataclass(frozen=True, slots=True)
class CoveredLoan:
    """What the tests need to know of a loan.

    Args:
        amount_cents: note amount, cents, above zero (chooses the tier).
        apr_bps: annual percentage rate, basis points, not negative.
        apor_bps: average prime offer rate of a comparable loan when the rate was set, basis points.
        lien: rank of the lien.
        manufactured_home: the first lien is secured by a manufactured home.
        small_creditor: the loan is a QM of a small creditor (12 CFR 1026.43(e)(5), (e)(6), (f)).
        above_conforming_limit: the amount exceeds the limit for sale to Freddie Mac.
    """

    amount_cents: int
    apr_bps: Rate
    apor_bps: Rate
    lien: Lien = Lien.FIRST
    manufactured_home: bool = False
    small_creditor: bool = False
    above_conforming_limit: bool = False

    def __post_init__(self) -> None:
        positive(self.amount_cents, "amount_cents")
        not_negative(self.apr_bps, "apr_bps")
        not_negative(self.apor_bps, "apor_bps")

    @property
    def spread_bps(self) -> Decimal:
        """APR less APOR, basis points, exact (negative when the loan is below APOR)."""
        return Decimal(self.apr_bps) - Decimal(self.apor_bps)


def thresholds_on(tables: Sequence[QmThresholds], application_date: date) -> QmThresholds:
    """The tables in force on the application date.

    Raises:
        BadInput: when none or more than one covers the date.
    """
    found = [
        table
        for table in tables
        if table.effective_from <= application_date
        and (table.effective_to is None or application_date <= table.effective_to)
    ]
    refuse_unless(
        len(found) == 1,
        f"{len(found)} threshold tables are in force on {application_date.isoformat()}.",
        field="application_date",
        remedy="Check the date; policy must hold exactly one table for it.",
    )
    return found[0]


def points_and_fees_limit(table: QmThresholds, amount_cents: int, total_loan_cents: int) -> int:
    """Most points and fees that a QM may carry, cents.

    Formula: the tier is chosen by the note amount; a share is taken of the *total loan
    amount* (12 CFR 1026.32(b)(4)). Rounding: down to the cent, so that the limit is never
    exceeded. Source: 12 CFR 1026.43(e)(3).

    Raises:
        BadInput: when an amount is not above zero or not exactly one tier holds it.
    """
    positive(amount_cents, "amount_cents")
    positive(total_loan_cents, "total_loan_cents")
    tiers = [tier for tier in table.fees if _holds(tier, amount_cents)]
    _only_one(len(tiers), "fees")
    share, amount = tiers[0].share_bps, tiers[0].amount_cents
    refuse_unless(
        (share is None) != (amount is None),
        "A fee tier must give either a share or an amount.",
        field="fees",
        remedy="Correct the threshold table.",
    )
    return amount if amount is not None else total_loan_cents * (share or 0) // 10_000


def price_limit_bps(table: QmThresholds, loan: CoveredLoan) -> int:
    """Spread at which the loan stops being a General QM, basis points.

    Formula: the tier of lien and note amount; one for manufactured homes comes first where
    it holds the amount. Source: 12 CFR 1026.43(e)(2)(vi).

    Raises:
        BadInput: when not exactly one tier holds the amount.
    """
    tiers = [tier for tier in table.price if tier.lien == loan.lien and _holds(tier, loan.amount_cents)]
    special = [tier for tier in tiers if tier.manufactured_home]
    if not (loan.manufactured_home and special):
        special = [tier for tier in tiers if not tier.manufactured_home]
    _only_one(len(special), "price")
    return special[0].limit_bps


def qm_status(table: QmThresholds, loan: CoveredLoan) -> QmStatus:
    """Status by price alone: structure, fees and underwriting are tested elsewhere.

    Formula: spread at or above the price limit is not a General QM (a small creditor's QM
    has no price limit: (e)(5)(i)(A)); at or above the higher-priced limit it is a QM with a
    rebuttable presumption; below it, a safe harbour. Rounding: none. Source: 12 CFR
    1026.43(b)(4), (e)(1), (e)(2)(vi).

    Raises:
        BadInput: as ``price_limit_bps``.
    """
    if not loan.small_creditor and loan.spread_bps >= price_limit_bps(table, loan):
        return QmStatus.NOT_QM
    higher = _reaches(table.safe_harbour, loan, special=loan.small_creditor)
    return QmStatus.REBUTTABLE if higher else QmStatus.SAFE_HARBOUR


def is_higher_priced(table: QmThresholds, loan: CoveredLoan) -> bool:
    """Whether it is a higher-priced mortgage loan (HPML: escrow and appraisal duties).

    Formula: spread at or above the limit of its lien. Rounding: none. Source: 12 CFR 1026.35(a)(1).
    """
    return _reaches(table.higher_priced, loan, special=loan.above_conforming_limit)


def _reaches(limits: SpreadLimits, loan: CoveredLoan, *, special: bool) -> bool:
    if loan.lien is Lien.SUBORDINATE:
        return loan.spread_bps >= limits.subordinate_bps
    return loan.spread_bps >= (limits.special_first_lien_bps if special else limits.first_lien_bps)


def _holds(tier: PriceTier | FeeTier, amount_cents: int) -> bool:
    return tier.from_cents <= amount_cents and (tier.below_cents is None or amount_cents < tier.below_cents)


def _only_one(tiers: int, table: str) -> None:
    refuse_unless(
        tiers == 1,
        f"{tiers} tiers of the {table} table hold this loan amount.",
        field="amount_cents",
        remedy="Check the amount; the tiers must meet without gap or overlap.",
    )
