"""What a title search says: liens of record, what becomes of them, and what clouds the title.

Owns the tool that reads title reports. Never decides whether a title can be taken as security.
Amounts in cents.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from domain.identity import Record
from domain.records.property import TitleLien
from tools.contract import NoArguments, Tool, ToolContext

SURVIVES = ("subordinated", "open")  # not paid off at closing


class Title(Record):
    """The latest title report; the worse of its findings is the status."""

    found: bool
    reported_on: date | None = None
    status: Literal["not_examined", "clear", "encumbered", "clouded"] = "not_examined"
    liens: tuple[TitleLien, ...] = ()
    open_liens_cents: int = 0  # nobody said yet what becomes of them
    surviving_liens_cents: int = 0  # of record after closing: subordinated or open
    stated_liens_cents: int = 0  # as the application has them
    defects: tuple[str, ...] = ()


async def title_report(args: NoArguments, context: ToolContext) -> Title:
    """The latest report: clouded by any defect, else encumbered by any open lien, else clear."""
    stated = context.application.get("other_liens_cents", 0)
    row = await _latest(context)
    if row is None:
        return Title(found=False, stated_liens_cents=stated)
    liens = tuple(TitleLien.model_validate(lien) for lien in row.get("liens", ()))
    open_liens = [lien.amount_cents for lien in liens if lien.settled == "open"]
    defects = tuple(row.get("defects", ()))
    return Title(
        found=True,
        reported_on=row["reported_on"],
        status="clouded" if defects else "encumbered" if open_liens else "clear",
        liens=liens,
        open_liens_cents=sum(open_liens),
        surviving_liens_cents=sum(lien.amount_cents for lien in liens if lien.settled in SURVIVES),
        stated_liens_cents=stated,
        defects=defects,
    )


async def surviving_liens_cents(context: ToolContext) -> int:
    """Subordinate liens for CLTV: the larger of those stated and those of record after closing."""
    row = await _latest(context)
    liens = [] if row is None else row.get("liens", ())
    of_record = sum(int(lien["amount_cents"]) for lien in liens if lien["settled"] in SURVIVES)
    return max(int(context.application.get("other_liens_cents", 0)), of_record)


async def _latest(context: ToolContext) -> dict[str, Any] | None:
    """By date, then by arrival (rows come oldest first)."""
    rows = await context.warehouse.records("title_report")
    return max(reversed(rows), key=lambda row: str(row["reported_on"])) if rows else None


TOOLS: tuple[Tool, ...] = (
    Tool(
        "title_report",
        "Liens of record with what becomes of them, and what clouds the title, by the latest title report.",
        NoArguments,
        Title,
        title_report,
        frozenset({"title_report"}),
    ),
)
