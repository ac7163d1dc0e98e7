"""A graph with a step that could fail without a path is refused."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from langgraph.errors import NodeError
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from typing_extensions import TypedDict

from domain.errors import Misconfigured
from graphs.catalog import GRAPHS
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.lint import pathless
from graphs.proof import require_proven


class State(TypedDict):
    """Nothing but a case."""

    case_id: str


async def dropped(state: State, error: NodeError) -> Command[Literal["close"]]:
    return Command(goto="close")


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


@pytest.mark.parametrize(
    ("instead", "lacks"),
    [
        ({"timeout": None}, "work: lacks a time limit"),
        ({"error_handler": None}, "work: lacks an error handler"),
        ({"error_handler": dropped}, "work fails and nobody is told who would have to act by some time"),
    ],
)
def test_a_workflow_whose_step_lacks_time_limit_error_path_or_escalation_does_not_start(
    instead: dict[str, Any], lacks: str
) -> None:
    options = {name: each for name, each in (STEP | instead).items() if each is not None}
    with pytest.raises(Misconfigured, match=lacks):
        require_proven({"mine": graph(**options)})
