"""Source records that say that a condition of an approval is met."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record


class ConditionMet(Record):
    """A system of record confirms a condition: insurance in force, title insured, reserves documented."""

    kind: Literal["condition_met"]
    condition: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$")]  # code of the book
    confirmed_on: date
    evidence: Annotated[str, Field(pattern="^[A-Za-z0-9_.:/-]{1,80}$")]  # where the proof is filed
