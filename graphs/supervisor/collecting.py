"""Takes findings back against their receipts, and writes down what they change beside the facts."""

from __future__ import annotations

from typing import Any

from audit.events import HandOffRejected
from domain.finding import Finding, Receipt
from graphs.recording import record
from graphs.supervisor.known import arrived_by, standing
from graphs.supervisor.learning import learn
from graphs.supervisor.planning import jobs_of
from graphs.supervisor.state import CaseState
from graphs.worker import HandOff


async def collect_findings(state: CaseState) -> dict[str, Any]:
    """Takes each finding that its receipt covers; dissent stays visible, nothing is averaged. May run again."""
    arrived = await arrived_by(state, state["assignments"][0]["as_of"])  # what they could see
    taken: dict[str, HandOff] = {}
    tried = dict(state["tried"])
    for given in state["assignments"]:
        back = state.get("returned", {}).get(given["id"])
        for job in given["specialists"]:
            tried[job] = arrived
            hand_off = back["findings"].get(job) if back else None
            if hand_off is not None and await _received(state, given, job, hand_off):
                taken[job] = hand_off
            elif hand_off is None:
                await rejected(state["case_id"], given, job, "no finding came back")
    here = await standing(state)
    learnt = learn(state | {"tried": tried}, taken, jobs_of(here.book))
    for key, event in learnt.events:
        await record(state["case_id"], key, event)
    workers = [given["worker"] for given in state["assignments"]]
    return {
        **learnt.update,
        "round": state["plan"]["round"],
        "plans": [*state.get("plans", []), workers],
        "assignments": [],
        "returned": {},
    }


async def rejected(case_id: str, given: dict[str, Any], job: str, reason: str) -> None:
    """Write down that a hand-off was not used."""
    await record(case_id, f"{given['id']}.{job}", HandOffRejected(specialist=job, reason=reason))


async def _received(state: CaseState, given: dict[str, Any], job: str, hand_off: HandOff) -> bool:
    """Whether the receipt covers the finding; the refusal is recorded."""
    finding = Finding.model_validate(hand_off["finding"])
    receipt = Receipt.model_validate(hand_off["receipt"])
    expected = f"{given['worker']}@{given['id']}"
    if receipt.receiver == expected and receipt.sender == job and receipt.covers(finding):
        return True
    await rejected(state["case_id"], given, job, "the receipt does not cover it")
    return False
