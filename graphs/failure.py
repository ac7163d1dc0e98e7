"""How steps of a case graph fail: what is retried, what must never be treated as a failure, where it leads."""

from __future__ import annotations

import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import structlog
from langgraph.errors import GraphBubbleUp, NodeError
from langgraph.types import Command, RetryPolicy
from psycopg import OperationalError

from domain.errors import CountersignError, Divergence, Misconfigured, StaleWriter

log = structlog.get_logger(__name__)
FAILED_STEP = "the step"  # begins what is missing after one failed


def pass_on(error: NodeError) -> None:
    """Raise what is not a failure of the step: a lost lease, an interrupt, a broken replay, a missing control."""
    if isinstance(error.error, StaleWriter | GraphBubbleUp | Divergence | Misconfigured):
        raise error.error


async def refer_on_failure(state: dict[str, Any], error: NodeError) -> Command[Literal["refer"]]:
    """A step that fails for good refers the case, with the step and the kind of error written down.

    Only our own errors are quoted: the message of a foreign one may hold anything, identity included.
    """
    pass_on(error)
    log.error("step_failed", step=error.node, kind=type(error.error).__name__, where=_place(error.error))
    what = f"{FAILED_STEP} {error.node.replace('_', ' ')} failed: {_told(error.error)}"
    return Command(goto="refer", update={"missing": [*state.get("missing", []), what]})


def _told(error: BaseException) -> str:
    if isinstance(error, CountersignError):
        return str(error)
    return f"{type(error).__name__}; whoever runs the system finds the place in the log"


def _place(error: BaseException) -> str:
    """File and line where it was raised, innermost first; nothing of what was at hand there."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames[-4:]))


RETRY = RetryPolicy(max_attempts=3, initial_interval=0.2, retry_on=OperationalError)
TIMEOUT = timedelta(minutes=15)  # the longest any step may take; assignments have their own deadlines
STEP: dict[str, Any] = {"retry_policy": RETRY, "timeout": TIMEOUT, "error_handler": refer_on_failure}
