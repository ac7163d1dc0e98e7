"""What Regulation Z says of a priced first lien: qualified-mortgage tests, higher-priced and high-cost status.

Owns the join of the book's dated tables with one loan. Holds no limit, reads no source record and decides
no credit outcome; consequences are rows of the decision table. Amounts in cents, rates in basis points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from domain.identity import Record
from tools.book_rows import only, rows, whole_number
from tools.contract import ToolContext
from tools.lending.conforming import Baseline, Dwelling, LimitCheck, LimitStatus, check_limit
from tools.lending.high_cost import HighCostLimits, is_high_cost
from tools.lending.qm import (
    CoveredLoan,
    FeeTier,
    PriceTier,
    QmStatus,
    QmThresholds,
    SpreadLimits,
    is_higher_priced,
    points_and_fees_limit,
    price_limit_bps,
    qm_status,
)
from tools.lending.rate_spread import rounded_spread_bps

EXEMPT = "hpml_appraisal_exempt_cents"
LIMITS = "conforming_limit"
COUNTY_LIMITS = "conforming_limits"  # name of the reference list
REGULATION_Z = frozenset({EXEMPT, LIMITS, "apor", "high_cost", "qm_fees", "qm_price", "spread_limits"})
"""Parameters that these tests read."""
_STATUS: dict[QmStatus, Literal["safe_harbour", "rebuttable", "not_qm"]] = {
    QmStatus.SAFE_HARBOUR: "safe_harbour",
    QmStatus.REBUTTABLE: "rebuttable",
    QmStatus.NOT_QM: "not_qm",
}


@dataclass(frozen=True, slots=True)
class AporRow:
    """Average prime offer rate of fixed-rate loans of one term, basis points."""

    years: int
    rate_bps: int


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One row of ``spread_limits``; the fields are those of ``SpreadLimits``."""

    table: Literal["safe_harbour", "higher_priced"]
    first_lien_bps: int
    subordinate_bps: int
    special_first_lien_bps: int


_APOR = TypeAdapter(tuple[AporRow, ...])
_PRICE = TypeAdapter(tuple[PriceTier, ...])
_FEES = TypeAdapter(tuple[FeeTier, ...])
_SPREADS = TypeAdapter(tuple[SpreadRow, ...])
_HIGH_COST = TypeAdapter(tuple[HighCostLimits, ...])
_BASELINES = TypeAdapter(tuple[Baseline, ...])


class RegulationZ(Record):
    """The regulatory figures of a price."""

    apor_bps: int
    rate_spread: Decimal  # percentage points, three places, as the register files it
    price_limit_bps: int  # spread at which it is no General QM
    qm_status: Literal["safe_harbour", "rebuttable", "not_qm"]  # by price; fees are tested apart
    fees_limit_cents: int
    fees_within_limit: bool
    conforming_status: Literal["conforming", "above_limit", "undetermined"]
    conforming_limit_cents: int | None  # none when undetermined
    conforming_limit_source: Literal["county_list", "book_baseline"]
    conforming_list_version: str  # empty where the book's baseline gave the limit
    higher_priced: bool  # HPML: the escrow account follows
    hpml_appraisal_required: bool | None  # the written appraisal follows too; none: the book has no threshold
    high_cost: bool | None  # none: the book has no coverage tests


def regulation_z(context: ToolContext, apr_bps: Decimal, months: int) -> RegulationZ:
    """Every test of one loan, with the tables in force on the application date.

    Formula: spread is exact APR less APOR; the total loan amount of fee tests is the loan less its points and
    fees (12 CFR 1026.32(b)(4)). Higher-priced and high-cost status belong to principal dwellings only
    (1026.35(a)(1), 1026.32(a)(1)); the appraisal duty falls away for qualified mortgages and up to the book's
    threshold (1026.35(c)(2)(i), (ii)). Where the county's conforming limit is undetermined the stricter spread,
    that of a conforming loan, counts.

    What an older book holds no row for stays empty: an unknown fact refers the loan.

    Raises:
        BadInput: an amount is impossible, or not exactly one row answers.
        InvalidPolicy: rows of the book are missing or cannot be read.
    """
    application = context.application
    amount, fees = application["loan_amount_cents"], application["points_and_fees_cents"]
    limit = conforming(context)
    loan = CoveredLoan(
        amount,
        apr_bps,
        _apor(context, months),
        manufactured_home=application["property"].get("property_type") == "manufactured",
        above_conforming_limit=limit.status is LimitStatus.ABOVE_LIMIT,
    )
    table = thresholds(context)
    status, fees_limit = qm_status(table, loan), points_and_fees_limit(table, amount, amount - fees)
    qualified = status is not QmStatus.NOT_QM and fees <= fees_limit
    higher_priced = _principal(context) and is_higher_priced(table, loan)
    appraised = higher_priced and not qualified
    return RegulationZ(
        apor_bps=int(loan.apor_bps),
        rate_spread=rounded_spread_bps(loan.apr_bps, loan.apor_bps) / 100,
        price_limit_bps=price_limit_bps(table, loan),
        qm_status=_STATUS[status],
        fees_limit_cents=fees_limit,
        fees_within_limit=fees <= fees_limit,
        higher_priced=higher_priced,
        hpml_appraisal_required=_appraisal(context, amount, owed=appraised),
        high_cost=_high_cost(context, loan, amount - fees, fees),
        **_limit_fields(limit),
    )


def conforming(context: ToolContext) -> LimitCheck:
    """The conforming-limit check by county, from the configured list or the book's baseline."""
    home = context.application["property"]
    units = home.get("units", 1)
    baselines = rows(context.parameters, LIMITS, _BASELINES) if LIMITS in context.parameters else ()
    found = [row for row in baselines if row.units == units]
    dwelling = Dwelling(home["area"], units, application_date(context).year)
    amount = context.application["loan_amount_cents"]
    return check_limit(amount, dwelling, found[0] if found else None, context.lists.get(COUNTY_LIMITS))


def thresholds(context: ToolContext) -> QmThresholds:
    """The qualified-mortgage tables that the book carries for the application date."""
    found = rows(context.parameters, "spread_limits", _SPREADS)
    limits = {
        name: only([row for row in found if row.table == name], "spread_limits", name)
        for name in ("safe_harbour", "higher_priced")
    }
    return QmThresholds(
        effective_from=application_date(context),
        effective_to=None,
        price=rows(context.parameters, "qm_price", _PRICE),
        fees=rows(context.parameters, "qm_fees", _FEES),
        safe_harbour=_limits(limits["safe_harbour"]),
        higher_priced=_limits(limits["higher_priced"]),
    )


def application_date(context: ToolContext) -> date:
    """The day that decides which rows are in force."""
    return date.fromisoformat(str(context.application["application_date"]))


def _apor(context: ToolContext, months: int) -> int:
    found = [row for row in rows(context.parameters, "apor", _APOR) if row.years * 12 == months]
    return only(found, "apor", f"{months} months").rate_bps


def _principal(context: ToolContext) -> bool:
    return bool(context.application["property"].get("occupancy", "principal") == "principal")


def _appraisal(context: ToolContext, amount: int, *, owed: bool) -> bool | None:
    if EXEMPT not in context.parameters:
        return None
    return amount > whole_number(context.parameters, EXEMPT) and owed


def _high_cost(context: ToolContext, loan: CoveredLoan, total: int, fees: int) -> bool | None:
    if "high_cost" not in context.parameters:
        return None
    found = rows(context.parameters, "high_cost", _HIGH_COST)
    limits = only(found, "high_cost", "the coverage tests")
    return is_high_cost(limits, loan, total, fees, principal=_principal(context))


def _limits(row: SpreadRow) -> SpreadLimits:
    return SpreadLimits(row.first_lien_bps, row.subordinate_bps, row.special_first_lien_bps)


def _limit_fields(limit: LimitCheck) -> dict[str, Any]:
    return {
        "conforming_status": limit.status.value,
        "conforming_limit_cents": limit.limit_cents,
        "conforming_limit_source": limit.source,
        "conforming_list_version": limit.list_version,
    }
