"""Where records of one party contradict each other or weaken an income: each is shown, none averaged away.

Owns the flags that come of comparing records. A contradiction between two records is one flag for each,
with its own source. Never decides which record is right; the lower figure counts where a rule says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.contract import flag
from agents.mortgage import limit
from agents.mortgage.income_sources import Earner
from domain.assignment import Assignment
from domain.finding import Flag
from domain.money import basis_points, dollars, percent
from tools.gateway import ToolAnswer

Said = tuple[str, int, ToolAnswer]  # which record, cents, its answer


def conflicts(party: Earner, assignment: Assignment) -> tuple[Flag, ...]:
    """Every contradiction and every weakness of one party's records."""
    return (
        *_declining(party),
        *_variable(party),
        *_year_to_date(party, assignment),
        *_wages_and_pay(party, assignment),
        *_wages_and_return(party, assignment),
        *_employers(party),
        *_rent(party, assignment),
    )


def _declining(party: Earner) -> Iterator[Flag]:
    if party.returns.result["declining"]:
        detail = f"self-employment income of {party.reference} fell; the later year alone counts"
        yield flag("declining_income", detail, party.returns)


def _variable(party: Earner) -> Iterator[Flag]:
    """Pay beside base pay: what fell, and what does not count and why."""
    documented = {each["pay"]: each for each in party.history.result["variable_pay"]}
    ends = party.history.result["variable_pay_continues"] == "unlikely"
    for pay, each in documented.items():
        if ends:
            detail = f"the employer of {party.reference} expects no more {pay}; it does not count"
            yield flag("variable_pay_ends", detail, party.history)
        elif each["too_short"]:
            yield _too_short(party, pay, party.history)
        elif each["declining"]:
            detail = f"{pay} of {party.reference} fell; the later year alone counts"
            yield flag("declining_variable_pay", detail, party.history)
    for pay in ("overtime", "bonus", "commission"):
        if party.stubs.result[f"{pay}_cents"] and pay not in documented:
            yield _too_short(party, pay, party.stubs)


def _too_short(party: Earner, pay: str, source: ToolAnswer) -> Flag:
    detail = f"{pay} of {party.reference} has too short a history on record; it does not count"
    return flag("variable_pay_too_short", detail, source)


def _year_to_date(party: Earner, assignment: Assignment) -> Iterator[Flag]:
    shortfall = party.stubs.result["ytd_shortfall_bps"]
    if shortfall and shortfall > limit(assignment, "pay_tolerance_bps"):
        detail = f"the year to date of {party.reference} is {percent(shortfall)} below its base pay"
        yield flag("year_to_date_below_pay", detail, party.stubs)


def _wages_and_pay(party: Earner, assignment: Assignment) -> Iterator[Flag]:
    """Last year's wages a month in work against base pay, and against base and variable pay together."""
    year = next(iter(party.wages.result["years"]), None)
    if year is None or year["year"] != assignment.as_of.year - 1 or not party.base_cents:
        return
    monthly = year["monthly_income_cents"] or round_month(year["wages_cents"])
    paid = sum(each["paid_cents"][-1] for each in party.history.result["variable_pay"] if each["paid_cents"])
    high = party.base_cents + max(party.variable_cents, round_month(paid))
    nearest = min(max(monthly, party.base_cents), high)
    statement: Said = (f"wage statements of {year['year']}", monthly, party.wages)
    yield from _contradiction(party, statement, ("pay stubs", nearest, party.stubs), assignment)


def _wages_and_return(party: Earner, assignment: Assignment) -> Iterator[Flag]:
    """Wages in a return against the wage statements of that year; without them against pay of today."""
    year, wages = party.returns.result["wages_year"], party.returns.result["wages_cents"]
    if year is None:
        return
    filed: Said = (f"the return of {year}", round_month(wages), party.returns)
    stated = {each["year"]: each["wages_cents"] for each in party.wages.result["years"]}
    if year in stated:
        other: Said = (f"wage statements of {year}", round_month(stated[year]), party.wages)
        yield from _contradiction(party, filed, other, assignment)
    elif party.base_cents and year == assignment.as_of.year - 1:
        pay = party.base_cents + party.variable_cents
        yield from _contradiction(party, filed, ("pay stubs", pay, party.stubs), assignment)


def _contradiction(party: Earner, one: Said, other: Said, assignment: Assignment) -> Iterator[Flag]:
    """Further apart than the book's tolerance of the lower figure: one flag for each source there is."""
    low, high = sorted((max(0, one[1]), max(0, other[1])))
    if high == low or (low and basis_points(high - low, low) <= limit(assignment, "pay_tolerance_bps")):
        return
    both = ((one, other), (other, one)) if one[2] is not other[2] else ((one, other),)
    for (record, cents, source), against in both:
        detail = (
            f"{record} of {party.reference} give {dollars(cents)} a month, {against[0]} {dollars(against[1])}"
        )
        yield flag("income_sources_disagree", detail, source)


def _employers(party: Earner) -> Iterator[Flag]:
    if party.stubs.result["another_employer"]:
        detail = f"{party.reference} has pay stubs of more than one employer; only the latest's pay counts"
        yield flag("another_employer", detail, party.stubs)
    if party.stubs.result["employer_on_record"] is False:
        detail = f"the employer on the pay stubs of {party.reference} verified no employment"
        yield flag("employer_contradicted", detail, party.stubs)
        detail = f"the employers that verified {party.reference} are not the one on the pay stubs"
        yield flag("employer_contradicted", detail, party.history)


def _rent(party: Earner, assignment: Assignment) -> Iterator[Flag]:
    for each in party.rent.result["properties"]:
        if each["lease_over"]:
            detail = f"the lease of {each['property']} is not in force; its rent does not count"
            yield flag("lease_not_in_force", detail, party.rent)
        if each["lease_income_cents"] is None or each["schedule_income_cents"] is None:
            continue
        lease: Said = (f"the lease of {each['property']}", each["lease_income_cents"], party.rent)
        filed = f"the return of {each['schedule_year']}"
        yield from _contradiction(
            party, lease, (filed, each["schedule_income_cents"], party.rent), assignment
        )


def round_month(cents_a_year: int) -> int:
    """A year's amount by the month, cents, rounded down: for comparison with a tolerance only."""
    return cents_a_year // 12
