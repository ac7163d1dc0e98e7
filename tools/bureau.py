"""What a consumer reporting agency says of a party.

Owns which of several consumer reports counts. Never orders a report, never adds parties up and never
decides whether credit is good enough. Amounts in cents a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.identity import Record
from tools.contract import PartyArguments, Tool, ToolContext

INQUIRIES = "Number of inquiries on the consumer report"


class CreditFile(Record):
    """The latest consumer report of one party; no figure without one."""

    party: str
    found: bool
    reports: int = 0  # how many have arrived
    pulled_on: date | None = None
    score: int | None = None  # 300 to 850
    monthly_debts_cents: int | None = None
    delinquencies_24m: int | None = None  # within 24 months, as the agency counts them
    bankruptcies_7y: int | None = None
    agency: str | None = None  # code of the agency's row in the book
    scored_on: date | None = None
    score_from: int | None = None  # range of possible scores
    score_to: int | None = None
    key_factors: str = ""  # what lowered the score, weightiest first, semicolons between them


async def bureau_file(args: PartyArguments, context: ToolContext) -> CreditFile:
    """The report pulled last; of two of one day the one that arrived last. Figures as reported, unrounded.

    Source: permissible purpose, 15 U.S.C. 1681b(a)(3)(A), by the application's consent.
    """
    rows = await context.warehouse.records("bureau_file", args.party)
    if not rows:
        return CreditFile(party=args.party, found=False)
    latest = max(enumerate(rows), key=lambda row: (row[1]["pulled_on"], row[0]))[1]
    return CreditFile(
        party=args.party,
        found=True,
        reports=len(rows),
        pulled_on=latest["pulled_on"],
        score=latest["score"],
        monthly_debts_cents=latest["monthly_debts_cents"],
        delinquencies_24m=latest["delinquencies_24m"],
        bankruptcies_7y=latest.get("bankruptcies_7y", 0),
        agency=latest.get("agency"),
        scored_on=latest.get("scored_on") or latest["pulled_on"],
        score_from=latest.get("score_from"),
        score_to=latest.get("score_to"),
        key_factors="; ".join(_factors(latest)),
    )


def _factors(report: Mapping[str, Any]) -> tuple[str, ...]:
    """At most four, and inquiries beside them when they count: 15 U.S.C. 1681g(f)(1)(C) and (9)."""
    return (*report.get("key_factors", ()), *([INQUIRIES] if report.get("inquiries_factor") else ()))


TOOLS: tuple[Tool, ...] = (
    Tool(
        "bureau_file",
        "Score, monthly debts, delinquencies and bankruptcies of one party by its latest consumer report.",
        PartyArguments,
        CreditFile,
        bureau_file,
        frozenset({"bureau_file"}),
    ),
)
