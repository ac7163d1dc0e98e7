"""Ratios, trends and stress of the company that asks for credit, with the loan asked for.

Owns the yearly debt service of that loan and the tools that join spread, ratios, trends and stress. Holds no
rate, tolerance or scenario (rows of the book) and never decides whether a ratio is acceptable.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from domain.identity import Record
from domain.money import dollars, percent
from tools.book_limits import book_limit
from tools.book_rows import only, rows
from tools.contract import NoArguments, Tool, ToolContext
from tools.credit.ratios import DEBT, LOAN_ASKED, SERVICE_ASKED, Ratio, inputs, ratios, terms, total
from tools.credit.spread import Amount, Spread, Year
from tools.credit.stress import Breakeven, Exposure, Scenario, Stressed, breakeven, stressed
from tools.credit.trends import Direction, Trend, TrendRow, overall, trends
from tools.lending.payment import LoanTerms, monthly_payment
from tools.statements import RECORDS, evidence, lacks

TERMS = ("loan_amount_cents",)


class RateRow(Record):
    """One row of ``credit_rates``."""

    product: str
    rate_type: str
    rate_bps: Annotated[int, Field(ge=0, le=10_000)]
    source: str


class AskedLoan(Record):
    """The loan as asked for, with what it costs in a year."""

    amount_cents: int
    rate_bps: int
    rate_source: str
    floating: bool
    yearly_service_cents: int
    formula: str


class RatioSheet(Record):
    """Ratios by year, oldest first, and their trend; or why there are none."""

    found: bool
    lacks: str = ""
    loan: AskedLoan | None = None
    years: tuple[tuple[Ratio, ...], ...] = ()
    trends: tuple[Trend, ...] = ()
    trend: Direction | None = None

    def value(self, code: str) -> int | None:
        """One ratio of the latest year, basis points."""
        return next((each.value_bps for each in self.years[-1] if each.code == code), None)


class StressSheet(Record):
    """Coverage under each scenario of the book, and the breakeven; or why there is none."""

    found: bool
    lacks: str = ""
    scenarios: tuple[Stressed, ...] = ()
    breakeven: Breakeven | None = None
    repricing_existing_cents: int | None = None
    repricing_proposed_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """Statements that suffice, the loan, and the accounts of the latest year with it."""

    spread: Spread
    latest: Year
    loan: AskedLoan
    known: dict[str, Amount]

    @property
    def proposed(self) -> tuple[Amount, ...]:
        """What the loan adds: its yearly debt service and its amount."""
        return self.known[SERVICE_ASKED], self.known[LOAN_ASKED]

    def ratio(self, code: str) -> int | None:
        """One ratio of the latest year."""
        found = ratios(self.spread, self.latest, self.proposed)
        return next((each.value_bps for each in found if each.code == code), None)


_TRENDS = TypeAdapter(tuple[TrendRow, ...])
_STRESS = TypeAdapter(tuple[Scenario, ...])
_RATES = TypeAdapter(tuple[RateRow, ...])


async def credit_ratios(_: NoArguments, context: ToolContext) -> RatioSheet:
    """Ratios of every year, the latest also with the loan asked for; formulas and rounding as in ``credit.ratios``.

    Raises:
        InvalidPolicy: when rows of the book are missing or cannot be read.
    """
    lacks, worked = await work_out(context)
    if worked is None:
        return RatioSheet(found=False, lacks=lacks)
    by_year = tuple(
        ratios(worked.spread, year, worked.proposed if year is worked.latest else ())
        for year in worked.spread.years
    )
    found = trends(rows(context.parameters, "credit_trends", _TRENDS), by_year)
    return RatioSheet(found=True, loan=worked.loan, years=by_year, trends=found, trend=overall(found))


async def credit_stress(_: NoArguments, context: ToolContext) -> StressSheet:
    """Coverage under the scenarios of ``credit_stress``, and the breakeven at ``breakeven_dscr_bps``.

    Existing funded debt reprices in the share ``existing_floating_bps``; the loan asked for when its rate floats.
    """
    lacks, worked = await work_out(context)
    if worked is None:
        return StressSheet(found=False, lacks=lacks)
    unknown = [term.account for term in terms(DEBT) if term.account not in worked.known]
    if unknown or worked.ratio("dscr_pro_forma") is None:
        return StressSheet(found=False, lacks="coverage is not known")
    loan, share = worked.loan, book_limit(context, "existing_floating_bps")
    exposure = Exposure(
        existing_cents=total(terms(DEBT), worked.known) * share // 10_000,
        proposed_cents=loan.amount_cents if loan.floating else 0,
    )
    scenarios = rows(context.parameters, "credit_stress", _STRESS)
    return StressSheet(
        found=True,
        scenarios=stressed(scenarios, worked.known, exposure, loan.amount_cents),
        breakeven=breakeven(worked.known, book_limit(context, "breakeven_dscr_bps")),
        repricing_existing_cents=exposure.existing_cents,
        repricing_proposed_cents=exposure.proposed_cents,
    )


async def work_out(context: ToolContext) -> tuple[str, Worked | None]:
    """What ratios rest on, or what is lacking for it."""
    seen = (await evidence(context)).spread
    latest, lacking = seen.latest, lacks(seen)
    if latest is None or lacking:
        return lacking, None
    loan = asked_loan(context)
    proposed = (
        Amount(account=SERVICE_ASKED, cents=loan.yearly_service_cents, source=f"computed: {loan.formula}"),
        Amount(account=LOAN_ASKED, cents=loan.amount_cents, source="application"),
    )
    return "", Worked(seen, latest, loan, inputs(seen, latest, proposed))


def asked_loan(context: ToolContext) -> AskedLoan:
    """The loan with its first year's debt service.

    Formula: a term loan pays twelve level monthly payments (all of them when its term is shorter); a revolver
    pays interest on the whole commitment, as if it were drawn, and no principal. Cents, interest half to even.
    """
    asked: dict[str, Any] = dict(context.application)
    product, rate_type = asked["product"], asked["rate_type"]
    table = rows(context.parameters, "credit_rates", _RATES)
    chosen = [row for row in table if (row.product, row.rate_type) == (product, rate_type)]
    rate = only(chosen, "credit_rates", f"{product}, {rate_type}")
    amount, months = asked["loan_amount_cents"], asked["term_months"]
    if product == "revolver":
        service = round(Fraction(amount * rate.rate_bps, 10_000))
        formula = f"{dollars(amount)} x {percent(rate.rate_bps)}"
    else:
        payment = monthly_payment(LoanTerms(amount, rate.rate_bps, months))
        service = payment * min(12, months)
        level = f"{dollars(payment)} ({dollars(amount)}, {percent(rate.rate_bps)}, {months} months)"
        formula = f"{min(12, months)} x {level}"
    return AskedLoan(
        amount_cents=amount,
        rate_bps=rate.rate_bps,
        rate_source=rate.source,
        floating=rate_type == "floating",
        yearly_service_cents=service,
        formula=formula,
    )


RATIOS_OF_THE_BOOK = frozenset({"credit_rates", "credit_trends"})
"""Parameters that the ratios read."""
STRESS_OF_THE_BOOK = frozenset(
    {"breakeven_dscr_bps", "credit_rates", "credit_stress", "existing_floating_bps"}
)
"""Parameters that the stress reads."""

TOOLS: tuple[Tool, ...] = (
    Tool(
        "credit_ratios",
        "Ratios of every fiscal year with formula and inputs, with the loan asked for, and their trends.",
        NoArguments,
        RatioSheet,
        credit_ratios,
        RECORDS,
        TERMS,
        identity=True,
        parameters=RATIOS_OF_THE_BOOK,
    ),
    Tool(
        "credit_stress",
        "Debt service coverage under the book's stress scenarios, and the breakeven decline of EBITDA.",
        NoArguments,
        StressSheet,
        credit_stress,
        RECORDS,
        TERMS,
        identity=True,
        parameters=STRESS_OF_THE_BOOK,
    ),
)
