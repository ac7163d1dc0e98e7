"""How steps of a case graph fail: what is retried, what must never be treated as a failure, where it leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from langgraph.errors import GraphBubbleUp, NodeError
from langgraph.types import Command, RetryPolicy
from psycopg import OperationalError

from domain.errors import Divergence, Misconfigured, StaleWriter


def pass_on(error: NodeError) -> None:
    """Raise what is not a failure of the step: a lost lease, an interrupt, a broken replay, a missing control."""
    if isinstance(error.error, StaleWriter | GraphBubbleUp | Divergence | Misconfigured):
        raise error.error


async def refer_on_failure(state: dict[str, Any], error: NodeError) -> Command[Literal["refer"]]:
    """A step that fails for good refers the case, with the step and the kind of error written down."""
    pass_on(error)
    what = f"the step {error.node} failed: {type(error.error).__name__}: {error.error}"
    return Command(goto="refer", update={"missing": [*state.get("missing", []), what]})


RETRY = RetryPolicy(max_attempts=3, initial_interval=0.2, retry_on=OperationalError)
TIMEOUT = timedelta(minutes=15)  # the longest any step may take; assignments have their own deadlines
STEP: dict[str, Any] = {"retry_policy": RETRY, "timeout": TIMEOUT, "error_handler": refer_on_failure}
