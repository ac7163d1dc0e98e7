"""Prepares what may have to be filed with the authorities: currency transactions and activity of customers.

Owns aggregating records against the rows of the book, deadlines and the draft's answers to who, what, when,
where, why and how. Never files anything, never says that somebody did wrong, names parties by reference only,
and is read by compliance alone (31 U.S.C. 5318(g)(2): nobody involved may learn of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from domain.errors import InvalidPolicy
from domain.identity import Record
from domain.money import dollars
from tools.contract import NoArguments, Tool, ToolContext
from tools.currency import BelowPattern, Cash, DayTotal, Pattern, day_totals, patterns_below, reportable

BANK_SECRECY = frozenset({"structuring", "money_laundering", "no_lawful_purpose"})
Rule = Literal["insider", "suspect_known", "no_suspect", "bsa_or_no_lawful_purpose"]
Days = Annotated[int, Field(gt=0, le=366)]


class SarThreshold(Record):
    """From which amount a report is due under one rule."""

    rule: Rule
    from_cents: Annotated[int, Field(ge=0)]
    source: str
    source_status: Literal["primary", "secondary", "unverified"]


class FilingRules(Record, extra="ignore"):
    """What the book says about filings."""

    ctr_over_cents: Annotated[int, Field(gt=0)]
    ctr_due_days: Days
    sar_due_days: Days
    sar_due_days_no_suspect: Days
    structuring_floor_cents: Annotated[int, Field(gt=0)]
    structuring_window_days: Days
    structuring_least_days: Days
    sar_thresholds: tuple[SarThreshold, ...]


class CurrencyReport(Record):
    """One currency transaction report that is due."""

    party: str
    day: date
    direction: Literal["in", "out"]
    total_cents: int
    transactions: int
    due_on: date
    overdue: bool  # on the day of the assignment


class ActivityDraft(Record):
    """A draft about one activity; facts from records, and nothing that only a person can conclude."""

    origin: str  # the alert's reference, or ``pattern``
    rules: tuple[Rule, ...]  # under which it reaches the book's amount; none: it reaches none
    who: str
    what: str
    when: str
    where: str
    why: str
    how: str
    amount_cents: int
    detected_on: date
    due_on: date
    overdue: bool


class FilingReview(Record):
    """Everything that the activity records of a case make due, or may make due."""

    records: int  # activity records that were read
    currency_reports: tuple[CurrencyReport, ...] = ()
    drafts: tuple[ActivityDraft, ...] = ()
    below_threshold: tuple[str, ...] = ()  # alerts that reach no amount of the book


async def filing_review(_: NoArguments, context: ToolContext) -> FilingReview:
    """Currency by business day, the pattern that stays below, and a draft for every alert that reaches a rule.

    Sources: 31 CFR 1010.311, 1010.313 and 1010.306(a)(1) for currency; 31 CFR 1020.320(a)(2), (b)(3) and
    12 CFR 21.11(c), (d) for activity; amounts and days are the book's.

    Raises:
        InvalidPolicy: when there are activity records and the book has no rules for them.
    """
    cash = await context.warehouse.records("cash_transaction")
    alerts = await context.warehouse.records("activity_alert")
    if not cash and not alerts:
        return FilingReview(records=0)
    rules, today = _rules(context), context.as_of.date()
    totals = day_totals(_cash(each) for each in cash)
    patterns = patterns_below(totals, _bounds(rules))
    drafts = [_of_pattern(each, rules, today) for each in patterns]
    drafts += [_of_alert(each, rules, today) for each in alerts]
    return FilingReview(
        records=len(cash) + len(alerts),
        currency_reports=tuple(
            _report(each, rules, today) for each in reportable(totals, rules.ctr_over_cents)
        ),
        drafts=tuple(each for each in drafts if each.rules),
        below_threshold=tuple(each.origin for each in drafts if not each.rules),
    )


def rules_reached(amount_cents: int, basis: str, suspect: bool, rules: FilingRules) -> tuple[Rule, ...]:
    """The rules that apply to an activity and whose amount it reaches (``>=``), in the book's order.

    Insider abuse: any amount. A suspect who can be identified, or a bank-secrecy basis: the lower amount.
    Anything: the higher amount, whether a suspect is known or not.
    """
    applies = {
        "insider": basis == "insider_abuse",
        "suspect_known": suspect,
        "no_suspect": True,
        "bsa_or_no_lawful_purpose": basis in BANK_SECRECY,
    }
    return tuple(
        row.rule for row in rules.sar_thresholds if applies[row.rule] and amount_cents >= row.from_cents
    )


def _report(total: DayTotal, rules: FilingRules, today: date) -> CurrencyReport:
    due = total.day + timedelta(days=rules.ctr_due_days)
    return CurrencyReport(
        party=total.party,
        day=total.day,
        direction=total.direction,
        total_cents=total.cents,
        transactions=total.count,
        due_on=due,
        overdue=due < today,
    )


def _of_pattern(found: Pattern, rules: FilingRules, today: date) -> ActivityDraft:
    """A pattern that code found; it counts as detected on the day of the assignment."""
    paid = {"in": "paid in", "out": "paid out"}[found.direction]
    due = today + timedelta(days=rules.sar_due_days)
    return ActivityDraft(
        origin="pattern",
        rules=rules_reached(found.cents, "structuring", True, rules),
        who=found.party,
        what=f"{dollars(found.cents)} in currency {paid} on {found.days} business days, none of them reportable",
        when=f"{found.first.isoformat()} to {found.last.isoformat()}",
        where="branches of the transactions on record",
        why="The days stay below the amount that is reported and together exceed it.",
        how=f"currency {paid} over the counter",
        amount_cents=found.cents,
        detected_on=today,
        due_on=due,
        overdue=False,
    )


def _of_alert(alert: Mapping[str, Any], rules: FilingRules, today: date) -> ActivityDraft:
    suspect = alert.get("party")
    detected = date.fromisoformat(alert["detected_on"])
    days = rules.sar_due_days if suspect else rules.sar_due_days_no_suspect
    due = detected + timedelta(days=days)
    return ActivityDraft(
        origin=alert["reference"],
        rules=rules_reached(alert["amount_cents"], alert["basis"], bool(suspect), rules),
        who=suspect or "no suspect is identified",
        what=f"{dollars(alert['amount_cents'])} by {alert['instrument']}",
        when=f"{alert['first_on']} to {alert['last_on']}",
        where=alert.get("branch") or "no branch is recorded",
        why=alert["basis"].replace("_", " "),
        how=alert["observed"],
        amount_cents=alert["amount_cents"],
        detected_on=detected,
        due_on=due,
        overdue=due < today,
    )


def _cash(record: Mapping[str, Any]) -> Cash:
    day = date.fromisoformat(record["booked_on"])
    return Cash(record["party"], day, record["direction"], record["amount_cents"])


def _bounds(rules: FilingRules) -> BelowPattern:
    return BelowPattern(
        rules.ctr_over_cents,
        rules.structuring_floor_cents,
        rules.structuring_window_days,
        rules.structuring_least_days,
    )


def _rules(context: ToolContext) -> FilingRules:
    try:
        return _RULES.validate_python(dict(context.parameters))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidPolicy(f"parameter {where}: {first['msg']}", field=where) from error


_RULES = TypeAdapter(FilingRules)
TOOLS: tuple[Tool, ...] = (
    Tool(
        "filing_review",
        "What the activity records of the case make due with the authorities, as drafts for compliance.",
        NoArguments,
        FilingReview,
        filing_review,
        frozenset({"cash_transaction", "activity_alert"}),
        parameters=frozenset(FilingRules.model_fields),
    ),
)
