"""State of a register review: what a supervised case has, and the exceptions; never the register itself."""

from __future__ import annotations

from typing import Any

from graphs.supervisor.state import CaseState


class RegisterState(CaseState, total=False):
    """Facts and exceptions of one register; monitoring stays in the journal and is not copied here."""

    exceptions: list[dict[str, Any]]  # RegisterException, in the order of the review
