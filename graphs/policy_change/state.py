"""State of a change of policy: what a supervised case has; candidate and report stay in their rows."""

from __future__ import annotations

from graphs.supervisor.state import CaseState


class PolicyState(CaseState, total=False):
    """Facts of one proposal; nothing is added to what every case has."""
