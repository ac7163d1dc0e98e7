"""Moments of a case: list them in plain words, show what was known at one.

Owns the words for every step. Reads checkpoints without a lease, so it can write nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from langgraph.types import StateSnapshot

from checkpoints.saver import CaseSaver
from domain.approval import ApprovalRequest
from domain.assignment import Cause
from domain.case import Case, CaseStatus
from domain.errors import Conflict, NotFound
from domain.person import AUDITORS
from graphs.services import Services

MAKER = "maker"
COPIED = "The case was copied as a what-if"
DONE = {
    "__start__": "The application arrived",
    "open_case": "The case was opened: what is asked, and what the customer file spares",
    "plan_round": "The supervisor planned",
    "mortgage": "Mortgage specialists worked",
    "kyc": "KYC specialists worked",
    "credit": "Credit specialists worked",
    "collect_findings": "Findings were taken against their receipts",
    "request_records": "Missing records were asked for",
    "await_records": "The case was woken",
    "record_arrival": "What had arrived was looked at",
    "decide": "Policy decided",
    "use_standing_authority": "Standing authority was considered",
    "open_conditions": "Conditions of the approval were written down",
    "settle": "Effects were ordered and read back",
    "request_conditions": "What the conditions need was awaited",
    "await_conditions": "The case was woken",
    "record_conditions": "Which conditions are met was looked at",
    "close": "The case was closed",
    "refer": "The case was referred to a person",
    "prepare_compliance": "Compliance was asked",
    "await_compliance": "The case was woken by the desk",
    "record_compliance": "What compliance decided was read from the desk",
    "prepare_offer": "Approvers were asked to countersign",
    "await_offer": "The case was woken by the desk",
    "record_offer": "What approvers decided was read from the desk",
    "review": "The register was reviewed",
    "prepare_exceptions": "Compliance was asked about all exceptions",
    "await_exceptions": "The case was woken by the desk",
    "record_exceptions": "What compliance decided was read from the desk",
    "prepare_raise": "Another person was asked to raise a level of autonomy",
    "await_raise": "The case was woken by the desk",
    "record_raise": "What they decided was read from the desk",
    "weigh": "The proposal was held against the loader, the live book and its report",
    "prepare_publish": "Those who sign a change of policy were asked",
    "await_publish": "The case was woken by the desk",
    "record_publish": "What they signed was read from the desk",
    "publish": "What was signed came into force and was read back",
    "plan_unwinding": "What the case did was read back, and taking it back planned",
    "prepare_unwinding": "Approvers were asked to countersign what is taken back",
    "await_unwinding": "The case was woken by the desk",
    "record_unwinding": "What approvers decided was read from the desk",
    "prepare_compensation": "Approvers were asked about one thing that is taken back",
    "await_compensation": "The case was woken by the desk",
    "record_compensation": "What approvers decided was read from the desk",
    "prepare_release": "Somebody was asked to release what is held",
    "await_release": "The case was woken by the desk",
    "record_release": "What was decided about the release was read from the desk",
    "hear": "The message was read in its thread",
    "admit": "Policy said whether it may be answered",
    "look_up": "It was looked up within the person's scope",
    "offer_lead": "The governed way was offered instead of doing it",
    "turn_away": "It was refused in the book's words",
    "release": "The answer was checked and released",
}
NEXT = {
    "__start__": "The case is opened",
    "open_case": "The case is opened",
    "plan_round": "The supervisor plans",
    "mortgage": "Mortgage specialists work",
    "kyc": "KYC specialists work",
    "credit": "Credit specialists work",
    "collect_findings": "Findings are taken against their receipts",
    "request_records": "Missing records are asked for",
    "record_arrival": "What has arrived is looked at",
    "decide": "Policy decides",
    "use_standing_authority": "Standing authority is considered",
    "open_conditions": "Conditions of the approval are written down",
    "settle": "Effects are ordered and read back",
    "request_conditions": "What the conditions need is awaited",
    "record_conditions": "Which conditions are met is looked at",
    "prepare_release": "Somebody is asked to release an effect that is held",
    "record_release": "What was decided on it is read from the desk",
    "request_opening": "An effect waits until it may happen",
    "record_opening": "Whether it may happen is looked at",
    "close": "The case is closed",
    "refer": "The case is referred to a person",
    "prepare_compliance": "Compliance is asked",
    "record_compliance": "What compliance decided is read from the desk",
    "prepare_offer": "Approvers are asked to countersign",
    "record_offer": "What approvers decided is read from the desk",
    "review": "The register is reviewed",
    "prepare_exceptions": "Compliance is asked about all exceptions",
    "record_exceptions": "What compliance decided is read from the desk",
    "prepare_raise": "Another person is asked to raise a level of autonomy",
    "record_raise": "What they decided is read from the desk",
    "weigh": "The proposal is held against the loader, the live book and its report",
    "prepare_publish": "Those who sign a change of policy are asked",
    "record_publish": "What they signed is read from the desk",
    "publish": "What was signed comes into force",
    "plan_unwinding": "What the case did is read back, and taking it back is planned",
    "prepare_unwinding": "Approvers are asked to countersign what is taken back",
    "record_unwinding": "What approvers decided is read from the desk",
    "prepare_compensation": "Approvers are asked about one thing that is taken back",
    "record_compensation": "What approvers decided is read from the desk",
    "hear": "The message is read in its thread",
    "admit": "Policy says whether it may be answered",
    "look_up": "It is looked up within the person's scope",
    "offer_lead": "The governed way is offered",
    "turn_away": "It is refused in the book's words",
    "release": "The answer is checked and released",
}
ASKED = {
    "raise": "to raise a level of autonomy",
    "compliance": "to clear or confirm the match",
    "offer": "to countersign the offer",
    "release": "to release the effect that is held",
    "exceptions": "to accept or reject the exceptions",
    "publish": "to let the version of the book come into force",
    "unwinding": "to countersign what is taken back",
    "compensation": "to countersign one thing that is taken back",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One checkpoint: what had just been done and what came next, in plain words."""

    number: int  # from 1
    at: str  # when the checkpoint was written
    done: str
    next: tuple[str, ...]


async def history(services: Services, case_id: str) -> list[Moment]:
    """Every moment of a case, oldest first; ``NotFound`` when there is no such case."""
    case = await services.cases.get(case_id)
    found = await snapshots(services, case)
    return [_moment(case, n, found) for n in range(1, len(found) + 1)]


async def show(services: Services, case_id: str, number: int, role: str = "") -> dict[str, Any]:
    """What was known at one moment: facts with sources, findings and earlier ones, parties, gaps, decision, waits.

    ``role`` is a group, or ``maker``: what its people saw of the case then, nothing before they were asked.

    Raises:
        Conflict: no runner has taken the case yet.
        NotFound: no such case or moment.
    """
    case = await services.cases.get(case_id)
    found = await snapshots(services, case)
    known = at_moment(found, number, case_id).values
    asked = {each["id"] for each in known.get("approvals", ())} | {
        (known.get("pending") or {}).get("approval_id")
    }
    requests = [each for each in await services.desk.of_case(case_id) if each.id in asked]
    whole = {"moment": asdict(_moment(case, number, found)), **_known(known)}
    whole["halted"] = await _halted(services, case) if number == len(found) else None
    return whole if role in ("", AUDITORS) else whole | _seen_by(role, known, requests)


def _known(known: Mapping[str, Any]) -> dict[str, Any]:
    findings = {job: each["finding"] for job, each in known.get("findings", {}).items()}
    return {
        "facts": known.get("facts", {}),
        "findings": findings,
        "superseded": known.get("superseded", []),
        "parties": known.get("parties", []),
        "reopened": known.get("reopened", {}),
        "gaps": [gap for finding in findings.values() for gap in finding["gaps"]],
        "decision": known.get("decision") or None,
        "waiting_for": known.get("pending") or None,
        "outcome": known.get("outcome"),
    }


async def _halted(services: Services, case: Case) -> dict[str, str] | None:
    """What makes a case that has not ended stand still where it is."""
    row = await services.halts.of_case(case.id)
    if row is None or case.status in (CaseStatus.CLOSED, CaseStatus.REFERRED):
        return None
    return {"target": row["target"], "reason": row["reason"], "since": row["at"].isoformat()}


def _seen_by(role: str, known: Mapping[str, Any], requests: Sequence[ApprovalRequest]) -> dict[str, Any]:
    """What a role did not see is left out: the whole case before it was asked, a packet that is for others."""
    mine = [each.id for each in requests if role in each.candidate_groups]
    told: dict[str, Any] = {"role": role, "sees": role == MAKER or bool(mine)}
    if not told["sees"]:
        return told | _known({}) | {"moment": {}, "halted": None}
    pending = known.get("pending") or {}
    of_compliance = {each.id for each in requests if each.boundary == "compliance"}
    approval = pending.get("approval_id")
    shown = approval is None or approval in mine or (role == MAKER and approval not in of_compliance)
    return told if shown else told | {"waiting_for": None}


async def snapshots(services: Services, case: Case) -> list[StateSnapshot]:
    """The checkpoints of a case, oldest first."""
    graph = services.workflows.of(case).graph.copy(update={"checkpointer": CaseSaver(services.database.pool)})
    config = {"configurable": {"thread_id": case.id}}
    return [each async for each in graph.aget_state_history(config)][::-1]


def at_moment(found: list[StateSnapshot], number: int, case_id: str) -> StateSnapshot:
    """The checkpoint of one moment; ``NotFound`` says which moments there are, ``Conflict`` that there is none."""
    if not found:
        raise Conflict(f"case {case_id} has no moments yet: no runner has taken it")
    if not 1 <= number <= len(found):
        raise NotFound(f"case {case_id} has moments 1 to {len(found)}")
    return found[number - 1]


def _moment(case: Case, number: int, found: list[StateSnapshot]) -> Moment:
    here = found[number - 1]
    before = [task.name for task in found[number - 2].tasks] if number > 1 else ["__start__"]
    done = "; ".join(dict.fromkeys(DONE.get(name, name) for name in before)) + _more(before, here.values)
    if case.simulation and number == 1:
        done = COPIED
    return Moment(number, str(here.created_at), done, coming(case, here))


def coming(case: Case, here: StateSnapshot) -> tuple[str, ...]:
    """What comes next, or is waited for, in plain words."""
    return tuple(_coming(name, here.values, case.simulation) for name in here.next)


def _more(done: list[str], known: dict[str, Any]) -> str:
    """What a step came to, where its name does not say it."""
    match done[0]:
        case "decide":
            concluded = known["decision"]
            return f": {concluded['outcome']} (rows {', '.join(concluded['rows_hit']) or 'none'})"
        case "plan_round":
            return ": " + (_planned(known) or "nothing more to find out")
        case "settle":
            return "".join(f"; {each['kind']} {each['status']}" for each in known.get("effects", ()))
        case "use_standing_authority" | "open_conditions" | "record_conditions":
            return _found(done[0], known)
        case name if name.startswith("record_") and known.get("approvals") and name != "record_arrival":
            return f": {known['approvals'][-1]['status']}"
    return ""


def _found(step: str, known: dict[str, Any]) -> str:
    if step == "use_standing_authority":
        return ": the book grants it" if known.get("standing") else ": none for this case"
    return f": {', '.join(known.get('unmet', ())) or 'none'} open"


def _planned(known: dict[str, Any]) -> str:
    if known.get("awaiting"):
        return "waiting for " + ", ".join(kind.replace("_", " ") for kind in known["awaiting"])
    return ", ".join(
        f"{each['worker']} ({', '.join(each['specialists'])}): {each['objective']}{_because(each, known)}"
        for each in known.get("assignments", ())
    )


def _because(assignment: dict[str, Any], known: dict[str, Any]) -> str:
    """What made the work due, where it is more than that a fact was never known."""
    steps = [each for each in known["plan"]["steps"] if each["worker"] == assignment["worker"]]
    causes = [Cause.model_validate(each) for step in steps for each in step.get("triggered_by", ())]
    told = dict.fromkeys(str(each) for each in causes if each.kind != "unknown_fact")
    return f" [{', '.join(told)}]" if told else ""


def _coming(name: str, known: dict[str, Any], simulation: bool) -> str:
    pending = known.get("pending") or {}
    if name == "await_conditions":
        codes = ", ".join(code.replace("_", " ") for code in pending.get("conditions", ()))
        return f"Waiting until these conditions are met: {codes}, until {pending.get('until', '')[:10]}"
    if name == "await_records":
        kinds = ", ".join(kind.replace("_", " ") for kind in pending.get("awaits", ()))
        return f"Waiting for {kinds} until {pending.get('until', '')[:10]}"
    if name == "await_opening":
        until = pending.get("until", "")[:16].replace("T", " ")
        return f"Waiting until {until} UTC: {pending.get('reason', '')}"
    if name.startswith("await_"):
        groups = " or ".join(group.replace("_", " ") for group in pending.get("candidate_groups", ()))
        asked = f"{groups} {ASKED[name.removeprefix('await_')]}"
        return (
            f"The simulation ends here: it would wait for {asked}" if simulation else f"Waiting for {asked}"
        )
    return NEXT.get(name, name)
