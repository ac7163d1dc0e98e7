"""A referral: a case that left the automatic path, whose it is now, until when, and how a person settles it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.identity import Record

ReferralKind = Literal[
    "open_question", "failed_step", "effect_not_confirmed", "conditions_unmet", "cannot_be_undone", "stuck"
]
Settlement = Literal["decided_elsewhere", "new_case", "withdrawn", "nothing_to_do"]


class Referral(Record):
    """One entry of the queue.

    Args:
        missing: what the case needs, in words and without identity.
        owners: groups that may settle it; ``escalates_to`` joins them when it is overdue or urgent.
    """

    case_id: str
    kind: ReferralKind
    missing: tuple[str, ...]
    owners: tuple[str, ...]
    escalates_to: str
    opened_at: datetime
    due_at: datetime
