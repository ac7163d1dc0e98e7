"""A company's statements as its filings and records give them, and what its management says about them.

Owns the tools that spread statements and read the commentary. Never decides whether statements are good
enough, never lets the company's identity out, and keeps no document: its text stays in the vault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.identity import Record
from domain.records.credit import Prepared
from tools.contract import NoArguments, Tool, ToolContext
from tools.credit.documents import Read, read_document
from tools.credit.spread import Difference, Spread, Year, spread

RECORDS = frozenset({"financial_filing", "financial_statement"})
_DIGITS = re.compile(r"\D")


class Source(Record):
    """One document that was read."""

    document: str  # kind and the first 12 digits of its SHA-256
    prepared: Prepared
    filed_on: date


class Contradicted(Record):
    """One concept that a filing states twice, differently: neither amount is used."""

    document: str
    concept: str
    period_end: date
    dollars: tuple[str, ...]


class Unbalanced(Record):
    """One balance sheet that is off by more than its rounding."""

    document: str
    period_end: date


class Statements(Record):
    """Fiscal years with every amount's source; no years without a document."""

    found: bool
    lacks: str = ""  # what ratios would still need
    documents: tuple[Source, ...] = ()
    years: tuple[Year, ...] = ()  # oldest first
    differences: tuple[Difference, ...] = ()
    contradictions: tuple[Contradicted, ...] = ()
    unbalanced: tuple[Unbalanced, ...] = ()
    other_filer: tuple[str, ...] = ()  # documents of another tax number than the applicant's
    age_days: int | None = None  # from the latest year's end to the assignment's day
    revenue_cents: int | None = None  # of the latest year


class Commentary(Record):
    """Management's own words, the latest first; a statement, not evidence."""

    found: bool
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read, with its spread."""

    reads: tuple[Read, ...]
    spread: Spread


async def evidence(context: ToolContext) -> Evidence:
    """Every filing and statement of the case, read and spread.

    Raises:
        BadInput: a document cannot be read (intake refuses those).
    """
    reads = []
    for kind in sorted(RECORDS):
        for row in await context.warehouse.records(kind):
            reads.append(read_document(row, await context.reveal(row["document"])))  # noqa: PERF401 - awaits
    return Evidence(tuple(reads), spread(each.document for each in reads))


def lacks(found: Spread) -> str:
    """What ratios still need: debt service rests on what fell due in the year before."""
    latest = found.latest
    if latest is None:
        return "no filing or statement of the company"
    return "" if found.before(latest) is not None else f"no statement of the year before {latest.period_end}"


async def spread_statements(_: NoArguments, context: ToolContext) -> Statements:
    """Fiscal years spread from every document; see ``credit.spread`` for which of two amounts counts."""
    seen = await evidence(context)
    if not seen.reads:
        return Statements(found=False, lacks=lacks(seen.spread))
    latest = seen.spread.years[-1]
    revenue = latest.amount("revenue")
    return Statements(
        found=True,
        lacks=lacks(seen.spread),
        documents=tuple(_source(each) for each in seen.reads),
        years=seen.spread.years,
        differences=seen.spread.differences,
        contradictions=tuple(_contradicted(seen.reads)),
        unbalanced=tuple(
            Unbalanced(document=each.document.name, period_end=end)
            for each in seen.reads
            for end in each.unbalanced
        ),
        other_filer=await _other_filer(seen.reads, context),
        age_days=(context.as_of.date() - date.fromisoformat(latest.period_end)).days,
        revenue_cents=revenue.cents if revenue is not None else None,
    )


async def management_commentary(_: NoArguments, context: ToolContext) -> Commentary:
    """The commentary as intake kept it: identity values of the case are withheld in it."""
    rows = await context.warehouse.records("management_commentary")
    latest_first = sorted(rows, key=lambda row: row["received_on"], reverse=True)
    return Commentary(found=bool(rows), texts=tuple(row["text"] for row in latest_first))


def _source(read: Read) -> Source:
    each = read.document
    return Source(document=each.name, prepared=each.prepared, filed_on=each.filed_on)


def _contradicted(reads: tuple[Read, ...]) -> list[Contradicted]:
    return [
        Contradicted(
            document=read.document.name,
            concept=each.concept,
            period_end=each.end,
            dollars=tuple(f"{amount:f}" for amount in each.dollars),
        )
        for read in reads
        for each in read.contradictions
    ]


async def _other_filer(reads: tuple[Read, ...], context: ToolContext) -> tuple[str, ...]:
    token = context.application.get("company", {}).get("tax_number")
    if token is None:
        return ()
    own = _DIGITS.sub("", await context.reveal(token))
    filed = [(read.document.name, _DIGITS.sub("", read.tax_number)) for read in reads]
    return tuple(name for name, number in filed if number and number != own)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "spread_statements",
        "Fiscal years spread from filings and statements, with sources, restatements and contradictions.",
        NoArguments,
        Statements,
        spread_statements,
        RECORDS,
        identity=True,
    ),
    Tool(
        "management_commentary",
        "What management says about its figures: words to be judged, not evidence.",
        NoArguments,
        Commentary,
        management_commentary,
        frozenset({"management_commentary"}),
    ),
)
