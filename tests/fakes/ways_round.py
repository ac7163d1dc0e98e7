"""Every way round a gate that worked on a stock LangGraph server, as a request; ``{case}`` is a waiting case."""

from __future__ import annotations

from typing import Any

APPROVE = {"decisions": [{"type": "approve", "message": "the figures agree"}]}
RUN = {"assistant_id": "supervisor"}
INPUT = RUN | {"input": {"case_id": "{case}"}}
OTHER = "00000000-0000-0000-0000-000000000000"
RPC = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
MORE = {"input": {"case_id": "{case}", "authorised": [{"action": {}}]}}
RUNS: dict[str, tuple[Any, str]] = {  # what is sent as a run of the waiting case: how it is recorded
    "goto": (RUN | {"command": {"goto": "settle"}}, "goto"),
    "goto beside an answer": (RUN | {"command": {"resume": APPROVE, "goto": "settle"}}, "goto"),
    "update by command": (RUN | {"command": {"update": {"outcome": "approved"}}}, "update"),
    "an answer with input": (INPUT | {"command": {"resume": APPROVE}}, "other input"),
    "new input": (RUN | MORE, "other input"),
    "input of another case": (RUN | {"input": {"case_id": "home_loan-000000000000"}}, "other input"),
    "running on without input": (RUN, "other graph or no answer"),
    "a worker graph": (INPUT | {"assistant_id": "mortgage"}, "other input"),
    "forged configurable": (INPUT | {"config": {"configurable": {"epoch": 99}}}, "config"),
    "forged context": (INPUT | {"context": {"mode": "sandbox"}}, "context"),
    "an old checkpoint": (RUN | {"command": {"resume": APPROVE}, "checkpoint_id": OTHER}, "checkpoint_id"),
    "a breakpoint": (INPUT | {"interrupt_before": ["settle"]}, "interrupt_before"),
    "a webhook": (INPUT | {"webhook": "http://127.0.0.1/x"}, "webhook"),
    "rollback": (INPUT | {"multitask_strategy": "rollback"}, "multitask_strategy"),
    "a later run": (INPUT | {"after_seconds": 60}, "after_seconds"),
}
ROUTES: dict[str, tuple[str, str, Any]] = {
    "cancelled run": ("POST", "/threads/{case}/runs/case:{case}/cancel", None),
    "deleted run": ("DELETE", "/threads/{case}/runs/case:{case}", None),
    "stream of a run": ("GET", "/threads/{case}/runs/case:{case}/stream", None),
    "forged state": ("POST", "/threads/{case}/state", {"values": {}, "as_node": "await_offer"}),
    "state by checkpoint": ("POST", "/threads/{case}/state/checkpoint", {"checkpoint": {}}),
    "rename": ("PATCH", "/threads/{case}", {"metadata": {"x": 1}}),
    "delete": ("DELETE", "/threads/{case}", None),
    "copy": ("POST", "/threads/{case}/copy", None),
    "cron of the case": ("POST", "/threads/{case}/runs/crons", INPUT | {"schedule": "* * * * *"}),
    "event commands": ("POST", "/threads/{case}/commands", {"method": "run.start"}),
    "stateless run": ("POST", "/runs/wait", INPUT),
    "stateless stream": ("POST", "/runs/stream", INPUT),
    "batch": ("POST", "/runs/batch", [INPUT]),
    "cron": ("POST", "/runs/crons", INPUT | {"schedule": "* * * * *"}),
    "prune": ("POST", "/threads/prune", {"thread_ids": ["{case}"]}),
    "store write": ("PUT", "/store/items", {"namespace": ["a"], "key": "b", "value": {}}),
    "store search": ("POST", "/store/items/search", {"namespace_prefix": []}),
    "mcp": ("POST", "/mcp/", RPC),
    "a2a": ("POST", "/a2a/supervisor", RPC | {"method": "message/send"}),
    "new assistant": ("POST", "/assistants", {"graph_id": "supervisor", "config": {"configurable": {}}}),
    "deploy": ("POST", "/deploy", {}),
    "wipe": ("POST", "/internal/truncate", {}),
    "raw thread": ("GET", "/internal/debug/thread/{case}", None),
    "metrics": ("GET", "/metrics", None),
    "double slash": ("POST", "/threads/{case}//state", {"values": {}}),
    "trailing slash": ("POST", "/threads/{case}/runs/wait/", INPUT),
}


def filled(value: Any, case_id: str) -> Any:
    match value:
        case str():
            return value.replace("{case}", case_id)
        case dict():
            return {name: filled(each, case_id) for name, each in value.items()}
        case list():
            return [filled(each, case_id) for each in value]
        case _:
            return value
