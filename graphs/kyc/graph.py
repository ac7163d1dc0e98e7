"""The KYC worker. Documents, screening and ownership in parallel, then the rating, then filings. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.failure import RETRY, TIMEOUT
from graphs.worker import WorkerInput, WorkerState, accept, specialist

builder = StateGraph(WorkerState, input_schema=WorkerInput)
builder.set_node_defaults(retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("accept", accept("kyc"))
builder.add_node("document_verifier", specialist("document_verifier"))
builder.add_node("sanctions_screener", specialist("sanctions_screener"))
builder.add_node("ubo_tracer", specialist("ubo_tracer"))
builder.add_node("risk_rater", specialist("risk_rater"))
builder.add_node("filing_preparer", specialist("filing_preparer"))

builder.add_edge(START, "accept")
builder.add_edge("accept", "document_verifier")
builder.add_edge("accept", "sanctions_screener")
builder.add_edge("accept", "ubo_tracer")
builder.add_edge(["document_verifier", "sanctions_screener", "ubo_tracer"], "risk_rater")
builder.add_edge("risk_rater", "filing_preparer")
builder.add_edge("filing_preparer", END)

graph = builder.compile(name="kyc", checkpointer=False)
