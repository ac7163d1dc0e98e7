"""Events of unwinding: in the unwinding case what was found and planned, in the other what became of it."""

from __future__ import annotations

from typing import Any

from audit.events import Event


class CaseStopped(Event):
    """A case that was still open does nothing more: a defect of what it did was reported."""

    unwinding: str
    reason: str  # code of the book


class DefectReported(Event):
    """A defect of a case was reported again while it was unwound."""

    unwinds: str
    reason: str  # code of the book


class DefectOvertaken(Event):
    """What was countersigned does not count: graver defects were reported meanwhile."""

    reasons: tuple[str, ...]  # codes of the book


class UnwindingPlanned(Event):
    """What was read of the case: what would take its effects back, the last one first, and who had to do with it."""

    unwinds: str
    reason: str  # code of the book
    steps: tuple[dict[str, Any], ...]  # UndoStep
    people: tuple[str, ...]  # who made or decided the case


class UnwindingStarted(Event):
    """Told in the case that is unwound."""

    unwinding: str


class EffectCompensated(Event):
    """Told in the case that is unwound: one of its effects was taken back, and that was read back."""

    vouches = "{key}"
    effect: str
    receipt: str
    unwinding: str
    compensation: str
    compensation_receipt: str


class UnwindingEnded(Event):
    """Told in the case that is unwound: what became of it, and what is left to a person."""

    unwinding: str
    outcome: str
    left: tuple[str, ...]  # effects
