"""What a person may look at from the chat: the cases in their reach, read only, as tools see them.

The scope is built by the graph for whoever asked and handed to tools in their context. No argument of a
tool can widen it: a case outside it does not exist.
"""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from domain.finding import Fact
from domain.identity import Record

LETTERS = str.maketrans("0123456789", "ghijklmnop")  # a reference never looks like a number

SECRET = re.compile(
    r"\bsars?\b|sar_|suspicious|activity|currency.?report|cash_transaction|filing_(prep|review|due)",
    re.IGNORECASE,
)


def open_to_see(text: str) -> bool:
    """Whether a name or sentence may enter a chat: what may lead to a filing is for compliance alone.

    Source: 31 U.S.C. 5318(g)(2). By words, so that what is prepared tomorrow under such a name stays out too.
    """
    return SECRET.search(text) is None


def reference(case_id: str) -> str:
    """How tools are told which case: ``case:`` and eight letters that follow from its id."""
    return "case:" + sha256(case_id.encode()).hexdigest()[:8].translate(LETTERS)


class CaseFigure(Record):
    """A fact of a case with the journal entry that it came from."""

    name: str
    value: Fact
    unit: str
    source: str


class CaseRow(Record):
    """A row of the case's decision table that answered."""

    row: str
    outcome: str
    says: str  # its reason or condition, in the book's words
    source: str  # its citation, with how well that was checked


class CaseApproval(Record):
    """A pending approval request of a case."""

    approval: str
    case: str
    boundary: str
    groups: tuple[str, ...]
    quorum: int
    opened_at: datetime
    due_at: datetime
    own: bool  # made by whoever asks: they may not decide it


class CaseView(Record):
    """A case as the person may see it: no identity, tokens at most."""

    case: str
    kind: str
    product: str
    status: str
    outcome: str | None
    policy_version: str
    opened_on: str
    simulation: bool
    terms: dict[str, int]  # what was asked for: amounts in cents, by the application's own names
    figures: tuple[CaseFigure, ...]
    gaps: tuple[str, ...]  # what is not known
    awaits: tuple[str, ...]  # kinds of record
    decided: str | None  # what policy concluded: approve, refer, decline, hold
    rows: tuple[CaseRow, ...] = ()
    reasons: tuple[str, ...] = ()  # principal reasons
    conditions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # facts that the table lacked
    approvals: tuple[CaseApproval, ...] = ()
    months: int | None = None  # of the product, from the case's own rate sheet


class CaseScope(Protocol):
    """Cases in the reach of one person."""

    async def case(self, reference: str) -> CaseView | None:
        """One case; nothing when there is none or it is not theirs."""
        ...

    async def approvals(self) -> tuple[CaseApproval, ...]:
        """What waits for this person's groups, oldest first."""
        ...

    async def of_customer(self, value: str) -> tuple[CaseView, ...]:
        """Cases in reach that hold exactly this name or number."""
        ...
