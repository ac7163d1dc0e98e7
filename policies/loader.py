"""Reads a book from YAML and refuses one that is incomplete, contradictory or names what does not exist."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from domain.errors import InvalidPolicy
from domain.model_use import TIERS, price_of
from policies.book import Book, Rules
from policies.bounds import Known, problems_of_bounds
from policies.cell import Place
from policies.completeness import check
from policies.effective import Section, check_periods
from policies.examples import Examples, read_examples
from policies.rate_sheet import sheet_defects
from policies.soundness import problems_of_tables, problems_of_work
from policies.strict_yaml import load
from policies.table import DecisionTable
from policies.unwinding import problems_of_unwinding
from policies.vocabulary import Vocabulary
from policies.waivers import WAIVER

BOOKS = Path(__file__).parent / "books"
EXAMPLES = Path(__file__).parent / "examples"
PERSON = "person"
COUNTERSIGNATURE = "countersignature"
OUTCOMES = ("hold", "decline", "refer", "approve")


def read_book(text: str, vocabulary: Vocabulary, name: str = "book") -> Book:
    """One book that may come into force; ``InvalidPolicy`` names everything that is wrong with it and where."""
    book = parse_book(text, name)
    problems = tuple(problems_of(book, vocabulary))
    if problems:
        raise InvalidPolicy(f"{name}: " + "; ".join(problems))
    return book


def parse_book(text: str, name: str = "book") -> Book:
    """A book as it is written, not judged: for versions that were judged when they came into force."""
    try:
        raw = load(text)
    except yaml.YAMLError as error:
        raise InvalidPolicy(f"{name}: not YAML: {error}") from error
    written = Place(name).mapping(raw)
    rest = {key: each for key, each in written.items() if key not in ("tables", "parameters")}
    try:
        rules = Rules.model_validate(rest)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidPolicy(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Book(
        version=f"{rules.kind}@{rules.version}:{hashlib.sha256(text.encode()).hexdigest()[:12]}",
        rules=rules,
        tables=_tables(name, written.get("tables")),
        parameters=_sections(name, written.get("parameters")),
        source=text,
    )


def problems_of(book: Book, vocabulary: Vocabulary) -> Iterable[str]:
    """A sentence for everything that is wrong with a book."""
    yield from _unknown_names(book, vocabulary)
    yield from _missing_parts(book)
    yield from _unpriced(book.rules)
    yield from _unbounded(book.rules, vocabulary)
    rules = book.rules
    yield from problems_of_unwinding(rules.kind, rules.unwinding, rules.boundaries, vocabulary.compensations)
    yield from _unasked_defects(book)
    yield from _defects(book)
    yield from problems_of_tables(book)
    yield from problems_of_work(book, vocabulary)


@lru_cache(maxsize=4)
def shipped(vocabulary: Vocabulary) -> tuple[Book, ...]:
    """Every book in ``policies/books``; read and judged once in a process."""
    files = sorted(BOOKS.glob("*.yaml"))
    return tuple(read_book(file.read_text(encoding="utf-8"), vocabulary, file.name) for file in files)


def shipped_examples(kind: str) -> Examples | None:
    """The example cases of a shipped book; ``None`` where it has none."""
    file = EXAMPLES / f"{kind}.yaml"
    return read_examples(file.read_text(encoding="utf-8"), file.name) if file.is_file() else None


def _sections(name: str, raw: object) -> tuple[Section, ...]:
    if not isinstance(raw, list):
        raise InvalidPolicy(f"{name}: every table and `parameters` is a list of sections with effective_from")
    sections = tuple(Section.parse(Place(name).mapping(each), Place(name)) for each in raw)
    check_periods(sections)
    return sections


def _tables(name: str, raw: object) -> dict[str, tuple[tuple[Section, DecisionTable], ...]]:
    tables = {}
    for table, versions in Place(name).mapping(raw).items():
        sections = _sections(f"{name} {table}", versions)
        tables[table] = tuple((each, DecisionTable.parse(table, each.content)) for each in sections)
    return tables


def _unknown_names(book: Book, known: Vocabulary) -> Iterable[str]:
    rules = book.rules
    for worker, jobs in rules.workers.items():
        yield from _beyond(f"workers.{worker}", jobs, known.specialists.get(worker, frozenset()))
    yield from _beyond("order", (rule.worker for rule in rules.order), rules.workers)
    yield from _beyond("order", (rule.fact for rule in rules.order), known.facts)
    ordered = (
        known.effects - known.compensations
    )  # those follow from a case that is unwound, never from an end
    yield from _beyond("effects", (*rules.effects.approve, *rules.effects.decline), ordered)
    yield from _beyond("waits", rules.waits, known.records)
    yield from _beyond("replan", (rule.code for rule in rules.replan), known.codes)
    yield from _beyond("replan", (rule.ask_for for rule in rules.replan if rule.ask_for), rules.waits)
    closed_by = {*known.records, PERSON, COUNTERSIGNATURE}
    yield from _beyond("conditions", (each.satisfied_by for each in rules.conditions.values()), closed_by)
    yield from _beyond("effects.after_conditions", rules.effects.after_conditions, rules.effects.approve)
    yield from _beyond("applicant", rules.applicant.brings if rules.applicant else (), rules.waits)
    used = {job for jobs in rules.workers.values() for job in jobs}
    yield from _beyond("replan", (rule.send for rule in rules.replan if rule.send), used)
    yield from _beyond("autonomy.specialists", rules.autonomy.specialists, used)
    yield from _beyond("reconcile", (row.fact for row in rules.reconcile), known.facts)
    yield from _beyond("standing", (row.boundary for row in rules.standing), rules.boundaries)
    for stage, names in rules.guardrails.items():
        yield from _beyond(f"guardrails.{stage}", names, known.guardrails.get(stage, frozenset()))
    for name, versions in book.tables.items():
        for _, table in versions:
            yield from _beyond(f"table {name}", table.inputs, known.facts)


def _missing_parts(book: Book) -> Iterable[str]:
    rules = book.rules
    for name in ("decision", "authority"):
        if name not in book.tables:
            yield f"there is no table {name}"
    if "default" not in rules.mandates:
        yield "mandates: there is no default row"
    yield from _escalations(rules)
    yield from _filer_problems(rules)
    yield from _waiver_problems(rules)
    yield from _retention_problems(rules)
    for _, table in book.tables.get("decision", ()):
        for row in table.rows:
            yield from _row_problems(row.id, row.outputs, rules)


def _escalations(rules: Rules) -> Iterable[str]:
    for name, boundary in rules.boundaries.items():
        if boundary.escalates_to not in rules.limits:
            yield f"boundaries.{name}: {boundary.escalates_to} has no limits, so nobody could decide after escalation"
        yield from _beyond(f"boundaries.{name}: limits", boundary.groups, rules.limits)
    yield from _owners(rules)


def _owners(rules: Rules) -> Iterable[str]:
    """Every step that fails, and every case that no runner can advance, is a named group's until a named hour."""
    if "default" not in rules.referrals:
        yield "referrals: there is no default row, so a case that leaves the automatic path escalates to nobody"
    for kind, row in rules.referrals.items():
        if row.owner == row.escalates_to:
            yield f"referrals.{kind}: {row.owner} owns it and it escalates to {row.owner}: nobody more is told"


def _unpriced(rules: Rules) -> Iterable[str]:
    """A book that prices some model use prices all of it: a call without a price would pass every limit."""
    unpriced = [tier for tier in TIERS if price_of(rules.prices, "", tier) is None]
    if rules.prices and unpriced:
        yield f"prices: no row for any model of tier {', '.join(unpriced)}"


def _unasked_defects(book: Book) -> Iterable[str]:
    """Who countersigns depends on the defect: a code that the table does not know would go to escalation alone."""
    codes = book.rules.unwinding.defects if book.rules.unwinding else {}
    for _, table in book.tables.get("authority", ()):
        known = table.inputs.get("unwinding_reason")
        for code in codes:
            if known is not None and not known.holds(code):
                yield f"unwinding.defects.{code}: the authority table does not know it"


def _unbounded(rules: Rules, known: Vocabulary) -> Iterable[str]:
    accounts, sorts = known.counterparties, known.sorts
    return problems_of_bounds(
        rules, Known(known.effects, known.money, accounts, sorts, known.ratings, known.tools)
    )


def _filer_problems(rules: Rules) -> Iterable[str]:
    named = "register_entry" in (*rules.effects.approve, *rules.effects.decline)
    if rules.filer is None:
        if named:
            yield "effects: register_entry needs a filer"
        return
    for reason in rules.reasons:
        if reason not in rules.filer.denials:
            yield f"filer.denials: the reason {reason} has no HMDA reason for denial"


def _waiver_problems(rules: Rules) -> Iterable[str]:
    """A waiver is of a condition that is open after the signature, and others than who asks countersign it."""
    waivers, boundary = rules.waivers, rules.boundaries.get(WAIVER)
    if waivers is None:
        return
    for name in ("asked_by", "conditions", "reasons"):
        if not getattr(waivers, name):
            yield f"waivers.{name}: is empty"
    for code in waivers.conditions:
        row = rules.conditions.get(code)
        if row is None:
            yield f"waivers.conditions: {code} does not exist"
        elif row.satisfied_by == COUNTERSIGNATURE:
            yield f"waivers.conditions: {code} is a term that the countersignature itself accepts"
    if boundary is None or not boundary.groups:
        yield f"boundaries.{WAIVER}: the book has waivers, so it must name the groups that countersign them"
        return


def _retention_problems(rules: Rules) -> Iterable[str]:
    names = [row.id for row in rules.retention]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"retention: there are several rows {name}"


def _row_problems(row: str, outputs: Mapping[str, Any], rules: Rules) -> Iterable[str]:
    if outputs.get("outcome") not in OUTCOMES:
        yield f"decision row {row}: outcome must be one of {', '.join(OUTCOMES)}"
    if outputs.get("outcome") == "decline" and outputs.get("reason") not in rules.reasons:
        yield f"decision row {row}: a decline needs a reason from `reasons`"
    if rules.conditions and outputs.get("condition", "") not in ("", *rules.conditions):
        yield f"decision row {row}: {outputs['condition']!r} is no code of `conditions`"


def _defects(book: Book) -> Iterable[str]:
    for versions in book.tables.values():
        for _, table in versions:
            yield from (defect.sentence for defect in check(table))
    for section in book.parameters:
        values = section.content.get("values")
        if isinstance(values, Mapping):
            yield from (f"from {section.effective_from}: {each}" for each in sheet_defects(values))


def _beyond(where: str, named: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    have = set(known)
    for name in named:
        if name not in have:
            yield f"{where}: {name} does not exist"
