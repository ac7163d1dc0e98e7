"""What source records say of the property: its value with the ratios that rest on it, and what it is.

Owns the tool that reads valuations. Never decides whether a value or a ratio is acceptable; the tolerance
between two valuations and the age at which one is too old are rows of the book. Amounts in cents; ratios
in basis points, half even.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from domain.clock import days_between
from domain.identity import Record
from domain.records.property import PropertyType
from tools.book_limits import book_limit
from tools.contract import NoArguments, Tool, ToolContext
from tools.lending.ratios import cltv_bps, ltv_bps, property_value
from tools.lending.valuation import Opinion, counting, range_bps, spread_bps
from tools.title_records import surviving_liens_cents

Occupancy = Literal["principal", "second", "investment"]
_UNSAID = {"property_type": "single_family", "units": 1}  # what an application says that leaves it out


class ValuationOnRecord(Record):
    """One valuation as it arrived."""

    method: Literal["appraisal", "avm"]
    vendor: str | None = None
    valued_on: date
    value_cents: int
    low_cents: int | None = None
    high_cents: int | None = None
    range_bps: int | None = None  # width of the model's range beside its value
    confidence_bps: int = 10_000  # of the model; 10,000 for an appraisal


class PropertyValue(Record):
    """The valuation that counts beside all that were read, the agreed price, and loan-to-value ratios."""

    found: bool
    occupancy: Occupancy  # as stated
    stated_property_type: PropertyType
    stated_units: int
    property_type: PropertyType  # as the latest valuation has it; as stated where none says
    units: int
    valuations: tuple[ValuationOnRecord, ...] = ()  # not too old, oldest first
    too_old: int = 0  # valuations older than the book allows; they do not count
    counting: ValuationOnRecord | None = None
    appraised_value_cents: int | None = None  # of the one that counts
    spread_bps: int | None = None  # highest above lowest
    disagree: bool = False  # further apart than the book's tolerance: the lowest counts
    flood_zone: bool = False  # any valuation on record says so
    price_cents: int
    subordinate_liens_cents: int = 0  # stated ones, or those of record where they are more
    ltv_bps: int | None = None
    cltv_bps: int | None = None


async def valuation(args: NoArguments, context: ToolContext) -> PropertyValue:
    """The valuation that counts among those young enough, and LTV / CLTV over it.

    Formula: value is the lower of valuation and price; LTV is loan / value; CLTV adds subordinate liens,
    the larger of those stated and those that the title report leaves in place. A valuation of the same
    vendor, method and day replaces the one before it. Which of several counts: ``lending.valuation``.
    Source: Fannie Mae Selling Guide B2-1.2-01.

    Raises:
        InvalidPolicy: when there are several valuations and the book gives no ``valuation_tolerance_bps``.
    """
    rows = await context.warehouse.records("valuation")
    young = _young(rows, context)
    price = context.application["property"]["price_cents"]
    base = {
        **_dwelling(rows, context),
        "price_cents": price,
        "too_old": len(rows) - len(young),
        "flood_zone": any(row.get("flood_zone", False) for row in rows),
    }
    shown = tuple(_shown(row) for row in _replaced(young))
    if not shown:
        return PropertyValue(found=False, **base)
    opinions = [_opinion(each) for each in shown]
    tolerance = book_limit(context, "valuation_tolerance_bps") if len(shown) > 1 else 0
    best = shown[counting(opinions, tolerance)]
    value, loan = property_value(best.value_cents, price), context.application["loan_amount_cents"]
    liens = await surviving_liens_cents(context)
    return PropertyValue(
        found=True,
        valuations=shown,
        counting=best,
        appraised_value_cents=best.value_cents,
        spread_bps=spread_bps(opinions),
        disagree=spread_bps(opinions) > tolerance,
        subordinate_liens_cents=liens,
        ltv_bps=ltv_bps(loan, value),
        cltv_bps=cltv_bps(loan, [liens], value),
        **base,
    )


def _young(rows: list[dict[str, Any]], context: ToolContext) -> list[dict[str, Any]]:
    """Those young enough; an older book that gives no ``valuation_max_age_days`` sets no such limit."""
    if "valuation_max_age_days" not in context.parameters:
        return rows
    oldest, today = book_limit(context, "valuation_max_age_days"), context.as_of.date()
    return [row for row in rows if days_between(date.fromisoformat(row["valued_on"]), today) <= oldest]


def _replaced(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows come in order of arrival: a corrected valuation takes the place of the one before."""
    latest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row["method"], row.get("vendor"), row["valued_on"])
        latest.pop(key, None)
        latest[key] = row
    return list(latest.values())


def _dwelling(rows: list[dict[str, Any]], context: ToolContext) -> dict[str, Any]:
    stated = context.application["property"]
    told = {name: stated.get(name, default) for name, default in _UNSAID.items()}
    seen = {name: [row[name] for row in rows if row.get(name) is not None] for name in _UNSAID}
    documented = {name: values[-1] if values else told[name] for name, values in seen.items()}
    return {
        "occupancy": stated.get("occupancy", "principal"),
        "stated_property_type": told["property_type"],
        "stated_units": told["units"],
        **documented,
    }


def _shown(row: dict[str, Any]) -> ValuationOnRecord:
    on_record = ValuationOnRecord.model_validate(
        {name: row[name] for name in ValuationOnRecord.model_fields if name in row}
    )
    return on_record.model_copy(update={"range_bps": range_bps(_opinion(on_record))})


def _opinion(each: ValuationOnRecord) -> Opinion:
    appraisal = each.method == "appraisal"
    return Opinion(appraisal, each.valued_on, each.value_cents, each.low_cents, each.high_cents)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "valuation",
        "All valuations of the property, the one that counts, the agreed price, LTV, CLTV and flood zone.",
        NoArguments,
        PropertyValue,
        valuation,
        frozenset({"valuation", "title_report"}),
        ("loan_amount_cents",),  # when an approver's edit replaced the application's
        parameters=frozenset({"valuation_max_age_days", "valuation_tolerance_bps"}),
    ),
)
