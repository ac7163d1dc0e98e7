"""The price of the loan that was asked for, and the regulatory tests that follow from it.

Owns the tool that joins rate sheet, payment, APR, debt-to-income and qualified-mortgage tests over
verified facts. Holds no rate and no limit (they are rows of the book), reads no source record and
never decides whether a price is acceptable. Amounts in cents; rates and ratios in basis points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.errors import BadInput, InvalidPolicy
from domain.identity import Record
from tools.contract import NoArguments, Tool, ToolContext
from tools.lending import refuse_unless
from tools.lending.apr import mortgage_apr_bps
from tools.lending.payment import LoanTerms, monthly_payment
from tools.lending.qm import (
    CoveredLoan,
    FeeTier,
    PriceTier,
    QmStatus,
    QmThresholds,
    SpreadLimits,
    points_and_fees_limit,
    price_limit_bps,
    qm_status,
)
from tools.lending.rate_sheet import Adjustment, BaseRate, Quote, RateRequest, RateSheet, quote
from tools.lending.ratios import HousingPayment, back_dti_bps, front_dti_bps

NEEDS = ("monthly_income_cents", "ltv_bps", "credit_score", "monthly_debts_cents")
_SOURCES = {"ltv_bps": "valuation", "credit_score": "bureau_file", "monthly_debts_cents": "bureau_file"}
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


Row = TypeVar("Row")
_BASE = TypeAdapter(tuple[BaseRate, ...])
_ADJUSTMENTS = TypeAdapter(tuple[Adjustment, ...])
_APOR = TypeAdapter(tuple[AporRow, ...])
_PRICE = TypeAdapter(tuple[PriceTier, ...])
_FEES = TypeAdapter(tuple[FeeTier, ...])
_SPREADS = TypeAdapter(tuple[SpreadRow, ...])


class LoanPrice(Record):
    """The price with its parts, or the reason why there is none (then every figure is empty)."""

    priced: bool
    reason: str = ""
    awaits: tuple[str, ...] = ()  # kinds of record from which the facts that are not known come
    base_rate_bps: int | None = None
    rate_adjustment_bps: int | None = None  # for score and LTV
    note_rate_bps: int | None = None
    monthly_payment_cents: int | None = None  # principal and interest
    apr_bps: int | None = None  # half up
    apr_exact_bps: Decimal | None = None  # as tested
    dti_front_bps: int | None = None
    dti_back_bps: int | None = None
    apor_bps: int | None = None
    price_limit_bps: int | None = None  # spread at which it is no General QM
    qm_status: Literal["safe_harbour", "rebuttable", "not_qm"] | None = None
    fees_limit_cents: int | None = None
    fees_within_limit: bool | None = None


async def price_loan(args: NoArguments, context: ToolContext) -> LoanPrice:
    """Note rate, payment, APR, DTI and QM tests of the loan as applied for, as a first lien.

    Formula: note rate is base rate plus the adjustment of score and LTV; all points and fees of the
    application count as prepaid finance charges, so the total loan amount of the fee test is the loan
    less them (12 CFR 1026.18(b), 1026.32(b)(4)); the housing payment of both DTI ratios is principal,
    interest, taxes and insurance. Rounding: APR half up to a basis point, but the exact one is tested;
    the rest as in ``tools.lending``. Domain: fixed-rate loans. No price (``priced`` false, with the
    reason) when a fact is missing or impossible, or no row answers.

    Raises:
        InvalidPolicy: when rows of the book are missing or cannot be read.
    """
    absent = [name for name in NEEDS if name not in context.inputs]
    if absent:
        reason = f"Not known: {', '.join(absent)}."
        return LoanPrice(priced=False, reason=reason, awaits=_awaits(absent, context))
    try:
        return _priced(context)
    except BadInput as error:
        return LoanPrice(priced=False, reason=str(error))


def _awaits(absent: list[str], context: ToolContext) -> tuple[str, ...]:
    employments = {borrower["employment"] for borrower in context.application["borrowers"]}
    kinds = {_SOURCES[name] for name in absent if name in _SOURCES}
    if "monthly_income_cents" in absent:
        kinds |= {"tax_return" if each == "self_employed" else "pay_stub" for each in employments}
    return tuple(sorted(kinds))


def _priced(context: ToolContext) -> LoanPrice:
    base, offer = _offer(context)
    loan = LoanTerms(context.application["loan_amount_cents"], offer.rate_bps, base.months)
    payment = monthly_payment(loan)
    apr = mortgage_apr_bps(loan, context.application["points_and_fees_cents"])
    front, back = _dti(context, payment)
    return LoanPrice(
        priced=True,
        base_rate_bps=int(offer.base_bps),
        rate_adjustment_bps=int(offer.adjustment_bps),
        note_rate_bps=int(offer.rate_bps),
        monthly_payment_cents=payment,
        apr_bps=int(apr.quantize(Decimal(1), ROUND_HALF_UP)),
        apr_exact_bps=apr,
        dti_front_bps=front,
        dti_back_bps=back,
        **_regulatory(context, apr, base.months),
    )


def _offer(context: ToolContext) -> tuple[BaseRate, Quote]:
    """The product's base row and the quote; the book has chosen the rows of the application date."""
    product, day = context.application["product"], _application_date(context)
    bases, adjustments = _rows(context, "rate_base", _BASE), _rows(context, "rate_adjustments", _ADJUSTMENTS)
    sheet = RateSheet("book", day, None, bases, adjustments)
    base = _only([row for row in sheet.base if row.product == product], "rate_base", product)
    request = RateRequest(
        product, base.months, _fact(context, "credit_score"), _fact(context, "ltv_bps"), day
    )
    offer = quote(sheet, request)
    refuse_unless(
        all(part == int(part) for part in (offer.base_bps, offer.adjustment_bps)),
        "The note rate is not in whole basis points.",
        field="rate_base",
        remedy="Write the rates of the book in whole basis points.",
    )
    return base, offer


def _dti(context: ToolContext, payment: int) -> tuple[int, int]:
    """Front and back ratio; taxes and insurance come in one amount, carried as tax."""
    housing = HousingPayment(payment, property_tax=context.application["monthly_tax_insurance_cents"])
    income = _fact(context, "monthly_income_cents")
    debts = _fact(context, "monthly_debts_cents")
    return front_dti_bps(housing, income), back_dti_bps(housing, debts, income)


def _regulatory(context: ToolContext, apr: Decimal, months: int) -> dict[str, Any]:
    amount, fees = context.application["loan_amount_cents"], context.application["points_and_fees_cents"]
    years = [row for row in _rows(context, "apor", _APOR) if row.years * 12 == months]
    apor = _only(years, "apor", f"{months} months").rate_bps
    table, loan = _thresholds(context), CoveredLoan(amount, apr, apor)
    limit = points_and_fees_limit(table, amount, amount - fees)
    return {
        "apor_bps": apor,
        "price_limit_bps": price_limit_bps(table, loan),
        "qm_status": _STATUS[qm_status(table, loan)],
        "fees_limit_cents": limit,
        "fees_within_limit": fees <= limit,
    }


def _thresholds(context: ToolContext) -> QmThresholds:
    rows = _rows(context, "spread_limits", _SPREADS)
    limits = {
        name: _only([row for row in rows if row.table == name], "spread_limits", name)
        for name in ("safe_harbour", "higher_priced")
    }
    return QmThresholds(
        effective_from=_application_date(context),
        effective_to=None,
        price=_rows(context, "qm_price", _PRICE),
        fees=_rows(context, "qm_fees", _FEES),
        safe_harbour=_limits(limits["safe_harbour"]),
        higher_priced=_limits(limits["higher_priced"]),
    )


def _limits(row: SpreadRow) -> SpreadLimits:
    return SpreadLimits(row.first_lien_bps, row.subordinate_bps, row.special_first_lien_bps)


def _application_date(context: ToolContext) -> date:
    return date.fromisoformat(str(context.application["application_date"]))


def _fact(context: ToolContext, name: str) -> int:
    value = context.inputs[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput("This fact is not a whole number.", field=name, remedy="Have it verified again.")
    return value


def _only(rows: list[Row], parameter: str, asked: str) -> Row:
    refuse_unless(
        len(rows) == 1,
        f"{len(rows)} rows answer for {asked}.",
        field=parameter,
        remedy="Price by hand, or add the one row to the book.",
    )
    return rows[0]


def _rows(context: ToolContext, name: str, adapter: TypeAdapter[tuple[Row, ...]]) -> tuple[Row, ...]:
    try:
        return adapter.validate_python(context.parameters.get(name))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in (name, *first["loc"]))
        raise InvalidPolicy(f"parameter {where}: {first['msg']}", field=where) from error


TOOLS: tuple[Tool, ...] = (
    Tool(
        "price_loan",
        "Note rate, payment, APR, debt-to-income and qualified-mortgage tests of the loan as applied for.",
        NoArguments,
        LoanPrice,
        price_loan,
        facts=(*NEEDS, "loan_amount_cents"),
    ),
)
