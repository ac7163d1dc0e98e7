"""Events of policy itself: what was proposed, what came into force."""

from __future__ import annotations

from audit.events import Event


class PolicyProposed(Event):
    """Somebody asks that a version of a book comes into force, on the report of its simulation."""

    vouches = "proposal"
    book: str
    action: str  # publish or rollback
    version: str
    source_sha256: str
    replaces: str
    report_digest: str
    not_primary: str  # digest of the rows whose source is not primary; who proposes acknowledged them
    reason: str


class PolicyPublished(Event):
    """A version of a book is in force: new cases are pinned to it, cases in flight keep theirs."""

    vouches = "book/{version}"
    book: str
    version: str
    replaces: str
    case_id: str
    report_digest: str


class ShadowStarted(Event):
    """A candidate runs beside the live book on new cases, without influence."""

    vouches = "shadow/{shadow}"
    book: str
    version: str
    shadow: str
    reason: str


class ShadowCompared(Event):
    """What a shadow would have decided of new decisions was kept; each stands as its stamp says."""

    shadow: str
    decisions: int


class ShadowEnded(Event):
    """It runs no more; what it would have decided is kept."""

    vouches = "shadow/{shadow}"
    shadow: str


class BookKept(Event):
    """A book that came with the software was kept, so that cases can be pinned to it."""

    vouches = "book/{version}"
    book: str
    version: str
