"""Every kind of event that the ledger holds: one frozen class each, named in the past tense.

An event's ``kind`` is its class name in snake case. Bodies hold references and digests, never a
value from the vault. To add one, write its class here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from pydantic import Field

from domain.finding import Fact
from domain.guard import Guardrail, Verdict
from domain.identity import Record


def _empty(value: object) -> bool:
    return not value


class Event(Record):
    """Base of all events; ``schema_version`` rises when a field changes its meaning."""

    schema_version: ClassVar[int] = 1
    vouches: ClassVar[str] = ""  # for which row of another store, by fields and ``key``; the ledger stamps it

    stamps: dict[str, str] = Field(
        default_factory=dict, exclude_if=_empty
    )  # rows of other stores as they stood afterwards (``audit.stamps``); by the ledger, or with an event of many rows

    @classmethod
    @cache
    def kind(cls) -> str:
        """``PlanAuthorised`` → ``plan_authorised``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class CaseOpened(Event):
    """An application became a case; the workflow that it is pinned to came with version 2."""

    schema_version: ClassVar[int] = 2

    case_kind: str
    policy_version: str
    application_date: str
    content_digest: str
    parent: str | None = None
    workflow: str = ""


class RecordReceived(Event):
    """A source record arrived."""

    vouches = "record/{event_id}"
    record_kind: str
    record_digest: str
    event_id: str


class GuardrailRuled(Event):
    """A guardrail looked at something."""

    guardrail: str
    version: str
    stage: str
    ruling: str
    rule: str

    @classmethod
    def of(cls, guardrail: Guardrail, verdict: Verdict) -> GuardrailRuled:
        """What one guardrail said, with its version and rule."""
        return cls(
            guardrail=guardrail.name,
            version=guardrail.version,
            stage=guardrail.stage,
            ruling=verdict.ruling,
            rule=verdict.rule,
        )


class TextQuarantined(Event):
    """A text that tries to steer the work is kept from agents; the original lies in the vault under this token."""

    vouches = "quarantine/{token}"
    token: str
    rule: str


class PlanProposed(Event):
    """A round of work was proposed."""

    round: int
    proposed_by: str
    steps: tuple[dict[str, Fact | tuple[str, ...]], ...]


class PlanRefused(Event):
    """A proposed plan broke the book; what was wrong with it."""

    round: int
    violations: tuple[str, ...]


class PlanAuthorised(Event):
    """A round of work was checked against the book and may run."""

    round: int
    workers: tuple[str, ...]
    covers: tuple[str, ...]


class AssignmentOpened(Event):
    """A worker was handed an assignment under a mandate."""

    worker: str
    specialists: tuple[str, ...]
    mandate_digest: str
    deadline: str


class ModelCalled(Event):
    """The model gateway answered a call (fresh or from the journal: the body is the same)."""

    model: str
    prompt_id: str
    prompt_digest: str
    entry: str
    tokens: int  # in and out together
    cost_microusd: int
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False  # the endpoint did not count: about four characters a token
    price_row: str = ""  # of the book, that the cost was worked out with
    tier: str = ""
    passed_over: tuple[str, ...] = ()  # models that were asked first and failed; each has its refusal
    trimmed: int = 0  # old tool results that were sent as pointers


class ToolCalled(Event):
    """The tool gateway answered a call."""

    tool: str
    entry: str
    result_digest: str
    lists: tuple[str, ...] = ()  # versions of the reference lists that it read, sorted


class CallRefused(Event):
    """A gateway said no."""

    gateway: str
    control: str
    target: str
    reason: str


class AnswerSentBack(Event):
    """A model's answer failed checks or its review; the reasons went back to it (or, the last time, nowhere)."""

    specialist: str
    attempt: int
    checks: tuple[str, ...]  # tools, evidence, quotes, figures, judgements, table, length, schema, judge
    reasons: int  # how many; their words are in the journal


class JudgementReviewed(Event):
    """The independent judge looked at a judgement."""

    specialist: str
    code: str
    attempt: int
    verdict: str  # upheld, overturned, or unreviewed when the judge gave no answer
    source: str  # journal entry of what the judgement quotes
    reasons_digest: str


class SpecialistFellBack(Event):
    """The model failed or was refused; the playbook did the work."""

    specialist: str
    reason: str


class FindingReturned(Event):
    """A specialist handed over its finding with a receipt; what drift is measured on came with version 2."""

    schema_version: ClassVar[int] = 2

    specialist: str
    finding_digest: str
    produced_by: str
    degraded: bool
    gaps: tuple[str, ...]
    holds: tuple[str, ...]
    models: tuple[str, ...] = ()  # that answered under the specialist's prompt, used or not
    prompt_digest: str = ""
    confidence_bps: int = 10_000
    answers: tuple[str, ...] = ()  # <judgement>=<answer>; of a finding for compliance alone none
    autonomy: str = "act"  # level at which it worked


class HandOffRejected(Event):
    """A finding came without a valid receipt and was not used."""

    specialist: str
    reason: str


class DecisionReached(Event):
    """Policy concluded."""

    outcome: str
    rows_hit: tuple[str, ...]
    principal_reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    facts_digest: str
    policy_version: str
    account: str = (
        ""  # one paragraph that names the evidence; figures by name and journal entry, not by value
    )


class StandingAuthorityUsed(Event):
    """An action may run without a person because the book grants it."""

    boundary: str
    digest: str
    amount_cents: int
    sampled_for_review: bool
    autonomy: str = "act"  # the lowest level of those whose findings it rests on


class ApprovalOpened(Event):
    """A person is asked."""

    vouches = "approval/{approval_id}"
    approval_id: str
    boundary: str
    digest: str
    candidate_groups: tuple[str, ...]
    quorum: int
    due_at: str
    row: str = ""  # of the authority table; empty where the boundary itself names who decides
    known: dict[str, bool | int | str] = Field(default_factory=dict)  # inputs of that table as they stood


class ApprovalClaimed(Event):
    """Somebody took a request."""

    vouches = "approval/{approval_id}"
    approval_id: str


class ApprovalReleased(Event):
    """Somebody gave a request back."""

    vouches = "approval/{approval_id}"
    approval_id: str


class ApprovalDecided(Event):
    """Somebody decided."""

    vouches = "approval/{approval_id}"
    approval_id: str
    verb: str
    reason: str
    reason_code: str | None
    edits: dict[str, int]
    digest: str
    settles: str  # the status of the request afterwards


class ApprovalWithdrawn(Event):
    """What was asked needs no answer any more; nothing follows from it."""

    vouches = "approval/{approval_id}"
    approval_id: str
    reason: str


class ApprovalEscalated(Event):
    """A request was not decided in time; more people may decide it now."""

    vouches = "approval/{approval_id}"
    approval_id: str
    to_group: str


class AttemptRefused(Event):
    """Somebody tried what they may not do."""

    action: str
    target: str
    reason: str


class EventAwaited(Event):
    """The case waits for something from outside."""

    needs: tuple[str, ...]
    until: str


class EffectIntended(Event):
    """An effect was authorised and written down before anything was sent."""

    effect: str
    step: str
    action_digest: str
    authority: str


class EffectConfirmed(Event):
    """An effect happened and was read back."""

    effect: str
    step: str
    action_digest: str
    receipt: str
    read_back_digest: str


class EffectRefused(Event):
    """The outbox or the other system refused an effect."""

    effect: str
    step: str
    reason: str


class EffectLeftUnknown(Event):
    """It is not known whether an effect happened: a person finds out, it is never sent again."""

    effect: str
    step: str
    reason: str


class CaseClosed(Event):
    """The case reached its end."""

    outcome: str


class RegisterWritten(Event):
    """Somebody took the loan application register of a year away, with addresses and ages."""

    year: int
    rows: int
    sha256: str


class QuestionAsked(Event):
    """Somebody said something in a chat thread; only its digest is kept here."""

    vouches = "turn/{turn}"
    turn: int
    question_digest: str


class QuestionAnswered(Event):
    """An answer was released."""

    turn: int
    answer_digest: str
    produced_by: str
    degraded: bool
    tools: tuple[str, ...]
    citations: tuple[str, ...]
    rows_hit: tuple[str, ...]


class QuestionRefused(Event):
    """Policy did not let a question be answered, or its answer be shown."""

    turn: int
    reason: str
    rows_hit: tuple[str, ...]


class LeadOffered(Event):
    """Somebody asked to have something done; the governed way was offered or opened instead."""

    turn: int
    lead: str
    what: str
    case: str | None


class MatchesCleared(Event):
    """Compliance cleared potential matches as false positives; later cases remember it for the same persons."""

    approval_id: str
    list_name: str
    entries: tuple[str, ...]  # entry number @ beginning of its version's digest
