"""The mortgage worker. Income, collateral and market in parallel, then pricing, then ability to repay. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.failure import RETRY, TIMEOUT
from graphs.worker import WorkerInput, WorkerState, accept, specialist

builder = StateGraph(WorkerState, input_schema=WorkerInput)
builder.set_node_defaults(retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("accept", accept("mortgage"))
builder.add_node("income_verifier", specialist("income_verifier"))
builder.add_node("collateral_assessor", specialist("collateral_assessor"))
builder.add_node("market_analyst", specialist("market_analyst"))
builder.add_node("pricing_analyst", specialist("pricing_analyst"))
builder.add_node("repayment_assessor", specialist("repayment_assessor"))

builder.add_edge(START, "accept")
builder.add_edge("accept", "income_verifier")
builder.add_edge("accept", "collateral_assessor")
builder.add_edge("accept", "market_analyst")
builder.add_edge(["income_verifier", "collateral_assessor", "market_analyst"], "pricing_analyst")
builder.add_edge("pricing_analyst", "repayment_assessor")
builder.add_edge("repayment_assessor", END)

graph = builder.compile(name="mortgage", checkpointer=False)
