"""The raise of a level: one boundary, then the level moves or does not. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.approval import approval
from graphs.autonomy_raise.nodes import RAISE
from graphs.failure import RETRY, TIMEOUT
from graphs.supervisor.referring import refer
from graphs.supervisor.settling import close
from graphs.supervisor.state import CaseInput, CaseState

builder = StateGraph(CaseState, input_schema=CaseInput)
builder.add_node("close", close, retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("refer", refer, retry_policy=RETRY, timeout=TIMEOUT)
approval(builder, RAISE)

builder.add_edge(START, "prepare_raise")
builder.add_edge("close", END)
builder.add_edge("refer", END)

graph = builder.compile(name="autonomy_raise")
