"""How much autonomy a workflow gives its specialists, as its book says it; monitors and people only go below that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from domain.autonomy import Level
from domain.identity import Record
from policies.table import SourceStatus

Share = Annotated[int, Field(ge=0, le=10_000)]  # basis points


class Autonomy(Record):
    """Levels by specialist, and what a level comes to in this workflow."""

    default: Level = Level.ACT
    specialists: Mapping[str, Level] = Field(default_factory=dict)  # where it is another one
    sampled_bps: Share = 2_500  # of the uses of standing authority at ``sampled``, for a person's review
    source: str = "the house's own"
    source_status: SourceStatus = SourceStatus.UNVERIFIED

    def of(self, specialist: str) -> Level:
        """The most that a specialist may have here."""
        return self.specialists.get(specialist, self.default)
