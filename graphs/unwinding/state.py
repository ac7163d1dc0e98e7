"""State of an unwinding: what a supervised case has, the plan, and which approval covers which step."""

from __future__ import annotations

from typing import Any

from graphs.supervisor.state import CaseState


class UnwindingState(CaseState, total=False):
    """The plan is made once and countersigned as it stands; receipts and amounts, never identity."""

    steps: list[dict[str, Any]]  # UndoStep, the last thing that the case did first
    people: list[str]  # who made or decided the case that is unwound
    claims: dict[str, str]  # key of a step, or ``NOTICE`` -> approval that covers it
    refused: str | None  # key of a step that nobody approved by itself
