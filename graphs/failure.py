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

from checkpoints.lease import take
from domain.errors import CountersignError, Divergence, Halted, Misconfigured, StaleWriter
from graphs.services import services

log = structlog.get_logger(__name__)
FAILED_STEP = "the step"  # begins what is missing after one failed


async def pass_on(case_id: str, error: NodeError) -> None:
    """Raise what is no failure of the step: a lost lease, a halt, an interrupt, a broken replay, a missing control.

    The advance gives its own lease up first: LangGraph would still write a checkpoint in which the step is done.
    So it is refused, as after a crash, and the step runs again when the case is woken.
    """
    if isinstance(error.error, Halted | Divergence | Misconfigured):
        await take(services().database, case_id, "nobody", services().clock)
    if isinstance(error.error, StaleWriter | Halted | GraphBubbleUp | Divergence | Misconfigured):
        raise error.error


async def refer_on_failure(state: dict[str, Any], error: NodeError) -> Command[Literal["refer"]]:
    """A step that fails for good refers the case, with the step and the kind of error written down.

    Only our own errors are quoted: the message of a foreign one may hold anything, identity included.
    """
    await pass_on(state["case_id"], error)
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
