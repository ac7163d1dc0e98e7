"""Tripwires: how often something may go wrong in a stretch of time before the product halts it by itself.

Owns the rows. Counts and halts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record

OfEffects = Literal["effect_refused", "effect_held", "effect_left_unknown", "effect_confirmed"]
AUTOMATIC = "countersign"  # who halted it: the product; so any person with the authority may resume it


class Tripwire(Record):
    """At most so many events of one kind about one effect or tool, in cases of the book's kind."""

    id: str
    event: OfEffects | Literal["call_refused"]
    of: Annotated[tuple[str, ...], Field(min_length=1)]  # effects; tools for ``call_refused``; each by itself
    within_minutes: Annotated[int, Field(ge=1, le=10_080)]  # back from now
    at_most: Annotated[int, Field(ge=0)]  # events; one more halts
    halts: Literal["it", "kind", "everything"]  # it: the effect or tool; kind: cases of the book's kind
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"

    def target(self, kind: str, name: str) -> str:
        """What is halted, in the words of the kill switch."""
        what = "tool" if self.event == "call_refused" else "effect"
        return {"it": f"{what}:{name}", "kind": f"kind:{kind}", "everything": "everything"}[self.halts]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one row came to for one effect or tool."""

    row: Tripwire
    name: str
    events: int

    @property
    def beyond(self) -> bool:
        """Whether that is more than the row allows."""
        return self.events > self.row.at_most
