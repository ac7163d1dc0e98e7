"""The credit worker. The bureau file. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.failure import RETRY, TIMEOUT
from graphs.worker import WorkerInput, WorkerState, accept, specialist

builder = StateGraph(WorkerState, input_schema=WorkerInput)
builder.set_node_defaults(retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("accept", accept("credit"))
builder.add_node("bureau_analyst", specialist("bureau_analyst"))

builder.add_edge(START, "accept")
builder.add_edge("accept", "bureau_analyst")
builder.add_edge("bureau_analyst", END)

graph = builder.compile(name="credit", checkpointer=False)
