"""One case as ``countersign demo --json`` gives it: read from the API as the auditor, nothing added."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from api.demo.people import Found, Front

Bodies = dict[str, list[dict[str, Any]]]


def summary(front: Front, case_id: str) -> Found:
    """Outcome, plan, approvals, standing authority, effects, gaps, who worked, and whether the chain holds."""
    bodies = events(front, case_id)
    findings = bodies["finding_returned"]
    chain = front.ask("auditor", "GET", f"/v1/cases/{case_id}/ledger/verification")
    case = {
        name: value for name, value in front.case(case_id).items() if name in ("kind", "outcome", "status")
    }
    return {
        "id": case_id,
        **case,
        "plan": [body["workers"] for body in bodies["plan_authorised"]],
        "approvals": _approvals(bodies),
        "standing_authority": [
            {name: body[name] for name in ("boundary", "digest", "amount_cents", "sampled_for_review")}
            for body in bodies["standing_authority_used"]
        ],
        "effects": [
            {"kind": each["effect"], "receipt": each["receipt"], "read_back": each["read_back"]}
            for each in front.ask("auditor", "GET", f"/v1/cases/{case_id}/effects")
        ],
        "gaps": sorted({gap for body in findings for gap in body["gaps"]}),
        "produced_by": sorted({body["produced_by"] for body in findings}),
        "model_calls": len(bodies["model_called"]),
        "ledger": {"events": chain["events"], "verified": chain["verified"]},
    }


def events(front: Front, case_id: str) -> Bodies:
    """The ledger of a case by kind of event; each body says who acted (``by``)."""
    bodies: Bodies = defaultdict(list)
    for entry in front.ask("auditor", "GET", f"/v1/cases/{case_id}/ledger"):
        bodies[entry["kind"]].append(entry["body"] | {"by": entry["actor"]})
    return bodies


def _approvals(bodies: Bodies) -> list[dict[str, Any]]:
    boundary = {body["approval_id"]: body["boundary"] for body in bodies["approval_opened"]}
    return [
        {"boundary": boundary[body["approval_id"]]} | {name: body[name] for name in ("by", "verb", "digest")}
        for body in bodies["approval_decided"]
    ]
