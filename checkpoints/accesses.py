"""Who read what, and what guardrails said of it: one chain for each reader, written before the answer leaves.

A stream of its own per person: readers wait for nobody. The same read again within a minute adds nothing.
"""

from __future__ import annotations

from audit.record import RecordRead
from checkpoints.ledger import Ledger
from domain.clock import Clock
from domain.person import Person

STREAM = "access/"  # and the person's id
LONGEST = 500  # characters of what was asked for


def stream_of(person: Person) -> str:
    """The reader's own stream."""
    return f"{STREAM}{person.id}"


async def note(ledger: Ledger, clock: Clock, person: Person, action: str, target: str) -> None:
    """Put one read on record; what cannot be recorded is not shown."""
    minute = clock.now().isoformat(timespec="minutes")
    event = RecordRead(action=action, target=target[:LONGEST])
    await ledger.record(stream_of(person), f"{event.target}/{minute}", event, person.id)
