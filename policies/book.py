"""A book: the versioned policy of one case kind, and the part of it that is in force on a day.

Owns the shape of a book. Never reads a file (``loader``), never evaluates a case (graph steps do).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from domain.admission import Admission
from domain.bounds import Threshold
from domain.decision import Outcome
from domain.errors import InvalidPolicy
from domain.finding import Fact
from domain.geography import Geography
from domain.hours import Freeze, Hours
from domain.identity import Record
from domain.model_use import CaseBudget, JudgementRules, PriceRow, Tier
from domain.rate import Rate
from domain.rating import Unattended
from domain.referral import ReferralKind
from domain.sequence import Sequence
from domain.tripwire import Tripwire
from policies.autonomy import Autonomy
from policies.effective import Section, in_force
from policies.exceptions import ExceptionRow
from policies.filer import Filer
from policies.hand import HandRow
from policies.retention import Duty
from policies.settled import settled
from policies.table import DecisionTable, SourceStatus
from policies.unwinding import Unwinding
from policies.waivers import Waivers

Rows = list[dict[str, Fact | None]]
Count = Annotated[int, Field(ge=0)]
Particular = Annotated[str, Field(min_length=3, max_length=200, pattern=r"^[^;]+$")]


class OrderRule(Record):
    """A worker may not start before a fact has this value (order that is policy)."""

    worker: str
    fact: str
    equals: Fact


class ReplanRule(Record):
    """What a flag or gap leads to, where a rule suffices: a specialist looks again, or a record is asked for.

    Exactly one of ``send`` and ``ask_for``. After ``at_most`` times the flag or gap stays, for a person.
    """

    code: str  # of a flag or gap
    because: Literal["weak_evidence", "conflict"]
    send: str | None = None  # specialist
    ask_for: str | None = None  # kind of record; it is waited for, and who raised the code looks again
    reason: str
    at_most: Annotated[int, Field(ge=1, le=5)] = 1

    @model_validator(mode="after")
    def _leads_to_one_thing(self) -> ReplanRule:
        if (self.send is None) == (self.ask_for is None):
            raise ValueError(f"the rule on {self.code} needs exactly one of `send` and `ask_for`")
        return self


class ConditionRow(Record):
    """What must be met after countersignature before the effects that wait for it are settled."""

    text: str
    stage: Literal["prior_to_documents", "prior_to_funding"]
    satisfied_by: str  # a kind of record, ``person`` (a ``condition_met`` record) or ``countersignature``


class Applicant(Record):
    """What only the applicant can bring, and what becomes of a case when it does not come in time."""

    brings: tuple[str, ...]  # kinds of record, each with its waiting time in ``waits``
    unanswered: Literal["refer", "close"] = "refer"  # close: as incomplete, 12 CFR 1002.9(c)(2)
    send_within_days: Annotated[int, Field(ge=1, le=365)] = 30  # of the application, 12 CFR 1002.9(c)(1)


class ReconcileRow(Record):
    """Which of several findings of one fact counts: the latest, or none until a person decides."""

    fact: str
    by: Literal["latest", "escalate"]


class FreshKyc(Record):
    """When the bank's own customer file spares KYC work."""

    reviewed_within_days: Count
    screened_within_days: Count


TIER_SECONDS: Mapping[Tier, int] = {"routine": 60, "standard": 120, "advanced": 180}


class MandateRow(Record):
    """Bounds of one specialist; a field left out takes the default row's."""

    tier: Tier = "routine"
    max_model_calls: Count = 8
    max_tokens: Count = 40_000
    max_cost_microusd: Count = 200_000
    max_prompt_tokens: Annotated[int, Field(ge=1_000)] = 16_000
    keep_tool_results: Annotated[int, Field(ge=1)] = 3
    max_tool_calls: Count = 40
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] | None = None  # default: by tier, ``TIER_SECONDS``
    model_timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 60  # a third of the other at most
    tool_timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    deadline_minutes: Annotated[int, Field(ge=1)] = 60


class Boundary(Record):
    """Where a person may be needed: how long they have and who is asked after that."""

    due_hours: Annotated[int, Field(ge=1)]
    escalates_to: str
    groups: tuple[str, ...] = ()  # empty: the authority table names them
    quorum: Annotated[int, Field(ge=1, le=5)] = 1
    attests: str


class ReferralRow(Record):
    """Whose a case is that leaves the automatic path, and for how long before more people are told.

    A case of an urgent risk is told to ``escalates_to`` at once.
    """

    owner: str
    due_hours: Annotated[int, Field(ge=1)]
    escalates_to: str
    urgent_risks: tuple[str, ...] = ("high", "prohibited")


NOBODY_NAMED = ReferralRow(owner="operations", due_hours=24, escalates_to="head_of_operations")


class StandingRow(Record):
    """What runs without a person: boundary, product, amount, risk, daily cap, later review."""

    boundary: str
    product: str
    max_cents: Count
    risks: tuple[str, ...]
    daily_uses: Count
    daily_cents: Count
    sample_bps: Annotated[int, Field(ge=0, le=10_000)]


class Effects(Record):
    """Which effects follow which end of a case."""

    approve: tuple[str, ...] = ()
    decline: tuple[str, ...] = ()
    after_conditions: tuple[str, ...] = ()  # of an approval; they wait until every condition is met


class ReportingAgency(Record):
    """How an adverse action notice names a consumer reporting agency, 15 U.S.C. 1681m(a)(3)(A)."""

    name: Particular
    address: Particular
    telephone: Annotated[str, Field(pattern=r"^1-8(00|33|44|55|66|77|88)-\d{3}-\d{4}$")]  # toll-free
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED

    @property
    def shown(self) -> str:
        """Name, address and toll-free number in one line."""
        return f"{self.name}, {self.address}, {self.telephone}"


class BusinessNotice(Record):
    """Above which revenue a company is told of a decision within a reasonable time, and how many days that is."""

    above_revenue_cents: Count
    days: Annotated[int, Field(ge=1, le=365)]
    source: str
    source_status: SourceStatus = SourceStatus.UNVERIFIED


def price_rows(written: object) -> object:
    """Price rows; a pair of prices, as older books have it, is one row for every model."""
    return [{"id": "P0", **written}] if isinstance(written, Mapping) else written


class Rules(Record):
    """Everything of a book that does not change with the application date."""

    kind: str
    version: str
    title: str
    form: str | None = None  # the application it is made with; default: its own kind
    admits: Admission | None = None  # who may apply; without it everybody
    workers: dict[str, tuple[str, ...]]  # worker -> specialists it may use
    order: tuple[OrderRule, ...] = ()
    fresh_kyc: FreshKyc | None = None
    exceptions: tuple[ExceptionRow, ...] = ()  # of low risk; without them each goes to a person
    by_hand: tuple[HandRow, ...] = ()  # whose work compliance does where it failed
    max_rounds: Annotated[int, Field(ge=1, le=20)] = 6
    waits: dict[str, Annotated[int, Field(ge=1, le=365)]] = Field(default_factory=dict)  # record kind -> days
    replan: tuple[ReplanRule, ...] = ()
    reconcile: tuple[ReconcileRow, ...] = ()  # of others: the latest of one specialist, none of several
    stop_when: Literal["all_facts", "decline_is_final"] = "all_facts"  # all: every principal reason is found
    conditions: dict[str, ConditionRow] = Field(
        default_factory=dict
    )  # by code; without any, rows tell text only
    conditions_within_days: Annotated[int, Field(ge=1, le=365)] = 60  # of countersignature; then to a person
    waivers: Waivers | None = None  # without it no condition is ever waived
    unwinding: Unwinding | None = None  # of other cases; the book of that case kind alone has it
    applicant: Applicant | None = None  # nobody is asked without
    mandates: dict[str, MandateRow]  # by specialist; ``default`` is required
    prices: Annotated[tuple[PriceRow, ...], BeforeValidator(price_rows)] = ()
    case_budget: CaseBudget = CaseBudget()
    judgements: JudgementRules = JudgementRules()
    creditor: str = "the bank"  # as notices name it
    agency: str = ""  # that supervises it, 12 CFR 1002.9(b)(1)
    consumer_reporting_agencies: dict[str, ReportingAgency] = Field(default_factory=dict)  # by code
    business_notice: BusinessNotice | None = None
    reasons: dict[str, str] = Field(default_factory=dict)  # code -> principal reason as the notice states it
    filer: Filer | None = None  # of the loan application register
    boundaries: dict[str, Boundary]
    referrals: dict[ReferralKind | Literal["default"], ReferralRow] = Field(default_factory=dict)
    limits: dict[str, dict[str, int]]  # group -> product (or *) -> cents
    standing: tuple[StandingRow, ...] = ()
    autonomy: Autonomy = Autonomy()
    effects: Effects = Effects()
    unattended_at_most: Unattended = "high"  # rating of an effect that may run without a person
    thresholds: tuple[Threshold, ...] = ()  # of effects, across cases and time
    hours: tuple[Hours, ...] = ()  # of effects; one that no row names is always open
    freezes: tuple[Freeze, ...] = ()
    sequences: tuple[Sequence, ...] = ()  # of effects, across cases and time
    geography: Geography | None = None  # of customers, people and systems; without it nothing is looked at
    tripwires: tuple[Tripwire, ...] = ()  # what the product halts by itself, and when
    rates: tuple[Rate, ...] = ()  # of effects and tool calls, by all runners together
    guardrails: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    retention: tuple[Duty, ...] = ()  # a class of records that no row names is kept for good

    def mandate(self, specialist: str) -> MandateRow:
        """The bounds of one specialist."""
        return self.mandates.get(specialist, self.mandates["default"])

    def referral(self, kind: ReferralKind) -> ReferralRow:
        """Whose a referral of this kind is; in a book that names nobody it is never nobody's."""
        return self.referrals.get(kind) or self.referrals.get("default") or NOBODY_NAMED

    def condition(self, written: str) -> str:
        """A condition of a decision row as people read it; rows of older books hold the text itself."""
        return self.conditions[written].text if written in self.conditions else written

    def limits_for(self, product: str) -> dict[str, int]:
        """Cents that each group may approve of a product."""
        granted = {group: by.get(product, by.get("*")) for group, by in self.limits.items()}
        return {group: cents for group, cents in granted.items() if cents is not None}


@dataclass(frozen=True, slots=True)
class InForce:
    """A book as it stands for one application date."""

    version: str  # home_loan@2026.1:9f86d081884c
    rules: Rules
    decision: DecisionTable
    authority: DecisionTable
    parameters: Mapping[str, Fact | Rows]

    def declines_already(self, facts: Mapping[str, Fact]) -> bool:
        """Whether the decision is a decline whatever else is found, and the book stops there."""
        stops = self.rules.stop_when == "decline_is_final"
        return stops and settled(self.decision, facts) is Outcome.DECLINE


@dataclass(frozen=True, slots=True)
class Book:
    """All versions of one book; sections carry their own effective dates."""

    version: str
    rules: Rules
    tables: Mapping[str, tuple[tuple[Section, DecisionTable], ...]]
    parameters: tuple[Section, ...]
    source: str  # the YAML text that it was read from

    def on(self, day: date) -> InForce:
        """What is in force on the application date; ``InvalidPolicy`` when nothing is."""
        return InForce(
            version=self.version,
            rules=self.rules,
            decision=self.table("decision", day),
            authority=self.table("authority", day),
            parameters=_values(in_force(self.parameters, day)),
        )

    def table(self, name: str, day: date) -> DecisionTable:
        """One table in force on a day."""
        versions = self.tables.get(name)
        if versions is None:
            raise InvalidPolicy(f"{self.version} has no table {name}; it has {', '.join(self.tables)}")
        section = in_force([each for each, _ in versions], day)
        return next(table for each, table in versions if each is section)


def _values(section: Section) -> Mapping[str, Any]:
    values = section.content.get("values")
    if not isinstance(values, Mapping):
        raise InvalidPolicy("parameters: a section needs `values`")
    return values
