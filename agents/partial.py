"""What is left of a specialist's work that broke off: its flags, no figure, and a gap that says what happened.

Figures of half the evidence could pass for a result, so none is kept: nothing is ever cleared by a failure.
"""

from __future__ import annotations

from langgraph.errors import GraphBubbleUp
from psycopg import OperationalError

from agents.build import Governed
from agents.by_playbook import bare_finding
from agents.contract import Conclusion, Evidence, Specialist
from domain.errors import CountersignError, Divergence, Halted, Misconfigured, StaleWriter
from domain.finding import FAILED, Finding, Gap

NO_FAILURE = (StaleWriter, Halted, Divergence, Misconfigured, GraphBubbleUp, OperationalError)
"""What ends a step instead of a specialist's work: lost lease, halt, broken replay, missing control, our database."""


def partial(specialist: Specialist, governed: Governed, error: Exception) -> Finding:
    """The degraded finding: what the answers that came give cause to flag, and ``failed:<job>`` for a person."""
    gap = Gap(
        code=f"{FAILED}{specialist.job}",
        detail=f"{_named(specialist)} broke off: {told(error)}",
        needs="person",
    )
    concluded = _flags(specialist, governed)
    return bare_finding(governed, concluded).model_copy(update={"gaps": (gap,), "degraded": True})


def told(error: Exception) -> str:
    """Why, in words; a foreign error by its kind alone, its message may hold anything."""
    return error.message if isinstance(error, CountersignError) else type(error).__name__


def _named(specialist: Specialist) -> str:
    return f"the {specialist.job.replace('_', ' ')}"


def _flags(specialist: Specialist, governed: Governed) -> Conclusion:
    ended = "The work broke off; what came before is flagged, nothing is concluded."
    try:
        whole = specialist.conclude(governed.session.assignment, Evidence(tuple(governed.answers)))
        return Conclusion(ended, flags=whole.flags, parties=whole.parties)
    except (
        Exception
    ):  # half the evidence may be too little even to look for flags, or what it gives is no conclusion
        return Conclusion(ended)
