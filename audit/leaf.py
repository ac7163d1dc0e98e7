"""What is anchored: one leaf says how long a stream was at a moment and where its chain ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from audit.merkle import leaf_hash
from domain.canonical import canonical


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of the tree."""

    position: int  # from 0
    stream: str
    seq: int  # events of the stream
    head: str  # hash of the last of them
    at: str  # when it was anchored, ISO 8601, UTC

    @property
    def content(self) -> bytes:
        """What is hashed: RFC 8785 form of all but the position, which the tree itself proves."""
        return canonical({"at": self.at, "head": self.head, "seq": self.seq, "stream": self.stream})

    @property
    def hash(self) -> bytes:
        """Its hash in the tree."""
        return leaf_hash(self.content)
