"""Events of the record itself: what vouches for other stores, who took it away, where it was found changed."""

from __future__ import annotations

from audit.events import Event


class RowsStamped(Event):
    """A runner stopped; what it did in other stores stands as these stamps say."""


class RecordRead(Event):
    """Somebody was shown something; which route, and what was asked for."""

    action: str
    target: str


class RecordExported(Event):
    """Somebody took the record of a case away as an archive."""

    case: str
    events: int
    sha256: str


class RecordFoundChanged(Event):
    """What a case has in some store is not as its record says; the case stands still until a person looked."""

    case: str
    flaws: tuple[str, ...]
