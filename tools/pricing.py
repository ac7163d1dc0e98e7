"""The price of the loan that was asked for, and the regulatory tests that follow from it.

Owns the tool that joins rate sheet, payment, APR, debt-to-income and the tests of Regulation Z over
verified facts. Holds no rate and no limit (they are rows of the book), reads no source record and
never decides whether a price is acceptable. Amounts in cents; rates and ratios in basis points.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from domain.errors import BadInput
from domain.identity import Record
from tools.book_rows import only, rows
from tools.contract import NoArguments, Tool, ToolContext
from tools.lending import refuse_unless
from tools.lending.apr import mortgage_apr_bps
from tools.lending.payment import LoanTerms, monthly_payment
from tools.lending.rate_sheet import (
    Adjustment,
    BaseRate,
    Quote,
    RateRequest,
    RateSheet,
    TraitAdjustment,
    quote,
)
from tools.lending.ratios import HousingPayment, back_dti_bps, front_dti_bps
from tools.regulation_z import REGULATION_Z, application_date, regulation_z

NEEDS = ("monthly_income_cents", "ltv_bps", "credit_score", "monthly_debts_cents")
_SOURCES = {"ltv_bps": "valuation", "credit_score": "bureau_file", "monthly_debts_cents": "bureau_file"}
_BASE = TypeAdapter(tuple[BaseRate, ...])
_ADJUSTMENTS = TypeAdapter(tuple[Adjustment, ...])
_TRAITS = TypeAdapter(tuple[TraitAdjustment, ...])


class PricePart(Record):
    """One adjustment of the rate with the row of the sheet that gave it."""

    row: str
    because: str  # score and loan-to-value, or the trait with its value
    adjustment_bps: int


class LoanPrice(Record):
    """The price with its parts, or the reason why there is none (then every figure is empty)."""

    priced: bool
    reason: str = ""
    awaits: tuple[str, ...] = ()  # kinds of record from which the facts that are not known come
    base_rate_bps: int | None = None
    adjustments: tuple[PricePart, ...] = ()
    rate_adjustment_bps: int | None = None  # all of them
    note_rate_bps: int | None = None
    monthly_payment_cents: int | None = None  # principal and interest
    apr_bps: int | None = None  # half up
    apr_exact_bps: Decimal | None = None  # as tested
    dti_front_bps: int | None = None
    dti_back_bps: int | None = None
    apor_bps: int | None = None  # from here on as in ``RegulationZ``
    rate_spread: Decimal | None = None
    price_limit_bps: int | None = None
    qm_status: Literal["safe_harbour", "rebuttable", "not_qm"] | None = None
    fees_limit_cents: int | None = None
    fees_within_limit: bool | None = None
    conforming_status: Literal["conforming", "above_limit", "undetermined"] | None = None
    conforming_limit_cents: int | None = None
    conforming_limit_source: Literal["county_list", "book_baseline"] | None = None
    conforming_list_version: str = ""
    higher_priced: bool | None = None
    hpml_appraisal_required: bool | None = None
    high_cost: bool | None = None


async def price_loan(args: NoArguments, context: ToolContext) -> LoanPrice:
    """Note rate, payment, APR, DTI and the tests of Regulation Z of the loan as applied for, as a first lien.

    Formula: note rate is base rate plus the adjustment of score and LTV plus one for each trait of the sheet;
    all points and fees of the application count as prepaid finance charges (12 CFR 1026.18(b)); the housing
    payment of both DTI ratios is principal, interest, taxes and insurance and other liens; alimony and child
    support count as debts (12 CFR 1026.43(c)(7)(i)). Rounding: APR half up to a basis
    point, but the exact one is tested; the rest as in ``tools.lending``. Domain: fixed-rate loans with a
    regular first period; mortgage insurance is not priced. No price (``priced`` false, with the reason) when a
    fact is missing or impossible, or no row answers.

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
        adjustments=_parts(offer),
        rate_adjustment_bps=int(offer.rate_bps - offer.base_bps),
        note_rate_bps=int(offer.rate_bps),
        monthly_payment_cents=payment,
        apr_bps=int(apr.quantize(Decimal(1), ROUND_HALF_UP)),
        apr_exact_bps=apr,
        dti_front_bps=front,
        dti_back_bps=back,
        **regulation_z(context, apr, base.months).model_dump(),
    )


def _offer(context: ToolContext) -> tuple[BaseRate, Quote]:
    """The product's base row and the quote; the book has chosen the rows of the application date."""
    product, day, book = context.application["product"], application_date(context), context.parameters
    bases, adjustments = rows(book, "rate_base", _BASE), rows(book, "rate_adjustments", _ADJUSTMENTS)
    traits = rows(book, "rate_traits", _TRAITS) if "rate_traits" in book else ()
    sheet = RateSheet("book", day, None, bases, adjustments, traits)
    base = only([row for row in sheet.base if row.product == product], "rate_base", product)
    request = RateRequest(
        product, base.months, _fact(context, "credit_score"), _fact(context, "ltv_bps"), day, _traits(context)
    )
    offer = quote(sheet, request)
    refuse_unless(
        all(part == int(part) for part in (offer.base_bps, offer.adjustment_bps, offer.trait_bps)),
        "The note rate is not in whole basis points.",
        field="rate_base",
        remedy="Write the rates of the book in whole basis points.",
    )
    return base, offer


def _traits(context: ToolContext) -> Mapping[str, str]:
    """What of the form a sheet may price beside score and LTV, as text."""
    home = context.application["property"]
    return {
        "occupancy": str(home.get("occupancy", "principal")),
        "property_type": str(home.get("property_type", "single_family")),
        "units": str(home.get("units", 1)),
    }


def _parts(offer: Quote) -> tuple[PricePart, ...]:
    by_trait = [
        PricePart(row=each.id, because=f"{each.trait} {each.value}", adjustment_bps=int(each.adjustment_bps))
        for each in offer.by_trait
    ]
    first = PricePart(
        row=offer.row, because="score and loan-to-value", adjustment_bps=int(offer.adjustment_bps)
    )
    return (first, *by_trait)


def _dti(context: ToolContext, payment: int) -> tuple[int, int]:
    """Front and back ratio; taxes and insurance come in one amount, carried as tax; support is a debt."""
    application = context.application
    housing = HousingPayment(
        payment,
        property_tax=application["monthly_tax_insurance_cents"],
        subordinate_liens=application.get("other_liens_monthly_cents") or 0,
    )
    income = _fact(context, "monthly_income_cents")
    debts = _fact(context, "monthly_debts_cents") + application.get("monthly_support_cents", 0)
    return front_dti_bps(housing, income), back_dti_bps(housing, debts, income)


def _fact(context: ToolContext, name: str) -> int:
    value: Any = context.inputs[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput("This fact is not a whole number.", field=name, remedy="Have it verified again.")
    return value


TOOLS: tuple[Tool, ...] = (
    Tool(
        "price_loan",
        "Note rate, payment, APR, debt-to-income and qualified-mortgage tests of the loan as applied for.",
        NoArguments,
        LoanPrice,
        price_loan,
        facts=(*NEEDS, "loan_amount_cents"),
        parameters=REGULATION_Z | {"rate_adjustments", "rate_base", "rate_traits"},
        versions=frozenset({"conforming_list_version"}),
    ),
)
