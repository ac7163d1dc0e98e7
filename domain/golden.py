"""What a run of a golden set came to: counts of answers, and of pairs that should have been answered alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.identity import Record

Count = Annotated[int, Field(ge=0)]


class Alike(Record):
    """Of ``n`` that should not move an answer, ``moved`` did."""

    n: Count = 0
    moved: Count = 0

    def within(self, percent: int) -> bool:
        """Whether no more than so many of a hundred moved."""
        return self.moved * 100 <= percent * self.n


class Score(Record):
    """One run. What does not count (unclear, not sure enough, overturned, none) is open, not wrong; or it is right."""

    n: Count
    right: Count
    open: Count
    wrong: Count
    samples: Alike  # items asked several times: answered differently
    rewordings: Alike  # other words, same meaning
    swaps: Alike  # another person, same words
    missed: tuple[str, ...] = ()  # items that were not answered right, by id
    moved_by: dict[str, int] = Field(
        default_factory=dict
    )  # protected attribute -> how often it moved an answer
