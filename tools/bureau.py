"""What a consumer reporting agency says of a party.

Owns which of several consumer reports counts. Never orders a report, never adds parties up and never
decides whether credit is good enough. Amounts in cents a month.
"""

from __future__ import annotations

from datetime import date

from domain.identity import Record
from tools.contract import PartyArguments, Tool, ToolContext


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
    )


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
