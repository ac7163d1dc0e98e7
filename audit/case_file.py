"""What a dossier is written from: everything about one case that its reader may see. Reads nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.chain import Entry, Verification
from domain.approval import ApprovalDecision, ApprovalRequest
from domain.case import Case


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything that a dossier is made of.

    Args:
        case: the case itself.
        title: of its book.
        entries: its ledger, in order.
        requests: what people were asked, oldest first; only those the reader may see.
        decisions: what they said, oldest first.
        effects: rows of the outbox (``effect``, ``status``, ``receipt``, ``authority``).
        notices: rows of notices (``notice``, ``due_on``).
        verification: of the ledger's chain.
        rows: of the pinned book's tables, by id, in words.
        passed_over: approval id → rows of the authority table that did not answer, each with why.
    """

    case: Case
    title: str
    entries: Sequence[Entry]
    requests: Sequence[ApprovalRequest]
    decisions: Sequence[ApprovalDecision]
    effects: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]
    verification: Verification
    rows: Mapping[str, str] = field(default_factory=dict)
    passed_over: Mapping[str, Sequence[str]] = field(default_factory=dict)
