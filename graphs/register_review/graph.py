"""The register review: review → decide → close, or one boundary for all exceptions. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.approval import approval
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.register_review.nodes import EXCEPTIONS, decide_register, review, route_after_decide_register
from graphs.register_review.state import RegisterState
from graphs.supervisor.referring import refer
from graphs.supervisor.settling import close
from graphs.supervisor.state import CaseInput

builder = StateGraph(RegisterState, input_schema=CaseInput)
builder.add_node("review", review, **STEP)
builder.add_node("decide", decide_register, **STEP)
builder.add_node("close", close, retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("refer", refer, retry_policy=RETRY, timeout=TIMEOUT)
approval(builder, EXCEPTIONS)

builder.add_edge(START, "review")
builder.add_edge("review", "decide")
builder.add_conditional_edges("decide", route_after_decide_register)
builder.add_edge("close", END)
builder.add_edge("refer", END)

graph = builder.compile(name="register_review")
