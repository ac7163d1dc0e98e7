"""A graph with a step that could fail without a path is refused."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from graphs.catalog import GRAPHS
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.lint import pathless


class State(TypedDict):
    """Nothing but a case."""

    case_id: str


async def step(state: State) -> dict[str, Any]:
    return {}


def graph(**options: Any) -> Any:
    """A case graph of two steps; the first is wired with these options."""
    builder = StateGraph(State)
    builder.add_node("work", step, **options)
    builder.add_node("close", step, retry_policy=RETRY, timeout=TIMEOUT)
    builder.add_edge(START, "work")
    builder.add_edge("work", "close")
    builder.add_edge("close", END)
    return builder.compile()


@pytest.mark.parametrize("name", GRAPHS)
def test_every_step_of_every_shipped_graph_has_a_path(name: str) -> None:
    assert pathless(GRAPHS[name]) == ()


@pytest.mark.parametrize(
    ("left_out", "lacks"),
    [("timeout", "a time limit"), ("retry_policy", "retries"), ("error_handler", "an error handler")],
)
def test_step_that_lacks_a_path_is_named(left_out: str, lacks: str) -> None:
    options = {name: value for name, value in STEP.items() if name != left_out}
    assert pathless(graph(**options)) == (f"work: lacks {lacks}",)


def test_waiting_step_with_a_handler_is_named() -> None:
    builder = StateGraph(State)
    builder.add_node("await_signature", step, **STEP)
    builder.add_edge(START, "await_signature")
    assert len(pathless(builder.compile())) == 3
