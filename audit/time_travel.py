"""Events of what was done with a case as a whole: copied as a what-if, moved to another version of its workflow."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from audit.events import Event
from domain.finding import Fact


class CaseForked(Event):
    """A what-if copy was made of this case; what is supposed beside facts came with version 2."""

    schema_version: ClassVar[int] = 2

    fork: str
    moment: int
    changes: dict[str, Fact]
    policy: str | None = None  # version of the book
    model: str | None = None
    decisions: dict[str, str] = Field(default_factory=dict)  # by boundary


class CaseMigrated(Event):
    """A person let a case go on by another version of its workflow."""

    vouches = "case"
    from_workflow: str
    to_workflow: str
    reason: str
