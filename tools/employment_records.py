"""What employers say: since when somebody has worked where, which pay beside base pay, and wages of whole years.

Owns the tools that read verifications of employment and wage statements. Never asks why somebody was out
of work and never lets an employer's name out. How far back and how many years are rows of the book.
Amounts in cents; lengths in calendar days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from domain.clock import days_between
from domain.identity import Record
from domain.money import basis_points
from tools.applicants import stated_of
from tools.book_limits import book_limit
from tools.contract import PartyArguments, Tool, ToolContext
from tools.employers import employer_of
from tools.lending.employment import Spell, breaks, days_worked, undocumented_days
from tools.lending.income import monthly_wages
from tools.lending.variable_pay import VariableIncome, variable_income

PayKind = Literal["overtime", "bonus", "commission"]
PAY_KINDS: tuple[PayKind, ...] = ("overtime", "bonus", "commission")
Continuance = Literal["likely", "unlikely", "not_stated"]


class VariablePay(Record):
    """One kind of pay beside base pay in the current employment."""

    pay: PayKind
    monthly_income_cents: int  # that counts; 0 with too short a history or where it will end
    years: int  # consecutive full years documented, up to the last one
    too_short: bool = False
    declining: bool = False  # the last year is below the one before; it alone counts
    paid_cents: tuple[int, ...] = ()  # a year, oldest first, of the years documented


class EmploymentBreak(Record):
    """Days without work between or after employments, both included."""

    first: date
    last: date
    days: int


class EmploymentHistory(Record):
    """Employments of one party as employers verified them, over the time that the book looks back."""

    party: str
    found: bool
    employments: int = 0
    employed_now: bool = False
    current_since: date | None = None
    current_days: int = 0
    undocumented_days: int = 0  # from the start of the time looked at to the first employment
    breaks: tuple[EmploymentBreak, ...] = ()
    longest_break_days: int = 0
    variable_pay: tuple[VariablePay, ...] = ()
    variable_pay_continues: Continuance = "not_stated"  # as the current employer says


class WageYear(Record):
    """All wages of one party in one year."""

    year: int
    wages_cents: int  # a year, all statements together
    employers: int
    monthly_income_cents: int | None  # over the days in work, where employments are on record


class WageStatements(Record):
    """Wages of whole years, latest first."""

    party: str
    found: bool
    years: tuple[WageYear, ...] = ()
    change_bps: int | None = None  # latest year against the one before, where both are on record


async def employment_history(args: PartyArguments, context: ToolContext) -> EmploymentHistory:
    """Employments, gaps and variable pay; of two verifications of one start the one that arrived last counts.

    Raises:
        BadInput: when the party is not one of the case.
        InvalidPolicy: when the book gives no ``employment_history_days`` or no ``variable_pay_years``.
    """
    stated_of(args.party, context)
    rows = await _verified(args.party, context)
    if not rows:
        return EmploymentHistory(party=args.party, found=False)
    today = context.as_of.date()
    since = today - timedelta(days=book_limit(context, "employment_history_days"))
    spells = [_spell(row) for row in rows]
    current = [row for row in rows if not _ended(row, today)]
    found = tuple(
        EmploymentBreak(first=each.first, last=each.last, days=each.days)
        for each in breaks(spells, since, today)
    )
    start = min((date.fromisoformat(row["started_on"]) for row in current), default=None)
    latest = max(current, key=lambda row: str(row["verified_on"]), default=None)
    return EmploymentHistory(
        party=args.party,
        found=True,
        employments=len(rows),
        employed_now=bool(current),
        current_since=start,
        current_days=days_between(start, today) if start else 0,
        undocumented_days=undocumented_days(spells, since),
        breaks=found,
        longest_break_days=max((each.days for each in found), default=0),
        variable_pay=_variable(latest, context) if latest else (),
        variable_pay_continues=_continuance(latest),
    )


async def wage_statements(args: PartyArguments, context: ToolContext) -> WageStatements:
    """Wages by year; of two statements of one employer and year the one that arrived last counts.

    Raises:
        BadInput: when the party is not one of the case.
    """
    stated_of(args.party, context)
    by_year: dict[int, dict[str, int]] = {}
    for row in await context.warehouse.records("wage_statement", args.party):
        employer = await employer_of(row, context)
        by_year.setdefault(row["year"], {})[employer] = row["wages_cents"]
    if not by_year:
        return WageStatements(party=args.party, found=False)
    spells = [_spell(row) for row in await _verified(args.party, context)]
    years = tuple(_wage_year(year, by_year[year], spells) for year in sorted(by_year, reverse=True))
    return WageStatements(party=args.party, found=True, years=years, change_bps=_change(years))


def _wage_year(year: int, paid: dict[str, int], spells: list[Spell]) -> WageYear:
    total, days = sum(paid.values()), days_worked(spells, year)
    monthly = monthly_wages(total, days) if days else None
    return WageYear(year=year, wages_cents=total, employers=len(paid), monthly_income_cents=monthly)


def _change(years: tuple[WageYear, ...]) -> int | None:
    if len(years) < 2 or years[1].year != years[0].year - 1 or years[1].wages_cents == 0:
        return None
    return basis_points(years[0].wages_cents - years[1].wages_cents, years[1].wages_cents)


async def _verified(party: str, context: ToolContext) -> list[dict[str, Any]]:
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in await context.warehouse.records("employment_record", party):
        latest[(await employer_of(row, context), row["started_on"])] = row
    return list(latest.values())


def _ended(row: dict[str, Any], today: date) -> bool:
    return bool(row.get("ended_on")) and date.fromisoformat(row["ended_on"]) < today


def _spell(row: dict[str, Any]) -> Spell:
    ended = row.get("ended_on")
    return Spell(date.fromisoformat(row["started_on"]), date.fromisoformat(ended) if ended else None)


def _continuance(row: dict[str, Any] | None) -> Continuance:
    said: Continuance = row.get("variable_pay_continues", "not_stated") if row else "not_stated"
    return said


def _variable(row: dict[str, Any], context: ToolContext) -> tuple[VariablePay, ...]:
    """Each kind that was ever paid; nothing counts of what the employer says will end."""
    last, needed = context.as_of.year - 1, book_limit(context, "variable_pay_years")
    years = sorted(row.get("variable_pay", ()), key=lambda each: int(each["year"]))
    ends = _continuance(row) == "unlikely"
    found = []
    for pay in PAY_KINDS:
        paid = {each["year"]: each.get(f"{pay}_cents", 0) for each in years}
        if any(paid.values()):
            found.append(_counted(pay, paid, variable_income(paid, last, needed), ends=ends))
    return tuple(found)


def _counted(pay: PayKind, paid: dict[int, int], income: VariableIncome, *, ends: bool) -> VariablePay:
    return VariablePay(
        pay=pay,
        monthly_income_cents=0 if ends else income.monthly_cents,
        years=income.years,
        too_short=income.too_short,
        declining=income.declining,
        paid_cents=tuple(paid.values()),
    )


TOOLS: tuple[Tool, ...] = (
    Tool(
        "employment_history",
        "Verified employments of one party: since when, gaps between them, and overtime, bonus and commission.",
        PartyArguments,
        EmploymentHistory,
        employment_history,
        frozenset({"employment_record"}),
        identity=True,
        parameters=frozenset({"employment_history_days", "variable_pay_years"}),
    ),
    Tool(
        "wage_statements",
        "Wages of one party by year as on Form W-2, with what they come to a month in work.",
        PartyArguments,
        WageStatements,
        wage_statements,
        frozenset({"wage_statement", "employment_record"}),
        identity=True,
    ),
)
