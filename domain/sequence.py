"""Sequences: effects that are each allowed alone and together are not, as change of payee, higher limit, payment.

Owns the rows and the one question whether an effect would be the last step of one. Counts and forbids nothing.
"""

from __future__ import annotations

from collections.abc import Sequence as Ordered
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record

Move = Annotated[
    str, Field(pattern=r"^[a-z_]+(:[a-z_]+)?$")
]  # an effect, or effect:sort as amend_loan:fee_refund


class Sequence(Record):
    """Steps that effects for one subject do not go through in this order; others may lie between them.

    ``scope`` as of a threshold. A step that names an effect alone is any sort of it.
    """

    id: str
    scope: Literal["customer", "employee", "counterparty"]
    steps: Annotated[tuple[Move, ...], Field(min_length=2, max_length=8)]
    within_days: Annotated[int, Field(ge=1, le=3660)]  # all of them, back from now, to the second
    breach: Literal["hold", "refuse"]  # hold: a person may release it
    source: str
    source_status: Literal["primary", "secondary", "unverified"] = "unverified"

    @property
    def effects(self) -> tuple[str, ...]:
        """Every effect that one of its steps names."""
        return tuple(dict.fromkeys(step.partition(":")[0] for step in self.steps))


@dataclass(frozen=True, slots=True)
class Done:
    """One effect that counts for a subject.

    Args:
        n: grows with every effect that is counted.
    """

    effect: str
    sort: str
    case_id: str
    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class Walked:
    """What a subject did that this effect would complete: every step of the row but the last, oldest first."""

    row: Sequence
    subject: str
    steps: tuple[Done, ...]

    @property
    def seen(self) -> int:
        """The number up to which a release covers it: that of the newest step before this effect."""
        return self.steps[-1].n


def walked(row: Sequence, past: Ordered[Done], effect: str, sort: str) -> tuple[Done, ...]:
    """The newest effects of the past that lead to this one as the row's last step; empty when it completes nothing."""
    *before, last = row.steps
    if not _is(last, effect, sort):
        return ()
    found: list[Done] = []
    for done in reversed(past):
        if before and _is(before[-1], done.effect, done.sort):
            found.insert(0, done)
            before.pop()
    return () if before else tuple(found)


def _is(step: str, effect: str, sort: str) -> bool:
    named, _, wanted = step.partition(":")
    return named == effect and wanted in ("", sort)
