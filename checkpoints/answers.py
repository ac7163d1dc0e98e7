"""What a person may say to a request, and what an answer must be before the desk writes it down. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.application import MOST_CENTS
from domain.approval import ApprovalDecision, ApprovalRequest, ApprovalStatus
from domain.decision import Verb
from domain.errors import BadInput, Conflict
from domain.person import Person


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says to a request; ``digest`` is the one they were shown."""

    verb: Verb
    reason: str
    digest: str
    reason_code: str | None = None
    edits: Mapping[str, int] = field(default_factory=dict)  # of an edit: argument -> new whole number


def require_complete(answer: Answer) -> None:
    """Refuse an answer without a reason, or an override without its code."""
    require_reason(answer.reason)
    if answer.verb is Verb.OVERRIDE and not answer.reason_code:
        raise BadInput(
            "an override needs a reason code", field="reason_code", remedy="name the code of the exception"
        )


def require_reason(reason: str) -> None:
    """Refuse a reason without a letter or digit in it."""
    if not any(sign.isalnum() for sign in reason):
        raise BadInput("a decision needs a reason", field="reason", remedy="say why, in a sentence")


def require_editable(request: ApprovalRequest, answer: Answer) -> None:
    """Refuse an edit of what may not be edited, and changed arguments without an edit."""
    if (answer.verb is Verb.EDIT) != bool(answer.edits):
        raise BadInput("an edit, and only an edit, changes arguments", field="edits", remedy=_choice(request))
    for name, value in answer.edits.items():
        if name not in request.editable:
            raise BadInput(f"{name} cannot be edited here", field=f"edits.{name}", remedy=_choice(request))
        if not 0 < value <= MOST_CENTS:
            remedy = f"give whole cents from 1 to {MOST_CENTS}"
            raise BadInput("an impossible amount", field=f"edits.{name}", remedy=remedy)


def _choice(request: ApprovalRequest) -> str:
    return f"change one of: {', '.join(request.editable) or 'nothing (return it for information instead)'}"


def require_open(request: ApprovalRequest, person: Person, answer: Answer) -> None:
    """Refuse when it is settled, held by somebody else, or not what was shown."""
    if request.status is not ApprovalStatus.PENDING:
        raise Conflict(f"{request.id} was {request.status} already", approval=request.id)
    if request.claimed_by not in (None, person.id):
        raise Conflict(f"{request.id} is {holder(request)}", approval=request.id)
    if answer.digest != request.digest or request.binding != request.digest:
        raise Conflict(
            "action, evidence or policy changed since you looked",
            remedy="read the request again, then decide",
        )


def holder(request: ApprovalRequest) -> str:
    """Who or what keeps a request from being taken."""
    return f"held by {request.claimed_by}" if request.claimed_by else f"{request.status} already"


def status_after(decision: ApprovalDecision, so_far: list[ApprovalDecision], quorum: int) -> ApprovalStatus:
    """Worst wins: one rejection settles; approvals and overrides must agree and reach the quorum."""
    match decision.verb:
        case Verb.REJECT:
            return ApprovalStatus.REJECTED
        case Verb.RETURN:
            return ApprovalStatus.RETURNED
        case Verb.EDIT:
            return ApprovalStatus.EDITED
        case Verb.APPROVE | Verb.OVERRIDE:
            verbs = {each.verb for each in so_far}
            if len(verbs) > 1:
                raise Conflict("an override and an approval do not add up; reject it, or agree on one")
            return ApprovalStatus.APPROVED if len(so_far) >= quorum else ApprovalStatus.PENDING
