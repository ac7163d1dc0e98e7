"""What pay stubs and tax returns say of a party's income.

Owns the tools that read both. Never decides whether income is enough and never takes a stated figure for
a documented one. Amounts in cents a month unless a field says otherwise; arithmetic and rounding are
``lending.income``'s.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.identity import Record
from tools.applicants import stated_of
from tools.contract import PartyArguments, Tool, ToolContext
from tools.employers import same_employer
from tools.lending.income import (
    IncomeFlag,
    PayFrequency,
    PayStub,
    TaxReturn,
    income_from_pay_stubs,
    self_employed_income,
    year_to_date_shortfall_bps,
)

_BESIDE_BASE = ("overtime_cents", "bonus_cents", "commission_cents")
_ADDED_BACK = ("depreciation_cents", "depletion_cents", "amortization_cents", "home_office_cents")


class StubIncome(Record):
    """Base pay of one party by pay stubs (for the retired: statements of pension payments)."""

    party: str
    employment: str  # as stated: employed, self_employed or retired
    stated_monthly_income_cents: int
    found: bool
    pay_periods: int = 0  # how many were read
    latest_period_end: date | None = None
    monthly_income_cents: int | None = None  # base pay of the latest period
    pay_varies: bool = False  # an earlier period gives another monthly base pay
    overtime_cents: int = 0  # in the latest period
    bonus_cents: int = 0
    commission_cents: int = 0
    ytd_gross_cents: int | None = None  # as the latest stub has it
    ytd_shortfall_bps: int = 0  # how far the year to date falls short of the base pay of its periods
    another_employer: bool = False  # an earlier stub comes from somebody else; only the latest's pay counts
    employer_on_record: bool | None = None  # whether the latest stub's employer verified the employment


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
    added_back_cents: int = 0  # a year: non-cash charges of the later year
    taken_out_cents: int = 0  # a year: income of the later year that will not come again
    wages_year: int | None = None  # the latest year whose return shows wages
    wages_cents: int | None = None  # a year, as that return has them


async def pay_stubs(args: PartyArguments, context: ToolContext) -> StubIncome:
    """Monthly base pay by the latest stub; of two stubs for one period the one that arrived last counts.

    Stubs of another employer than the latest's are not added up. The year to date is held against the
    base pay of the periods since 1 January or since the verified start, less one period's slack.

    Raises:
        BadInput: when the party is not one of the case.
    """
    party = stated_of(args.party, context)
    rows = await context.warehouse.records("pay_stub", args.party)
    if not rows:
        return StubIncome(**party, found=False)
    latest = max(reversed(rows), key=lambda row: str(row["period_end"]))
    same = [row for row in rows if await same_employer(row, latest, context)]
    stubs = [_stub(row) for row in {row["period_end"]: row for row in same}.values()]
    income, jobs = income_from_pay_stubs(stubs), await _jobs(args.party, context)
    of_latest = [job for job in jobs if await same_employer(job, latest, context)]
    ytd = latest.get("ytd_gross_cents")
    return StubIncome(
        **party,
        found=True,
        pay_periods=len(stubs),
        latest_period_end=latest["period_end"],
        monthly_income_cents=income.monthly_cents,
        pay_varies=IncomeFlag.BASE_PAY_VARIES in income.flags,
        **{name: latest.get(name, 0) for name in _BESIDE_BASE},
        ytd_gross_cents=ytd,
        ytd_shortfall_bps=0
        if ytd is None
        else year_to_date_shortfall_bps(_stub(latest), ytd, _start(of_latest)),
        another_employer=len(same) < len(rows),
        employer_on_record=bool(of_latest) if jobs and latest.get("employer") else None,
    )


async def tax_returns(args: PartyArguments, context: ToolContext) -> ReturnIncome:
    """Monthly self-employment income of the two latest years; an amended return replaces the year's first.

    Formula: cash flow is net income less what will not come again, plus depreciation, depletion,
    amortization and business use of home. Source: Fannie Mae Form 1084.

    Raises:
        BadInput: when the party is not one of the case.
    """
    party = stated_of(args.party, context)
    rows = {row["year"]: row for row in await context.warehouse.records("tax_return", args.party)}
    years = tuple(sorted(rows))[-2:]
    base = {**party, "found": bool(rows), "years": years, **_wages(rows)}
    if len(years) < 2 or years[1] != years[0] + 1:
        return ReturnIncome(**base)
    earlier, later = _return(rows[years[0]]), _return(rows[years[1]])
    income = self_employed_income(earlier, later)
    return ReturnIncome(
        **base,
        monthly_income_cents=income.monthly_cents,
        declining=IncomeFlag.DECLINING in income.flags,
        business_loss=IncomeFlag.BUSINESS_LOSS in income.flags,
        added_back_cents=later.addbacks_cents,
        taken_out_cents=rows[years[1]].get("nonrecurring_income_cents", 0),
    )


async def _jobs(party: str, context: ToolContext) -> list[dict[str, Any]]:
    return await context.warehouse.records("employment_record", party)


def _start(jobs: list[dict[str, Any]]) -> date | None:
    started = [date.fromisoformat(job["started_on"]) for job in jobs if not job.get("ended_on")]
    return min(started, default=None)


def _stub(row: dict[str, Any]) -> PayStub:
    base = row["gross_cents"] - sum(row.get(name, 0) for name in _BESIDE_BASE)
    return PayStub(date.fromisoformat(row["period_end"]), base, PayFrequency(row["period"]))


def _return(row: dict[str, Any]) -> TaxReturn:
    net = row["net_income_cents"] - row.get("nonrecurring_income_cents", 0)
    return TaxReturn(row["year"], net, sum(row.get(name, 0) for name in _ADDED_BACK))


def _wages(rows: dict[int, dict[str, Any]]) -> dict[str, int]:
    told = [year for year, row in rows.items() if row.get("wages_cents") is not None]
    return {"wages_year": max(told), "wages_cents": rows[max(told)]["wages_cents"]} if told else {}


TOOLS: tuple[Tool, ...] = (
    Tool(
        "pay_stubs",
        "Monthly base pay of one party by its pay stubs, variable pay and year to date, beside what it stated.",
        PartyArguments,
        StubIncome,
        pay_stubs,
        frozenset({"pay_stub", "employment_record"}),
        identity=True,
    ),
    Tool(
        "tax_returns",
        "Monthly self-employment income of one party by its two latest tax returns, with trend and wages.",
        PartyArguments,
        ReturnIncome,
        tax_returns,
        frozenset({"tax_return"}),
    ),
)
