"""Reads an SEC XBRL instance: undimensioned US-dollar facts, matched to fiscal years.

Owns contexts, units, duplicates, nil and precision of one filing. Never adds facts with a dimension to those
without, never fetches a taxonomy, and expands no entity (``defusedxml`` refuses document types). Restatements
need several filings: ``spread`` finds them. Source: XBRL 2.1 Recommendation (2013-02-20), sections 4.6-4.10;
XBRL Working Group Note "Handling duplicate facts" (2019).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.errors import BadInput
from tools.credit.accounts import ACCOUNTS, Account, Line

INSTANCE = "{http://www.xbrl.org/2003/instance}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
US_GAAP = re.compile(r"\{http://(?:fasb\.org|xbrl\.us)/us-gaap/[0-9-]+\}(\w+)")
DEI = re.compile(r"\{http://xbrl\.(?:sec\.gov|us)/dei/[0-9-]+\}(\w+)")
YEAR_DAYS = range(350, 379)  # a fiscal year: 52 or 53 weeks, or a calendar year
EXACT = 99  # decimals="INF"
MOST_DOLLARS = 10**13  # of one fact: ten trillion; larger is a slip of scale


@dataclass(frozen=True, slots=True)
class Fact:
    """One undimensioned us-gaap fact in US dollars."""

    concept: str  # local name, e.g. Assets
    start: date | None  # None: a balance at ``end``
    end: date
    dollars: Decimal
    decimals: int  # places that are accurate, -6 for millions; EXACT when all are
    id: str

    @property
    def slack(self) -> Decimal:
        """Half a unit of the last accurate place, in dollars: what rounding may have moved."""
        return Decimal(0) if self.decimals == EXACT else Decimal(5).scaleb(-self.decimals - 1)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One concept that the filing states twice, differently, for one period: neither is used."""

    concept: str
    end: date
    dollars: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """What one filing says.

    Args:
        file: name it came under.
        form: document type, e.g. ``10-K``.
        tax_number: of the filer, as filed; empty when it is not filed.
        years: last days of the fiscal years it reports, oldest first.
        facts: by concept and period, duplicates settled.
        contradictions: what it says twice, differently.
        nil: concepts reported as nil: known to be unreported, not zero.
    """

    file: str
    form: str
    tax_number: str
    years: tuple[date, ...]
    facts: tuple[Fact, ...]
    contradictions: tuple[Contradiction, ...]
    nil: tuple[str, ...]


def parse_instance(text: str, file: str) -> Instance:
    """One filing; ``BadInput`` names file, field and remedy when it is no instance of US-dollar fiscal years."""
    root = _root(text, file)
    periods = dict(_periods(root, file))
    currencies = dict(_currencies(root))
    found, nil = _facts(root, periods, currencies, file)
    settled, contradictions = _settled(found)
    about = _about(root, periods)
    years = tuple(sorted({each.end for each in settled if _is_year(each)}))
    if not years:
        raise BadInput(
            "no fiscal year is reported in it",
            file=file,
            field="context",
            remedy="send the annual report (10-K, 20-F), not an interim one",
        )
    return Instance(
        file=file,
        form=about.get("DocumentType", "unknown"),
        tax_number=about.get("EntityTaxIdentificationNumber", ""),
        years=years,
        facts=settled,
        contradictions=contradictions,
        nil=nil,
    )


def lines(instance: Instance) -> tuple[Line, ...]:
    """The accounts of every fiscal year, in cents (half even), each with the ids of the facts it comes from."""
    by_key = {(fact.concept, fact.end, fact.start is None): fact for fact in _at_years(instance)}
    found = (_line(account, end, by_key) for end in instance.years for account in ACCOUNTS)
    return tuple(line for line in found if line is not None)


def unbalanced(instance: Instance) -> tuple[date, ...]:
    """Years whose assets differ from liabilities and equity by more than rounding can explain."""
    return tuple(end for end in instance.years if _off(instance, end))


def _root(text: str, file: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput(
            "a document type or entity stands in it",
            file=file,
            remedy="send the instance as the SEC publishes it, without a DOCTYPE",
        ) from error
    except (ParseError, ValueError) as error:
        row = error.position[0] if isinstance(error, ParseError) else None
        raise BadInput(f"not XML: {error}", file=file, row=row, remedy="send the complete file") from error
    if root.tag != f"{INSTANCE}xbrl":
        raise BadInput(
            "the first element is not <xbrl>",
            file=file,
            field=root.tag.rpartition("}")[2],
            remedy="send the extracted instance (…_htm.xml), not the inline document",
        )
    return root


def _periods(root: Element, file: str) -> Iterable[tuple[str, tuple[date | None, date]]]:
    """Contexts without a dimension: start and end by id. Those with a segment or scenario are left out."""
    for context in root.iter(f"{INSTANCE}context"):
        if any(context.iter(f"{INSTANCE}segment")) or any(context.iter(f"{INSTANCE}scenario")):
            continue
        named = {each.tag.rpartition("}")[2]: each for each in context.iter()}
        if "forever" in named:
            continue
        end = named.get("instant", named.get("endDate"))
        start = named.get("startDate")
        yield (
            context.get("id", ""),
            (_day(start, context, file) if start is not None else None, _day(end, context, file)),
        )


def _day(element: Element | None, context: Element, file: str) -> date:
    text = (element.text or "").strip() if element is not None else ""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        field = f"context {context.get('id')}"
        raise BadInput(
            f"{text!r} is no date", file=file, field=field, remedy="write dates as 2025-12-31"
        ) from error


def _currencies(root: Element) -> Iterable[tuple[str, str]]:
    """Units that are one currency, by id; shares and per-share units are none."""
    for unit in root.iter(f"{INSTANCE}unit"):
        measures = [(each.text or "").strip() for each in unit.iter(f"{INSTANCE}measure")]
        if len(measures) == 1 and measures[0].startswith("iso4217:"):
            yield unit.get("id", ""), measures[0].partition(":")[2]


def _facts(
    root: Element, periods: Mapping[str, tuple[date | None, date]], currencies: Mapping[str, str], file: str
) -> tuple[list[Fact], tuple[str, ...]]:
    found, nil = [], []
    for element in root:
        concept = US_GAAP.fullmatch(element.tag)
        period = periods.get(element.get("contextRef", ""))
        currency = currencies.get(element.get("unitRef", ""))
        if concept is None or period is None or currency is None:
            continue
        if currency != "USD" and concept[1] not in _USED:
            continue
        if currency != "USD":
            raise BadInput(
                f"an amount in {currency}", file=file, field=concept[1], remedy="send a filing in US dollars"
            )
        if element.get(NIL) in ("true", "1"):
            nil.append(concept[1])
            continue
        found.append(Fact(concept[1], *period, *_amount(element, concept[1], file), element.get("id", "")))
    return found, tuple(sorted(set(nil)))


def _amount(element: Element, concept: str, file: str) -> tuple[Decimal, int]:
    stated = element.get("decimals", "INF")
    try:
        value, decimals = Decimal((element.text or "").strip()), EXACT if stated == "INF" else int(stated)
    except (InvalidOperation, ValueError) as error:
        where = f"{concept} ({element.get('id') or element.get('contextRef')})"
        raise BadInput("not an amount", file=file, field=where, remedy="correct the fact") from error
    if not value.is_finite() or abs(value) > MOST_DOLLARS or abs(decimals) > EXACT:
        raise BadInput("no amount that can be", file=file, field=concept, remedy="correct the fact")
    return value, decimals


def _settled(found: Iterable[Fact]) -> tuple[tuple[Fact, ...], tuple[Contradiction, ...]]:
    """Of consistent duplicates the most precise; of others none. Consistent: their rounding intervals meet."""
    groups: dict[tuple[str, date | None, date], list[Fact]] = {}
    for fact in found:
        groups.setdefault((fact.concept, fact.start, fact.end), []).append(fact)
    settled, contradictions = [], []
    for (concept, _, end), same in groups.items():
        low = max(fact.dollars - fact.slack for fact in same)
        high = min(fact.dollars + fact.slack for fact in same)
        if low > high:
            contradictions.append(Contradiction(concept, end, tuple(sorted({each.dollars for each in same}))))
        else:
            settled.append(max(same, key=lambda fact: fact.decimals))
    return tuple(settled), tuple(contradictions)


def _about(root: Element, periods: Mapping[str, tuple[date | None, date]]) -> dict[str, str]:
    """The document and entity information that stands without a dimension."""
    named = ((DEI.fullmatch(element.tag), element) for element in root)
    return {
        name[1]: (element.text or "").strip()
        for name, element in named
        if name is not None and element.get("contextRef") in periods
    }


def _is_year(fact: Fact) -> bool:
    return fact.start is not None and (fact.end - fact.start).days + 1 in YEAR_DAYS


def _at_years(instance: Instance) -> Iterable[Fact]:
    ends = set(instance.years)
    return (fact for fact in instance.facts if fact.end in ends and (fact.start is None or _is_year(fact)))


def _line(account: Account, end: date, by_key: Mapping[tuple[str, date, bool], Fact]) -> Line | None:
    for choice in account.concepts:
        parts = [by_key.get((concept, end, account.timing == "instant")) for concept in choice]
        if all(part is not None for part in parts):
            facts = [part for part in parts if part is not None]
            return Line(
                account=account.code,
                period_end=end.isoformat(),
                cents=sum(_cents(fact.dollars) for fact in facts),
                where=" + ".join(f"us-gaap:{fact.concept} {fact.id}".strip() for fact in facts),
            )
    return None


def _cents(dollars: Decimal) -> int:
    return int((dollars * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def _off(instance: Instance, end: date) -> bool:
    at = {fact.concept: fact for fact in instance.facts if fact.start is None and fact.end == end}
    claims = at.get("LiabilitiesAndStockholdersEquity")
    if claims is None and "Liabilities" in at and "StockholdersEquity" in at:
        parts = [at["Liabilities"], at["StockholdersEquity"]]
    else:
        parts = [claims] if claims is not None else []
    if "Assets" not in at or not parts:
        return False
    difference = at["Assets"].dollars - sum(part.dollars for part in parts)
    return abs(difference) > at["Assets"].slack + sum(part.slack for part in parts)


_USED = frozenset(concept for account in ACCOUNTS for choice in account.concepts for concept in choice) | {
    "LiabilitiesAndStockholdersEquity"
}
