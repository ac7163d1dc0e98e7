"""State of a supervised case: references, facts and findings as plain JSON; never identity, never messages."""

from __future__ import annotations

from typing import Annotated, Any

from typing_extensions import TypedDict

from domain.finding import Fact
from graphs.worker import HandOff, merged

WHAT_IF = "what-if"  # source of a fact that a copy supposes; no finding replaces it


class KnownFact(TypedDict):
    """A fact with where it comes from."""

    value: Fact
    unit: str
    source: str  # journal entry, ``application``, ``customer_file``, an approval id or ``WHAT_IF``


class Returned(TypedDict):
    """What a worker handed back in one round, by specialist."""

    assignment: dict[str, Any]
    findings: dict[str, HandOff]


class KnownParty(TypedDict):
    """Somebody beyond the application whom evidence names."""

    reference: str
    role: str
    reason: str
    source: str  # journal entry
    found_by: str  # specialist
    round: int  # in which it was found


class KeptText(TypedDict):
    """A text of the case that agents did not get."""

    token: str  # of the original in the vault
    place: str
    rule: str
    by: str  # guardrail and version


class Outlived(HandOff):
    """A finding that does not count any more: a later one took its place, or what it rests on moved."""

    cause: dict[str, str]  # Cause
    round: int  # after which it did not count


class CaseInput(TypedDict):
    """Graph input: the case and nothing else; its content is in the vault and in ``countersign.cases``."""

    case_id: str


class CaseState(CaseInput, total=False):
    """Everything a supervised case knows."""

    round: int  # of the plan being carried out, from 1
    plan: dict[str, Any]  # Plan
    assignments: list[dict[str, Any]]  # of this round, authorised
    returned: Annotated[dict[str, Returned], merged]  # by assignment id
    plans: list[list[str]]  # workers of each round, for people
    facts: dict[str, KnownFact]
    hours: dict[str, str]  # of a what-if copy: when the original did each round
    supposed: dict[str, Any]  # of one: {attempt, model, decisions by boundary}
    findings: dict[str, HandOff]  # newest per specialist
    superseded: list[Outlived]  # earlier ones, oldest first; shown, never counted
    parties: list[KnownParty]  # beyond the application's, in the order in which they were found
    reopened: dict[str, dict[str, str]]  # fact that is not known any more -> Cause
    rules_used: dict[str, int]  # replan rule -> how often
    tried: dict[
        str, dict[str, int]
    ]  # specialist -> records of each kind that had arrived when it last worked
    waited: list[str]  # kinds of record whose waiting time is over
    awaiting: list[str]  # kinds of record that are waited for now
    looked: dict[str, int]  # records of each kind that had come when the case last looked: later ones wake it
    overtaken: list[str]  # kinds of record that came while people decided on the evidence without them
    reviewed: str | None  # what compliance said: cleared or confirmed
    released: list[str]  # held flags that compliance dealt with, by ``release_of``
    by_hand: list[str]  # specialists whose work failed and that compliance is asked to do
    replanned: bool  # the planning model had its say about conflicts
    planned_by: HandOff  # whose proposal was carried out: models and prompt; what follows rests on them too
    refused_plan: list[str]  # why its proposal was refused, told to it once
    quarantined: list[KeptText]  # as of the decision
    decision: dict[str, Any]  # Decision
    risk: str
    pending: dict[str, Any]  # interrupt payload
    said: Any  # resume value; a wake-up, never the truth (used by the sandbox only)
    edited_by: str  # who changed the action last; the maker of what is asked next
    approvals: list[dict[str, Any]]  # {id, boundary, status, verb}
    standing: str | None  # use of standing authority
    autonomy: dict[str, str]  # specialist -> level, of those whose findings count and who may less than act
    authorised: list[dict[str, Any]]  # actions to settle
    unmet: list[str]  # codes of conditions of the approval that are not met yet
    effects: list[dict[str, Any]]  # {kind, status, receipt, read_back}
    held: dict[str, Any]  # the authorised effect that a guardrail holds: {effect, order, reason, measures}
    shut: dict[str, Any]  # the one that may not happen yet: {effect, order, reason, measures, until}
    releases: dict[str, str]  # key of an order -> approvals that let it go, with blanks between
    lasting: bool  # effects of the case that this one unwinds stand and are left to a person
    missing: list[str]  # what a referral needs
    outcome: str | None
