"""The supervisor: plan → authorise → delegate → aggregate, decide, countersign, settle. Wiring only."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.approval import approval
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.supervisor.boundaries import COMPLIANCE, OFFER
from graphs.supervisor.collecting import collect_findings
from graphs.supervisor.conditions import (
    open_conditions,
    record_conditions,
    request_conditions,
    route_after_conditions,
)
from graphs.supervisor.deciding import (
    decide,
    route_after_decide,
    route_after_standing,
    use_standing_authority,
)
from graphs.supervisor.opening import open_case
from graphs.supervisor.openings import waits_for_opening
from graphs.supervisor.referring import refer
from graphs.supervisor.releasing import RELEASING
from graphs.supervisor.rounds import (
    credit_worker,
    kyc_worker,
    mortgage_worker,
    plan_round,
    route_after_plan,
    worker_failed,
)
from graphs.supervisor.settling import close, route_after_settle, settle
from graphs.supervisor.state import CaseInput, CaseState
from graphs.supervisor.waiting import (
    await_conditions,
    await_records,
    record_arrival,
    request_records,
    route_after_arrival,
)

WORKER = STEP | {"error_handler": worker_failed}
WORKERS = ("mortgage", "kyc", "credit")

builder = StateGraph(CaseState, input_schema=CaseInput)
builder.add_node("open_case", open_case, **STEP)
builder.add_node("plan_round", plan_round, **STEP)
builder.add_node("mortgage", mortgage_worker, **WORKER)
builder.add_node("kyc", kyc_worker, **WORKER)
builder.add_node("credit", credit_worker, **WORKER)
builder.add_node("collect_findings", collect_findings, **STEP)
builder.add_node("request_records", request_records, **STEP)
builder.add_node("await_records", await_records)
builder.add_node("record_arrival", record_arrival, **STEP)
builder.add_node("decide", decide, **STEP)
builder.add_node("use_standing_authority", use_standing_authority, **STEP)
builder.add_node("open_conditions", open_conditions, **STEP)
builder.add_node("settle", settle, **STEP)
builder.add_node("request_conditions", request_conditions, **STEP)
builder.add_node("await_conditions", await_conditions)
builder.add_node("record_conditions", record_conditions, **STEP)
builder.add_node("close", close, retry_policy=RETRY, timeout=TIMEOUT)
builder.add_node("refer", refer, retry_policy=RETRY, timeout=TIMEOUT)
approval(builder, COMPLIANCE)
approval(builder, OFFER)
approval(builder, RELEASING)
waits_for_opening(builder)

builder.add_edge(START, "open_case")
builder.add_edge("open_case", "plan_round")
builder.add_conditional_edges(
    "plan_round",
    route_after_plan,
    [*WORKERS, "request_records", "prepare_compliance", "decide", "close", "refer"],
)
for worker in WORKERS:
    builder.add_edge(worker, "collect_findings")
builder.add_edge("collect_findings", "plan_round")
builder.add_edge("request_records", "await_records")
builder.add_edge("await_records", "record_arrival")
builder.add_conditional_edges("record_arrival", route_after_arrival, ["await_records", "plan_round"])
builder.add_conditional_edges("decide", route_after_decide)
builder.add_conditional_edges("use_standing_authority", route_after_standing)
builder.add_edge("open_conditions", "settle")
builder.add_conditional_edges("settle", route_after_settle)
builder.add_edge("request_conditions", "await_conditions")
builder.add_edge("await_conditions", "record_conditions")
builder.add_conditional_edges(
    "record_conditions", route_after_conditions, ["settle", "request_conditions", "plan_round", "refer"]
)
builder.add_edge("close", END)
builder.add_edge("refer", END)

graph = builder.compile(name="supervisor")
