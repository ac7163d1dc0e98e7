"""What source records say of a party's income, and the letter that came with the application.

Owns the tools that read pay stubs, tax returns and the letter of explanation. Never decides whether
income is enough, never takes a stated figure for a documented one, and never lets a name or number of
a borrower out of the letter. Amounts in cents a month; arithmetic and rounding are ``lending.income``'s.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from domain.errors import BadInput
from domain.identity import Record
from tools.contract import NoArguments, PartyArguments, Tool, ToolContext
from tools.lending.income import (
    IncomeFlag,
    PayFrequency,
    PayStub,
    TaxReturn,
    income_from_pay_stubs,
    self_employed_income,
)

_IDENTITY = ("name", "birth_date", "tax_number", "customer_number")


class StubIncome(Record):
    """Income of one party by pay stubs (for the retired: statements of pension payments)."""

    party: str
    employment: str  # as stated: employed, self_employed or retired
    stated_monthly_income_cents: int
    found: bool
    pay_periods: int = 0  # how many were read
    latest_period_end: date | None = None
    monthly_income_cents: int | None = None  # of the latest period
    pay_varies: bool = False  # an earlier period gives another monthly pay


class ReturnIncome(Record):
    """Income of one party by tax returns; no figure without two consecutive years."""

    party: str
    employment: str
    stated_monthly_income_cents: int
    found: bool
    years: tuple[int, ...] = ()
    monthly_income_cents: int | None = None  # negative for a loss
    declining: bool = False  # the later year is below the earlier one
    business_loss: bool = False  # one of the two years ended in a loss


class Letter(Record):
    """The applicants' own explanation; a statement, not evidence."""

    found: bool
    text: str = ""


async def pay_stubs(args: PartyArguments, context: ToolContext) -> StubIncome:
    """Monthly pay by the latest stub; of two stubs for one period the one that arrived last counts.

    Raises:
        BadInput: when the party is not one of the case.
    """
    party = _party(args.party, context)
    rows = {row["period_end"]: row for row in await context.warehouse.records("pay_stub", args.party)}
    if not rows:
        return StubIncome(**party, found=False)
    stubs = [
        PayStub(date.fromisoformat(end), row["gross_cents"], PayFrequency(row["period"]))
        for end, row in rows.items()
    ]
    income = income_from_pay_stubs(stubs)
    return StubIncome(
        **party,
        found=True,
        pay_periods=len(stubs),
        latest_period_end=max(stub.pay_date for stub in stubs),
        monthly_income_cents=income.monthly_cents,
        pay_varies=IncomeFlag.BASE_PAY_VARIES in income.flags,
    )


async def tax_returns(args: PartyArguments, context: ToolContext) -> ReturnIncome:
    """Monthly self-employment income of the two latest years; an amended return replaces the year's first.

    Raises:
        BadInput: when the party is not one of the case.
    """
    party = _party(args.party, context)
    rows = {row["year"]: row for row in await context.warehouse.records("tax_return", args.party)}
    years = tuple(sorted(rows))[-2:]
    if len(years) < 2 or years[1] != years[0] + 1:
        return ReturnIncome(**party, found=bool(rows), years=years)
    income = self_employed_income(_return(rows[years[0]]), _return(rows[years[1]]))
    return ReturnIncome(
        **party,
        found=True,
        years=years,
        monthly_income_cents=income.monthly_cents,
        declining=IncomeFlag.DECLINING in income.flags,
        business_loss=IncomeFlag.BUSINESS_LOSS in income.flags,
    )


async def letter_of_explanation(args: NoArguments, context: ToolContext) -> Letter:
    """The letter, with every identity value of the borrowers and the property replaced by its token."""
    text = context.application.get("letter_of_explanation") or ""
    if not text.strip():
        return Letter(found=False)
    for token in _tokens(context.application):
        text = _without(text, await context.reveal(token), token)
    return Letter(found=True, text=text)


def _party(reference: str, context: ToolContext) -> dict[str, Any]:
    borrowers = {f"party:{number}": b for number, b in enumerate(context.application["borrowers"], start=1)}
    if reference not in borrowers:
        raise BadInput(
            f"The case has no {reference}.", field="party", remedy=f"Use one of {', '.join(borrowers)}."
        )
    stated = borrowers[reference]
    return {
        "party": reference,
        "employment": stated["employment"],
        "stated_monthly_income_cents": stated["stated_monthly_income_cents"],
    }


def _return(row: dict[str, Any]) -> TaxReturn:
    return TaxReturn(row["year"], row["net_income_cents"], row.get("depreciation_cents", 0))


def _tokens(application: Any) -> list[str]:
    held = [borrower.get(field) for borrower in application["borrowers"] for field in _IDENTITY]
    held.append(application.get("property", {}).get("address"))
    return [token for token in held if token]


def _without(text: str, value: str, token: str) -> str:
    words = r"\s+".join(re.escape(word) for word in value.split())
    return re.sub(rf"(?<!\w){words}(?!\w)", lambda _: token, text, flags=re.IGNORECASE) if words else text


TOOLS: tuple[Tool, ...] = (
    Tool(
        "pay_stubs",
        "Monthly pay of one party by its pay stubs, beside what the party stated.",
        PartyArguments,
        StubIncome,
        pay_stubs,
        frozenset({"pay_stub"}),
    ),
    Tool(
        "tax_returns",
        "Monthly self-employment income of one party by its two latest tax returns, with its trend.",
        PartyArguments,
        ReturnIncome,
        tax_returns,
        frozenset({"tax_return"}),
    ),
    Tool(
        "letter_of_explanation",
        "The applicants' letter of explanation, if they sent one: their words, not evidence.",
        NoArguments,
        Letter,
        letter_of_explanation,
    ),
)
