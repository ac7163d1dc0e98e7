"""The unwinding: plan → decide → countersign → take back, the last effect first → close or refer. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.approval import approval
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.supervisor.deciding import decide
from graphs.supervisor.openings import waits_for_opening
from graphs.supervisor.releasing import RELEASING
from graphs.supervisor.settling import settle
from graphs.supervisor.state import CaseInput
from graphs.unwinding.countersigning import COMPENSATION, UNWINDING
from graphs.unwinding.ending import end_unwinding, leave_the_rest, route_after_settle_unwinding
from graphs.unwinding.planning import plan_unwinding, route_after_decide_unwinding
from graphs.unwinding.state import UnwindingState

builder = StateGraph(UnwindingState, input_schema=CaseInput)
builder.add_node("plan_unwinding", plan_unwinding, **STEP)
builder.add_node("decide", decide, **STEP)
builder.add_node("settle", settle, **STEP)
builder.add_node("close", end_unwinding, retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("refer", leave_the_rest, retry_policy=RETRY, timeout=TIMEOUT)
approval(builder, UNWINDING)
approval(builder, COMPENSATION)
approval(builder, RELEASING)
waits_for_opening(builder)

builder.add_edge(START, "plan_unwinding")
builder.add_edge("plan_unwinding", "decide")
builder.add_conditional_edges("decide", route_after_decide_unwinding)
builder.add_conditional_edges("settle", route_after_settle_unwinding)
builder.add_edge("close", END)
builder.add_edge("refer", END)

graph = builder.compile(name="unwinding")
