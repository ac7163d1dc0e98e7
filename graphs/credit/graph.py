"""The credit worker. Bureau and statements in parallel, then ratios, rating and memo. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.failure import RETRY, TIMEOUT
from graphs.worker import WorkerInput, WorkerState, accept, specialist

builder = StateGraph(WorkerState, input_schema=WorkerInput)
builder.set_node_defaults(retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("accept", accept("credit"))
builder.add_node("bureau_analyst", specialist("bureau_analyst"))
builder.add_node("statement_spreader", specialist("statement_spreader"))
builder.add_node("ratio_analyst", specialist("ratio_analyst"))
builder.add_node("credit_rater", specialist("credit_rater"))
builder.add_node("memo_writer", specialist("memo_writer"))

builder.add_edge(START, "accept")
builder.add_edge("accept", "bureau_analyst")
builder.add_edge("accept", "statement_spreader")
builder.add_edge(["bureau_analyst", "statement_spreader"], "ratio_analyst")
builder.add_edge("ratio_analyst", "credit_rater")
builder.add_edge("credit_rater", "memo_writer")
builder.add_edge("memo_writer", END)

graph = builder.compile(name="credit", checkpointer=False)
