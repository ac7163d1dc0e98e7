"""What would undo a case: its effects, the last one first, each with what takes it back or why it stays."""

from __future__ import annotations

from typing import Literal

from domain.approval import Action
from domain.identity import Record

UNWINDING = "unwinding"  # the case kind
UNDOES = "undoes"  # argument of a compensation: the key of the order that it takes back
RECEIPT = "receipt"  # argument of a compensation: what the other system calls the thing to be taken back
ATTEMPT = "attempt"  # argument of a compensation: one more than earlier unwindings asked for and did not get
Fate = Literal[
    "undo",  # a compensation takes it back
    "stays",  # it cannot be taken back: a person deals with it
    "unknown",  # nobody knows whether it happened: a person finds out
    "undone",  # it was taken back before
]


class UndoStep(Record):
    """One effect of the case that is unwound.

    Args:
        key: of its order.
        receipt: as the outbox confirmed it.
        shows: how the other system shows it now; empty when it did not answer, or is our own record.
        by: what takes it back.
        why: for a person: why it stays, or what is to be found out.
        cents: that it moved.
    """

    key: str
    effect: str
    receipt: str | None
    fate: Fate
    shows: str = ""
    by: Action | None = None
    why: str = ""
    cents: int = 0
