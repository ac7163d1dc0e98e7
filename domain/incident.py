"""An incident: something failed that is no case of its own; whose it is now, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.identity import Record

IncidentKind = Literal[
    "golden_set_failed",  # a model missed its golden set, or answered inconsistently
    "golden_set_unanswered",  # it could not be asked
    "sweep_failed",  # a part of a runner's sweep, or one row of it
    "halted_by_itself",  # a tripwire, or a record that was changed: it stands still until a person says otherwise
    "case_lost",  # it had no job, no timer and no request: nothing would ever have moved it
    "job_given_up",  # a job that is no case's to be told of: the watch over models, a case that has ended
]


class Incident(Record):
    """One entry of the queue.

    Args:
        subject: what failed: a specialist with its model, a part of the sweep, a job.
        what: what is known of it, without identity.
        owners: groups that may settle it; ``escalates_to`` joins them when it is overdue.
        times: how often it happened since it was opened, the last time at ``seen_at``.
    """

    id: str
    kind: IncidentKind
    subject: str
    what: str
    owners: tuple[str, ...]
    escalates_to: str
    opened_at: datetime
    due_at: datetime
    seen_at: datetime
    times: int = 1
