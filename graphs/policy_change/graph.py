"""A change of policy: weigh → decide → sign → publish. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.approval import approval
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.policy_change.nodes import (
    PUBLISHING,
    decide_change,
    publish,
    route_after_decide_change,
    route_after_publish,
    weigh,
)
from graphs.policy_change.state import PolicyState
from graphs.supervisor.referring import refer
from graphs.supervisor.settling import close
from graphs.supervisor.state import CaseInput

builder = StateGraph(PolicyState, input_schema=CaseInput)
builder.add_node("weigh", weigh, **STEP)
builder.add_node("decide", decide_change, **STEP)
builder.add_node("publish", publish, **STEP)
builder.add_node("close", close, retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("refer", refer, retry_policy=RETRY, timeout=TIMEOUT)
approval(builder, PUBLISHING)

builder.add_edge(START, "weigh")
builder.add_edge("weigh", "decide")
builder.add_conditional_edges("decide", route_after_decide_change)
builder.add_conditional_edges("publish", route_after_publish)
builder.add_edge("close", END)
builder.add_edge("refer", END)

graph = builder.compile(name="policy_change")
