"""The tool that documents ability to repay: the eight factors over the case's own facts and records.

Owns the gathering of records and the count of what is stated or missing. Never decides that a loan can be
repaid; which factors there are and what documents them is ``repayment_factors``'.
"""

from __future__ import annotations

from datetime import timedelta

from domain.identity import Record
from tools.book_rows import whole_number
from tools.contract import NoArguments, Tool, ToolContext
from tools.repayment_factors import FACTORS, RECORDS, CaseFile, Factor

NEEDS = (
    "monthly_income_cents",
    "monthly_payment_cents",
    "monthly_debts_cents",
    "dti_back_bps",
    "credit_score",
    "delinquencies_24m",
)


class AbilityToRepay(Record):
    """All eight, in the order of the rule."""

    factors: tuple[Factor, ...]
    documented: bool  # no factor is missing
    unverified: int  # factors that rest on a statement
    low_obligations: bool  # stated taxes and insurance are below the book's share of the price


async def ability_to_repay(_: NoArguments, context: ToolContext) -> AbilityToRepay:
    """Each factor of 12 CFR 1026.43(c)(2) with figure, statement, source, verification and what is missing.

    Formula: a factor is verified when third-party records of the case document it for every party concerned,
    computed when it follows from other factors, stated when it rests on the application alone. Rounding: none;
    figures are those of the facts. ``low_obligations`` compares twelve monthly amounts with the price.

    Raises:
        InvalidPolicy: when the book gives no ``employment_recent_days`` or ``low_obligations_bps``.
    """
    found = {kind: await context.warehouse.records(kind) for kind in sorted(RECORDS)}
    days = whole_number(context.parameters, "employment_recent_days")
    file = CaseFile(context.application, context.inputs, found, context.as_of.date() - timedelta(days=days))
    factors = tuple(factor(file) for factor in FACTORS)
    yearly = 12 * context.application["monthly_tax_insurance_cents"]
    share = whole_number(context.parameters, "low_obligations_bps")
    return AbilityToRepay(
        factors=factors,
        documented=all(factor.status != "missing" for factor in factors),
        unverified=sum(factor.status == "stated" for factor in factors),
        low_obligations=yearly * 10_000 < share * context.application["property"]["price_cents"],
    )


TOOLS: tuple[Tool, ...] = (
    Tool(
        "ability_to_repay",
        "The eight factors of the ability-to-repay rule, each with figure, source, status and what is missing.",
        NoArguments,
        AbilityToRepay,
        ability_to_repay,
        RECORDS,
        (*NEEDS, "loan_amount_cents"),
        parameters=frozenset({"employment_recent_days", "low_obligations_bps"}),
    ),
)
