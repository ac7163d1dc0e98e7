"""Stamps: how the ledger vouches for what stands in other stores. Pure.

A row of another store (journal, approvals, effects, checkpoints, records) is written as one line of JSON; its
stamp is the SHA-256 of the line. Events carry stamps, so the chain holds them; the newest of a row counts. Rows
hold what is encrypted as the digest of its ciphertext: a destroyed key changes no stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from audit.chain import Entry

CHANGING = (
    "writes/",
    "effect/",
    "condition/",
    "information/",
    "answered/",
)  # rows that may change while somebody is at work on the case
TOLD = ("turn/",)  # rows that only ever come with an event of their own, whoever is at work


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it was put on record.

    Args:
        where: the event, row, leaf or note.
        reason: what is wrong with it.
        event: number of the event that is wrong, or that says how it was.
    """

    where: str
    reason: str
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a row stood, and which event says so."""

    digest: str
    event: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows against their stamps: what is wrong, and what has no stamp yet because somebody is at work."""

    flaws: tuple[Flaw, ...]
    open: tuple[str, ...]


def stamp_of(line: str) -> str:
    """SHA-256 of the line as it stands, in UTF-8."""
    return sha256(line.encode()).hexdigest()


def newest(entries: Iterable[Entry]) -> dict[str, Stamp]:
    """The stamp that counts for each row."""
    return {
        key: Stamp(digest, entry.seq)
        for entry in entries
        for key, digest in entry.body.get("stamps", {}).items()
    }


def compare(stamps: Mapping[str, Stamp], lines: Mapping[str, str], *, at_rest: bool) -> Compared:
    """Every row against its stamp, and every stamp against its row; rows without a stamp only while at work."""
    flaws = [
        Flaw(key, f"it is gone; event {stamp.event} says that it stood here", stamp.event)
        for key, stamp in stamps.items()
        if key not in lines
    ]
    waiting = []
    for key, line in lines.items():
        stamp = stamps.get(key)
        if stamp is not None and stamp.digest == stamp_of(line):
            continue
        if not at_rest and (key.startswith(CHANGING) if stamp else not key.startswith(TOLD)):
            waiting.append(key)
        elif stamp is None:
            flaws.append(Flaw(key, "no event says how it came here"))
        else:
            flaws.append(Flaw(key, f"it is not as event {stamp.event} says it stood", stamp.event))
    return Compared(tuple(flaws), tuple(waiting))
