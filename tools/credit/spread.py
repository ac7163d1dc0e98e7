"""Spreads documents of several years and preparers into one statement per fiscal year.

Owns which of several amounts counts and what is said about the others. Never averages two amounts, never
drops one silently, reads no file. Rule: the better prepared document counts (audited, reviewed, compiled,
internal); of two prepared alike the one filed later does, and a difference between those is a restatement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.identity import Record
from domain.records.credit import Prepared
from tools.credit.accounts import ACCOUNTS, BY_CODE, Line

BEST_LAST: tuple[Prepared, ...] = ("internal", "compiled", "reviewed", "audited")
PRIOR = "prior:"  # an account of the fiscal year before


@dataclass(frozen=True, slots=True)
class Document:
    """One filing or statement that was read."""

    name: str  # reference for sources: kind and the first 12 digits of its SHA-256
    prepared: Prepared
    filed_on: date
    lines: tuple[Line, ...]


class Amount(Record):
    """What one account of one year comes to, and where that stands."""

    account: str
    cents: int
    source: str  # document and place in it, or how it was worked out


class Year(Record):
    """One fiscal year."""

    period_end: str
    prepared: Prepared  # of the least well prepared document that counts in it
    amounts: tuple[Amount, ...]
    taken_as_zero: tuple[str, ...]  # accounts that no document of the year reports

    def amount(self, account: str) -> Amount | None:
        """One account, if it is known."""
        return next((each for each in self.amounts if each.account == account), None)


class Difference(Record):
    """One account of one year that two documents state differently; ``counts`` is the one that is used."""

    kind: Literal["restated", "disagreement"]  # prepared alike, or not
    period_end: str
    account: str
    other_cents: int
    other_source: str
    counts_cents: int
    counts_source: str


class Spread(Record):
    """Fiscal years, oldest first, with what was restated or disagrees."""

    years: tuple[Year, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def latest(self) -> Year | None:
        """The newest year."""
        return self.years[-1] if self.years else None

    def before(self, year: Year) -> Year | None:
        """The fiscal year that ended about twelve months earlier."""
        end = date.fromisoformat(year.period_end)
        near = [each for each in self.years if 350 <= (end - date.fromisoformat(each.period_end)).days <= 378]
        return near[-1] if near else None


def spread(documents: Iterable[Document]) -> Spread:
    """All documents together.

    Total liabilities that nobody reports are assets less equity. Other accounts that are not required and not
    reported count as zero and are named; a required one stays unknown, and so does what rests on it.
    """
    used: dict[tuple[str, str], tuple[Document, Line]] = {}
    differences: list[Difference] = []
    for document in sorted(documents, key=lambda each: (BEST_LAST.index(each.prepared), each.filed_on)):
        for line in document.lines:
            key = (line.period_end, line.account)
            before = used.get(key)
            if before is not None and before[1].cents != line.cents:
                differences.append(_difference(before, (document, line)))
            used[key] = (document, line)
    ends = sorted({end for end, _ in used})
    years = tuple(_year(end, {code: used[at, code] for at, code in used if at == end}) for end in ends)
    return Spread(years=years, differences=tuple(differences))


def _difference(other: tuple[Document, Line], counts: tuple[Document, Line]) -> Difference:
    alike = other[0].prepared == counts[0].prepared
    return Difference(
        kind="restated" if alike else "disagreement",
        period_end=counts[1].period_end,
        account=counts[1].account,
        other_cents=other[1].cents,
        other_source=_source(*other),
        counts_cents=counts[1].cents,
        counts_source=_source(*counts),
    )


def _year(end: str, found: Mapping[str, tuple[Document, Line]]) -> Year:
    amounts = {
        code: Amount(account=code, cents=line.cents, source=_source(document, line))
        for code, (document, line) in found.items()
    }
    if "total_liabilities" not in amounts and {"total_assets", "equity"} <= set(amounts):
        owed = amounts["total_assets"].cents - amounts["equity"].cents
        amounts["total_liabilities"] = Amount(
            account="total_liabilities", cents=owed, source="computed: total_assets - equity"
        )
    optional = [each.code for each in ACCOUNTS if not each.required and _reported(each.timing, amounts)]
    zero = tuple(code for code in optional if code not in amounts)
    amounts |= {code: Amount(account=code, cents=0, source="not reported: taken as 0") for code in zero}
    weakest = min((document.prepared for document, _ in found.values()), key=BEST_LAST.index)
    ordered = tuple(amounts[each.code] for each in ACCOUNTS if each.code in amounts)
    return Year(period_end=end, prepared=weakest, amounts=ordered, taken_as_zero=zero)


def _reported(timing: str, amounts: Mapping[str, Amount]) -> bool:
    """Whether a balance sheet, or an income statement, of the year is there at all."""
    return any(BY_CODE[code].timing == timing and BY_CODE[code].required for code in amounts)


def _source(document: Document, line: Line) -> str:
    return f"{document.name}: {line.where}"
