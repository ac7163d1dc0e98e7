"""What a credit memo is written from: the case, its findings, and the answers of tools as they were journaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.approval import ApprovalRequest
from domain.case import Case
from domain.decision import Decision
from domain.document import Text
from domain.finding import Finding
from tools.credit_assessment import Assessment
from tools.credit_rating import CovenantSheet, CreditRating
from tools.credit_ratios import RatioSheet, StressSheet
from tools.statements import Statements


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of the credit tools, and the journal entry of each by tool."""

    statements: Statements
    ratios: RatioSheet
    stress: StressSheet
    rating: CreditRating
    covenants: CovenantSheet
    assessment: Assessment
    entries: Mapping[str, str]

    @classmethod
    def of(cls, results: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Answers:
        """From tool name → (entry, result); a tool that was not called has told nothing."""
        told = {name: result for name, (_, result) in results.items()}
        return cls(
            statements=Statements.model_validate(told.get("spread_statements", {"found": False})),
            ratios=RatioSheet.model_validate(told.get("credit_ratios", {"found": False})),
            stress=StressSheet.model_validate(told.get("credit_stress", {"found": False})),
            rating=CreditRating.model_validate(told.get("rate_credit", {"rated": False})),
            covenants=CovenantSheet.model_validate(told.get("propose_covenants", {"proposed": False})),
            assessment=Assessment.model_validate(told.get("assess_credit", {"assessed": False})),
            entries={name: entry for name, (entry, _) in results.items()},
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """What one person decided."""

    person: str
    verb: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class MemoEvidence:
    """Everything that one memo is written from; identity stands as vault tokens in it."""

    case: Case
    title: str  # of the book
    application: Mapping[str, Any]
    findings: Mapping[str, Finding]
    decision: Decision | None
    policy_rows: tuple[str, ...]
    requests: tuple[ApprovalRequest, ...]
    signatures: tuple[Signature, ...]
    answers: Answers
    journal: Mapping[str, str] = field(default_factory=dict)  # entry → tool, of every source that is named

    def entry(self, tool: str) -> str | None:
        """The anchor of the journal entry of one tool's answer."""
        found = self.answers.entries.get(tool)
        return None if found is None else anchor(found)


def anchor(name: str) -> str:
    """A name as an anchor: letters, digits and hyphens."""
    return "s-" + "".join(c if c.isalnum() else "-" for c in name.lower())


def linked(text: str, to: str | None) -> Text:
    """A text that links, when there is something to link to."""
    return Text(text, to)
