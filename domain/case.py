"""A case: one piece of governed work."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from domain.identity import Record


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # a runner has or will have it
    WAITING_PERSON = "waiting_person"  # an approval is pending
    WAITING_EVENT = "waiting_event"  # something from outside is missing
    CLOSED = "closed"  # outcome reached, effects settled
    REFERRED = "referred"  # it left the automatic path; a person works it outside


ENDED = (CaseStatus.CLOSED, CaseStatus.REFERRED)


class Case(Record):
    """What is known of a case outside its graph; one row of ``countersign.cases``."""

    id: str
    kind: str
    status: CaseStatus
    policy_version: str  # book@version:digest, pinned at intake
    workflow: str = ""  # graph@version, pinned at intake; empty: the first there was
    application_date: date  # decides which policy rows are in force
    opened_at: datetime  # ``as_of`` of everything the case does
    maker: str  # who submitted it; may not check it
    maker_country: str | None = None  # from where
    amount_cents: int = 0  # what is at stake, for authority and limits
    product: str = "*"
    content_digest: str  # of the tokenised application
    simulation: bool = False  # a what-if copy: effects impossible
    parent: str | None = None  # the case a fork reads through to
    outcome: str | None = None
