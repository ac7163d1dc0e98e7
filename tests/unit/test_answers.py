"""What an answer does to a request: worst wins, and agreement is agreement on one thing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checkpoints.answers import status_after
from domain.approval import ApprovalDecision, ApprovalStatus
from domain.decision import Verb
from domain.errors import Conflict

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def said(verb: Verb, person: str = "underwriter-1") -> ApprovalDecision:
    return ApprovalDecision(
        approval_id="case-1.offer.1", person=person, verb=verb, reason="read", digest="d", at=AT
    )


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        (Verb.REJECT, ApprovalStatus.REJECTED),
        (Verb.RETURN, ApprovalStatus.RETURNED),
        (Verb.EDIT, ApprovalStatus.EDITED),
        (Verb.APPROVE, ApprovalStatus.PENDING),
    ],
)
def test_one_answer_settles_unless_it_agrees_and_more_must(verb: Verb, status: ApprovalStatus) -> None:
    assert status_after(said(verb), [said(verb)], quorum=2) is status


def test_two_people_who_agree_reach_a_quorum_of_two() -> None:
    both = [said(Verb.APPROVE), said(Verb.APPROVE, "underwriter-2")]
    assert status_after(both[1], both, quorum=2) is ApprovalStatus.APPROVED


def test_an_override_and_an_approval_do_not_add_up() -> None:
    both = [said(Verb.APPROVE), said(Verb.OVERRIDE, "senior-1")]
    with pytest.raises(Conflict):
        status_after(both[1], both, quorum=2)
