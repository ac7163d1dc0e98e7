"""The planner's golden set: conflicts and gaps with the re-checks that were agreed to help, or that none does.

Owns the shape of ``planner.golden.yaml``. Runs nothing.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from agents.golden import Asked, Kind, require_enough
from domain.canonical import digest
from domain.identity import Record

NOTHING = "nothing"  # it proposed no re-check
JOINT = "+"  # between those whom it proposed


class PlannerItem(Asked):
    """What is open in a case, as the supervisor tells it, and who may be sent to look again."""

    open: tuple[str, ...] = Field(min_length=1)  # <specialist>: <code>: <words>
    expect: tuple[str, ...]  # any of these and nobody else; none: that nothing is proposed
    rewordings: tuple[tuple[str, ...], ...] = ()  # of everything that is open

    def accepts(self, answer: str) -> bool:
        """Whether exactly those were proposed who may help, or nobody where nobody does."""
        if not self.expect:
            return answer == NOTHING
        return answer != NOTHING and set(answer.split(JOINT)) <= set(self.expect)


class PlannerSet(Record):
    """Everything that the planner is asked; invented, nobody's case."""

    specialist: str
    workflow: str  # whose specialists may be sent
    items: tuple[PlannerItem, ...]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        kinds: list[Kind] = [item.kind for item in self.items]
        require_enough("proposals", kinds, len(self.items))
        nothing = sum(not item.expect for item in self.items)
        if min(nothing, len(self.items) - nothing) < 3:
            raise ValueError("proposals: three at least where somebody helps, and three where nobody does")
        return self

    @property
    def digest(self) -> str:
        """Changes with every word of the set."""
        return digest(self.model_dump(mode="json"))

    def prose(self, item: PlannerItem) -> str:
        """What is open, one to a line."""
        return "\n".join(item.open)

    def rewordings(self, item: PlannerItem) -> tuple[str, ...]:
        """The same in other words."""
        return tuple("\n".join(each) for each in item.rewordings)
