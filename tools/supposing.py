"""What-if calculators of the advisor chat: a rate by the sheet in force, and a case's payment at another rate.

Pure over the figures they are handed. A supposed figure is a reference (``asked:1``) to a number that stands in
the person's own message, so a model can suppose nothing by itself. Nothing here changes a case.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import TypeAdapter

from domain.chat import Citation
from domain.errors import BadInput, InvalidPolicy
from domain.identity import Record
from domain.money import dollars, percent
from tools.book_rows import only, rows
from tools.casework import NO_CASE, SPOKEN_OF, Shown, cited_figure, looked_up, shown
from tools.contract import Tool, ToolContext
from tools.lending.payment import LoanTerms, monthly_payment
from tools.lending.rate_sheet import Adjustment, BaseRate, RateRequest, RateSheet, TraitAdjustment, quote
from tools.lending.ratios import HousingPayment, back_dti_bps, front_dti_bps
from tools.scope import CaseFigure, CaseView

MOST_ASKED = 6  # figures of one message that can be referred to
ASKED = tuple(f"asked:{n}" for n in range(1, MOST_ASKED + 1))
NEEDED = ("monthly_income_cents", "monthly_debts_cents", "note_rate_bps")
TERMS = ("loan_amount_cents", "monthly_tax_insurance_cents")
_BASES = TypeAdapter(tuple[BaseRate, ...])
_ADJUSTMENTS = TypeAdapter(tuple[Adjustment, ...])
_TRAITS = TypeAdapter(tuple[TraitAdjustment, ...])


class QuoteArguments(Record):
    """Figures of the message, by reference; the product as the sheet names it."""

    score: str = ""  # asked:1
    ltv: str = ""  # asked:2
    product: str = "fixed_30"
    occupancy: Literal["principal", "second", "investment"] = "principal"


class SupposeArguments(Record):
    """Which case, and which figure of the message is supposed as its note rate."""

    case: str = ""
    at: str = ""  # asked:1


class Quoted(Record):
    """A rate by the sheet in force today, or why there is none. It binds nobody."""

    quoted: bool
    reason: str = ""
    product: str = ""
    score: int | None = None
    ltv_bps: int | None = None
    occupancy: str = ""
    base_rate_bps: int | None = None
    adjustment_bps: int | None = None
    note_rate_bps: int | None = None
    lines: tuple[str, ...] = ()  # the figures as people read them
    citations: tuple[Citation, ...] = ()


class Supposed(Record):
    """Payment and ratios of a case at another rate, beside what is on record; only the rate was changed."""

    found: bool
    reason: str = ""
    case: str | None = None
    changed: str = ""  # which figure, from what to what
    at_bps: Decimal | None = None
    months: int | None = None
    monthly_payment_cents: int | None = None  # principal and interest at the supposed rate
    dti_front_bps: int | None = None
    dti_back_bps: int | None = None
    lines: tuple[str, ...] = ()  # the results as people read them
    rests_on: tuple[Shown, ...] = ()  # the case's own figures that were used
    citations: tuple[Citation, ...] = ()


async def rate_quote(args: QuoteArguments, context: ToolContext) -> Quoted:
    """Base rate plus the adjustments of score, LTV and home by the sheet in force today; no rounding.

    Domain: a single-family home of one unit; products, scores and LTV that the sheet has rows for; else there is no
    quote, with the reason.
    """
    score = _whole(asked(args.score, context, "count"))
    ltv = _whole(asked(args.ltv, context, "bps"))
    if score is None or ltv is None:
        return Quoted(quoted=False, reason="a credit score and a loan-to-value in percent are needed")
    try:
        return _quoted(args, score, ltv, context)
    except BadInput as error:
        return Quoted(quoted=False, reason=f"{error.message} ({error.attributes.get('field')})")
    except InvalidPolicy:
        return Quoted(quoted=False, reason="no rate sheet is in force today")


async def what_if(args: SupposeArguments, context: ToolContext) -> Supposed:
    """Payment and both DTI ratios of a case at another note rate, on its verified figures.

    Formula and rounding: ``tools.lending.payment.monthly_payment`` and ``tools.lending.ratios``. Domain: home loans
    whose income, debts and rate are known. A simulation of the whole decision is a fork of the case, not this.
    """
    view = await looked_up(args.case, context)
    rate = asked(args.at, context, "bps")
    if view is None:
        return Supposed(found=False, reason=NO_CASE)
    if rate is None:
        return Supposed(found=False, case=view.case, reason="a rate in percent is needed")
    known = {each.name: each for each in view.figures}
    absent = [name for name in NEEDED if name not in known] + [n for n in TERMS if n not in view.terms]
    if absent or view.months is None:
        names = ", ".join(name.replace("_", " ") for name in absent) or "the term of the product"
        return Supposed(found=False, case=view.case, reason=f"not known in this case: {names}")
    try:
        return _supposed(view, rate, [known[name] for name in NEEDED])
    except BadInput as error:
        return Supposed(found=False, case=view.case, reason=error.message)


def asked(reference: str, context: ToolContext, unit: str) -> Decimal | None:
    """The figure of the message under this reference, exactly as written, if it has this unit."""
    value = context.inputs.get(reference)
    if context.inputs.get(f"{reference}:unit") != unit or not isinstance(value, str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def as_rate(bps: Decimal) -> str:
    """A rate as people read it, with as many places as it has and two at least: ``6.125 %``."""
    rate = bps / 100
    return percent(int(bps)) if bps == int(bps) else f"{rate.normalize():f} %"


def _whole(figure: Decimal | None) -> int | None:
    return int(figure) if figure is not None and figure == int(figure) else None


def _quoted(args: QuoteArguments, score: int, ltv: int, context: ToolContext) -> Quoted:
    day, book, product = context.as_of.date(), context.parameters, args.product
    traits = rows(book, "rate_traits", _TRAITS) if "rate_traits" in book else ()
    bases = rows(book, "rate_base", _BASES)
    version = str(book.get("rate_book", "book"))
    sheet = RateSheet(version, day, None, bases, rows(book, "rate_adjustments", _ADJUSTMENTS), traits)
    base = only([row for row in bases if row.product == product], "rate_base", product)
    home = {"occupancy": args.occupancy, "property_type": "single_family", "units": "1"}
    offer = quote(sheet, RateRequest(product, base.months, score, ltv, day, home))
    first, more, rate = int(offer.base_bps), int(offer.rate_bps - offer.base_bps), int(offer.rate_bps)
    of = ", ".join(each for each in (offer.row, *(trait.id for trait in offer.by_trait)) if each)
    return Quoted(
        quoted=True,
        product=product,
        score=score,
        ltv_bps=ltv,
        occupancy=args.occupancy,
        base_rate_bps=first,
        adjustment_bps=more,
        note_rate_bps=rate,
        lines=(
            f"{percent(rate)}: {percent(first)} for {product}, {percent(more)} for score, LTV and a single-family "
            f"home of one unit, {args.occupancy} residence",
        ),
        citations=(
            Citation(
                ref=f"{version}#{product}",
                what=f"rate sheet row {product}, rows {of}; score {score}, LTV {percent(ltv)}",
                value=percent(rate),
                source=f"{version}, in force on {day.isoformat()}",
            ),
        ),
    )


def _supposed(view: CaseView, rate: Decimal, used: list[CaseFigure]) -> Supposed:
    income, debts, note = (int(each.value) for each in used)
    months = view.months or 0
    payment = monthly_payment(LoanTerms(view.terms["loan_amount_cents"], rate, months))
    housing = HousingPayment(payment, property_tax=view.terms["monthly_tax_insurance_cents"])
    front, back = front_dti_bps(housing, income), back_dti_bps(housing, debts, income)
    return Supposed(
        found=True,
        case=view.case,
        changed=f"note rate from {percent(note)} to {as_rate(rate)}",
        at_bps=rate,
        months=months,
        monthly_payment_cents=payment,
        dti_front_bps=front,
        dti_back_bps=back,
        lines=(
            f"payment (principal and interest) {dollars(payment)}",
            f"DTI (front) {percent(front)}",
            f"DTI (back) {percent(back)}",
        ),
        rests_on=tuple(shown(view, each) for each in used),
        citations=tuple(cited_figure(view, each) for each in used),
    )


_FACTS = (SPOKEN_OF, *ASKED, *(f"{each}:unit" for each in ASKED))
TOOLS: tuple[Tool, ...] = (
    Tool(
        "rate_quote",
        "The note rate for a score and a loan-to-value by the sheet in force today; it binds nobody.",
        QuoteArguments,
        Quoted,
        rate_quote,
        facts=_FACTS,
        parameters=frozenset({"rate_adjustments", "rate_base", "rate_book", "rate_traits"}),
        foreign=(),
    ),
    Tool(
        "what_if",
        "Payment and debt-to-income of a case if its note rate were a figure of the message.",
        SupposeArguments,
        Supposed,
        what_if,
        facts=_FACTS,
        foreign=(),
    ),
)
