"""The hash chain of one stream: how a link is made, and how a whole chain is verified.

Link: SHA-256 over the RFC 8785 form of the entry without its own hash; ``prev`` of the first
entry is 64 zeros. Sequence numbers start at 1 and have no holes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from domain.canonical import digest

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the ledger holds it."""

    stream: str
    seq: int
    key: str
    kind: str
    schema_version: int
    at: str  # ISO 8601, UTC
    actor: str
    body: dict[str, Any]
    prev: str
    hash: str = ""

    def sealed(self) -> Entry:
        """The same entry with its hash."""
        return replace(self, hash=digest(self.unsealed()))

    def unsealed(self) -> dict[str, Any]:
        """What the hash is over."""
        return {name: getattr(self, name) for name in HASHED}


HASHED = tuple(each.name for each in fields(Entry) if each.name != "hash")


@dataclass(frozen=True, slots=True)
class Verification:
    """The result: how many events, whether all is well, else the first bad event and why."""

    events: int
    verified: bool
    first_bad: int | None = None
    reason: str = ""


def verify(entries: Iterable[Entry], head: tuple[int, str] | None = None) -> Verification:
    """Recompute every link in order; ``head`` (seq, hash), kept apart, catches a cut-off tail."""
    count, prev = 0, GENESIS
    for entry in entries:
        problem = _problem(entry, count + 1, prev)
        if problem:
            return Verification(count, False, entry.seq, problem)
        count, prev = count + 1, entry.hash
    if head is not None and head != (count, prev):
        return Verification(
            count, False, count + 1, f"the head says {head[0]} events, the chain ends at {count}"
        )
    return Verification(count, True)


def _problem(entry: Entry, expected_seq: int, prev: str) -> str:
    if entry.seq != expected_seq:
        return f"event {expected_seq} is missing or out of order"
    if entry.prev != prev:
        return "it does not follow the event before it"
    if entry.hash != digest(entry.unsealed()):
        return "its content was changed"
    return ""
