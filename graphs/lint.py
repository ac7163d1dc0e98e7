"""Finds steps that could fail without a path. Reads wiring only; ``proof`` refuses a process that has any.

A step of a case graph has a time limit, retries and an error handler; where the handler leads, and that people are
told there who have until some time, proves ``proof``; who they are and until when, each book names or is refused
(``referrals``, ``policies/loader.py``). A step after which a case ends has no handler (there is nowhere left to go;
the job is tried again, and once given up it is its owners', ``stuck``), nor has one of a worker graph (its caller
has). A waiting step has none of the three: an interrupt must pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from langgraph.graph import END

WAITS = "await_"


def pathless(graph: Any) -> tuple[str, ...]:
    """Steps of one compiled graph that lack a time limit, retries or an error handler, with what they lack."""
    builder = graph.builder
    last = {start for start, end in builder.edges if end == END}
    handled_by_caller = graph.checkpointer is False
    return tuple(
        f"{name}: {problem}"
        for name, step in builder.nodes.items()
        if not step.is_error_handler
        for problem in _problems(name, step, needs_handler=not handled_by_caller and name not in last)
    )


def _problems(name: str, step: Any, *, needs_handler: bool) -> Iterable[str]:
    has = {
        "a time limit": step.timeout is not None,
        "retries": step.retry_policy is not None,
        "an error handler": step.error_handler_node is not None,
    }
    if name.startswith(WAITS):
        yield from (f"a waiting step must not have {what}" for what, there in has.items() if there)
        return
    needed = has if needs_handler else {what: has[what] for what in ("a time limit", "retries")}
    yield from (f"lacks {what}" for what, there in needed.items() if not there)
