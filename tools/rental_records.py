"""What leases and rental schedules say of a party's rent.

Owns the tool that reads both. Never decides whether rent will be paid. The share of a lease that counts
is a row of the book. Amounts in cents a month; arithmetic and rounding are ``lending.rental``'s.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.identity import Record
from tools.applicants import stated_of
from tools.book_limits import book_limit
from tools.contract import PartyArguments, Tool, ToolContext
from tools.lending.rental import RentalYear, lease_income, schedule_income


class LetProperty(Record):
    """One property that a party lets, by either record."""

    property: str  # rental:1 …
    lease_income_cents: int | None = None  # the book's share of the rent of a lease in force
    lease_over: bool = False  # the latest lease is not in force
    schedule_year: int | None = None
    schedule_income_cents: int | None = None  # negative for a loss
    counted_cents: int | None = None  # the lower of the two; nothing when neither is there


class RentalIncome(Record):
    """Rent of one party; the sum over its properties, or nothing where none has a figure."""

    party: str
    found: bool
    share_bps: int | None = None  # of a lease's rent that counts, from the book
    properties: tuple[LetProperty, ...] = ()
    monthly_income_cents: int | None = None


async def rental_income(args: PartyArguments, context: ToolContext) -> RentalIncome:
    """Rent by property; the latest lease and the latest year count, and of both the lower one.

    Raises:
        BadInput: when the party is not one of the case.
        InvalidPolicy: when the book gives no ``rental_share_bps``.
    """
    stated_of(args.party, context)
    leases = _latest(await context.warehouse.records("lease", args.party), "starts_on")
    schedules = _latest(await context.warehouse.records("rental_schedule", args.party), "year")
    if not leases and not schedules:
        return RentalIncome(party=args.party, found=False)
    share, today = book_limit(context, "rental_share_bps"), context.as_of.date()
    let = tuple(
        _let(name, leases.get(name), schedules.get(name), (share, today))
        for name in sorted({*leases, *schedules})
    )
    counted = [each.counted_cents for each in let if each.counted_cents is not None]
    return RentalIncome(
        party=args.party,
        found=True,
        share_bps=share,
        properties=let,
        monthly_income_cents=sum(counted) if counted else None,
    )


def _let(
    name: str, lease: dict[str, Any] | None, schedule: dict[str, Any] | None, terms: tuple[int, date]
) -> LetProperty:
    share, today = terms
    running = lease is not None and _in_force(lease, today)
    by_lease = lease_income(lease["monthly_rent_cents"], share) if lease and running else None
    by_schedule = schedule_income(_year(schedule)) if schedule else None
    both = [cents for cents in (by_lease, by_schedule) if cents is not None]
    return LetProperty(
        property=name,
        lease_income_cents=by_lease,
        lease_over=lease is not None and not running,
        schedule_year=schedule["year"] if schedule else None,
        schedule_income_cents=by_schedule,
        counted_cents=min(both) if both else None,
    )


def _in_force(lease: dict[str, Any], today: date) -> bool:
    ends = lease.get("ends_on")
    return date.fromisoformat(lease["starts_on"]) <= today and (not ends or date.fromisoformat(ends) >= today)


def _year(row: dict[str, Any]) -> RentalYear:
    return RentalYear(
        row["rents_cents"], row["expenses_cents"], row.get("addbacks_cents", 0), row["months_rented"]
    )


def _latest(rows: list[dict[str, Any]], by: str) -> dict[str, dict[str, Any]]:
    """The latest of each property; of two alike the one that arrived last (rows come oldest first)."""
    return {row["property"]: row for row in sorted(rows, key=lambda row: str(row[by]))}


TOOLS: tuple[Tool, ...] = (
    Tool(
        "rental_income",
        "Rent of one party by property: the share of a lease that counts beside the year's return.",
        PartyArguments,
        RentalIncome,
        rental_income,
        frozenset({"lease", "rental_schedule"}),
        parameters=frozenset({"rental_share_bps"}),
    ),
)
