"""The two boundaries of a supervised case: compliance (holds) and the offer (the decision itself)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agents.roster import ROSTER
from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidencePacket, Routing, binding_digest
from domain.decision import Decision, Verb
from graphs.approval import Boundary, edits_of
from graphs.recording import moment, record
from graphs.supervisor.actions import EDITABLE, approving, proposed, rejecting, unsaid
from graphs.supervisor.clearing import by_hand_facts, cleared_facts, compliance_packet, remember
from graphs.supervisor.known import (
    Standing,
    decision,
    fact,
    facts,
    findings,
    held,
    holds,
    known,
    release_of,
    standing,
)
from graphs.supervisor.learning import Learnt, settled, tried_again
from graphs.supervisor.packet import evidence
from graphs.supervisor.planning import by_hand, jobs_of
from graphs.supervisor.reopening import overtaken
from graphs.supervisor.state import CaseState
from policies.book import InForce
from policies.hand import HandRow

NAMED_BY_THE_BOUNDARY = Routing()


@dataclass(frozen=True, slots=True)
class Consequences:
    """Which actions follow from approving, rejecting, overriding."""

    approve: tuple[Action, ...] = ()
    reject: tuple[Action, ...] = ()
    override: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may decide, how many of them must, and why they."""

    groups: tuple[str, ...]
    quorum: int
    routing: Routing = NAMED_BY_THE_BOUNDARY


async def prepare_compliance(state: CaseState) -> ApprovalRequest:
    """Asks compliance about everything that holds the case; approving releases it, rejecting confirms it.

    Where work failed that the book has them do by hand, approving says that they did it.
    """
    here = await standing(state)
    row = here.book.rules.boundaries["compliance"]
    packet = await compliance_packet(here, state, row.attests, await _failed(here, state))
    signers = Signers(row.groups, row.quorum)
    return await request_for(here, state, "compliance", packet, Consequences(), signers)


async def record_compliance(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """What was released holds no more, and what was cleared becomes a fact with the approval as its source.

    What rests on a fact that moved (a risk rated on a match) is found out again. Cleared hits are remembered for
    later cases. No fact follows where a newer screening was due and failed, unless compliance did it by hand: what
    was cleared does not cover every party then. What failed and is returned is tried again. Only a rejection
    confirms: a request that was returned is asked again, and one that nobody decided leads to a person. May run
    again.
    """
    match request.status, verb:
        case ApprovalStatus.REJECTED, _:
            return {"reviewed": "confirmed"}
        case ApprovalStatus.RETURNED, _:
            return await _tried_again(state, request) | {"reviewed": None}
        case ApprovalStatus.APPROVED, Verb.APPROVE:
            return await _cleared(state, request)
        case _:
            return {"reviewed": None, "missing": ["compliance did not decide in time"]}


async def _cleared(state: CaseState, request: ApprovalRequest) -> dict[str, Any]:
    released = [*state.get("released", ()), *map(release_of, held(state))]
    update: dict[str, Any] = {"reviewed": "cleared", "released": released}
    here = await standing(state)
    await remember(here, state, request)
    failed = await _failed(here, state)
    known_now = by_hand_facts(state, failed, request.id)
    if not _rescreening_failed(state):
        known_now |= cleared_facts(state, request.id, failed)
    if not known_now:
        return update
    return await _told(here, request, settled(state, jobs_of(here.book), known_now)) | update


async def _tried_again(state: CaseState, request: ApprovalRequest) -> dict[str, Any]:
    here = await standing(state)
    failed = {row.specialist: next(iter(row.settles)) for row in await _failed(here, state)}
    return await _told(here, request, tried_again(state, jobs_of(here.book), failed)) if failed else {}


async def _told(here: Standing, request: ApprovalRequest, learnt: Learnt) -> dict[str, Any]:
    for key, event in learnt.events:
        await record(here.case.id, f"{request.id}/{key}", event)
    return learnt.update


async def _failed(here: Standing, state: CaseState) -> tuple[HandRow, ...]:
    """Work that failed and that compliance is asked to do."""
    return by_hand(here.book, await known(state, here.beyond))


def _rescreening_failed(state: CaseState) -> bool:
    return bool(holds(state)) and not any(each.held for each in findings(state).values())


def route_after_compliance(state: CaseState) -> str:
    """On with the work or to the same question, to the decision to leave, or out of the automatic path."""
    if state.get("reviewed") == "confirmed":
        return "decide"
    settled = state.get("reviewed") == "cleared" or state["approvals"][-1]["status"] == "returned"
    return "plan_round" if settled else "refer"


async def prepare_offer(state: CaseState) -> ApprovalRequest:
    """Puts the exact action with its evidence before the people whom the authority table names."""
    here = await standing(state)
    packet = evidence(here, state, here.book.rules.boundaries["offer"].attests)
    actions = proposed(here, state)
    declines = decision(state).outcome.value == "decline"
    consequences = Consequences(
        approve=actions,
        reject=() if declines else rejecting(here, state, _id(here, state, "offer")),
        override=approving(here, state) if declines and not decision(state).unknown else (),
    )
    return await request_for(here, state, "offer", packet, consequences, signers_of(here, state, "offer"))


async def record_offer(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """What the decision releases, to be settled; nothing when it was returned or expired.

    An adverse action that was not proposed, for want of what its notice must say, goes to a person with that.
    Evidence that came while people decided is looked at first, and they are asked again.
    """
    late = await _overtaken(state)
    if late:
        return {"authorised": [], "overtaken": late, "outcome": None}
    if verb is not Verb.OVERRIDE and _adversely(state, request):
        missing = unsaid(await standing(state), state)
        if missing:
            return {"authorised": [], "missing": list(missing), "outcome": None}
    return await _recorded(state, request, verb)


async def _recorded(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    match request.status, verb:
        case ApprovalStatus.APPROVED, Verb.OVERRIDE:
            return _released(request.on_override, request, "approved")
        case ApprovalStatus.APPROVED, _:
            declined = any(each.adverse for each in request.actions)
            return _released(request.actions, request, "declined" if declined else "approved")
        case ApprovalStatus.REJECTED, _:
            return _released(request.on_reject, request, "declined" if request.on_reject else "returned")
        case ApprovalStatus.EDITED, _:
            return await _edited(state, request)
        case ApprovalStatus.RETURNED, _:
            again: dict[str, Any] = {"authorised": [], "tried": _tried_in_full(state), "outcome": None}
            return again | await _read_anew(state)
        case _:
            return {"authorised": [], "missing": ["nobody decided in time"], "outcome": None}


def route_after_offer(state: CaseState) -> str:
    """To settlement, back to work (returned for information, or overtaken), or out of the automatic path."""
    status = state["approvals"][-1]["status"]
    if status in ("returned", "edited") or state.get("overtaken"):
        return "plan_round"
    return "open_conditions" if state.get("authorised") else "refer"


COMPLIANCE = Boundary(
    "compliance",
    prepare_compliance,
    record_compliance,
    route_after_compliance,
    ("plan_round", "decide", "refer"),
)
OFFER = Boundary(
    "offer", prepare_offer, record_offer, route_after_offer, ("open_conditions", "plan_round", "refer")
)


async def _edited(state: CaseState, request: ApprovalRequest) -> dict[str, Any]:
    """New terms: what depends on them is found out again, and policy judges it as a new action."""
    editor, edits = await edits_of(state, request)
    terms = {EDITABLE[name]: fact(value, "cents", request.id) for name, value in edits.items()}
    at_stake = {"amount_cents": next(iter(terms.values()))}
    here = await standing(state)
    kept = _without(state, ("credit" if here.application["kind"] == "commercial_credit" else "mortgage",))
    return kept | {
        "facts": kept["facts"] | terms | at_stake,
        "authorised": [],
        "edited_by": editor,
        "outcome": None,
    }


async def _overtaken(state: CaseState) -> list[str]:
    """Kinds of record that came after those who read them had worked; none where compliance ends the case."""
    if state.get("reviewed") == "confirmed":
        return []
    here = await standing(state)
    return sorted(overtaken(jobs_of(here.book), await known(state)))


def _tried_in_full(state: CaseState) -> dict[str, dict[str, int]]:
    """What specialists without a gap had seen: the others try again."""
    gapless = {job for job, each in findings(state).items() if not each.gaps}
    return {job: seen for job, seen in state["tried"].items() if job in gapless}


def _adversely(state: CaseState, request: ApprovalRequest) -> bool:
    """Whether the applicant was refused: a decline countersigned, or an offer rejected."""
    declines = decision(state).outcome.value == "decline"
    return request.status is (ApprovalStatus.APPROVED if declines else ApprovalStatus.REJECTED)


async def _read_anew(state: CaseState) -> dict[str, Any]:
    """Returned because consumer reports lack particulars: the reports and what rests on them are read anew."""
    return _without(state, ("credit", "mortgage")) if unsaid(await standing(state), state) else {}


def _without(state: CaseState, workers: tuple[str, ...]) -> dict[str, Any]:
    """Facts, findings and tries but for those of some workers, who will be asked again."""
    jobs = {job for job, each in ROSTER.items() if each.worker in workers}
    lost = {name for job in jobs for name in ROSTER[job].provides}
    return {
        "facts": {name: each for name, each in state["facts"].items() if name not in lost},
        "findings": {job: each for job, each in state["findings"].items() if job not in jobs},
        "tried": {job: each for job, each in state["tried"].items() if job not in jobs},
    }


async def request_for(
    here: Standing,
    state: CaseState,
    boundary: str,
    packet: EvidencePacket,
    consequences: Consequences,
    signers: Signers,
) -> ApprovalRequest:
    """One request at the desk, bound to its actions, its evidence and the pinned book."""
    row = here.book.rules.boundaries[boundary]
    sets = (consequences.approve, consequences.reject, consequences.override)
    request_id = _id(here, state, boundary)
    now = await moment(here.case.id, request_id)
    return ApprovalRequest(
        id=request_id,
        case_id=here.case.id,
        boundary=boundary,
        actions=sets[0],
        on_reject=sets[1],
        on_override=sets[2],
        packet=packet,
        digest=binding_digest(sets, packet, here.book.version),
        policy_version=here.book.version,
        candidate_groups=signers.groups,
        limits=here.book.rules.limits_for(here.case.product),
        quorum=signers.quorum,
        amount_cents=int(facts(state).get("amount_cents", here.case.amount_cents)),
        product=here.case.product,
        risk=state.get("risk", "high"),
        maker=state.get("edited_by") or here.case.maker,
        editable=tuple(name for name in EDITABLE if sets[0] and name in sets[0][0].args),
        opened_at=now,
        due_at=now + timedelta(hours=row.due_hours),
        escalates_to=row.escalates_to,
        routing=signers.routing,
        status=ApprovalStatus.SIMULATED if here.case.simulation else ApprovalStatus.PENDING,
    )


def signers_of(here: Standing, state: CaseState, boundary: str) -> Signers:
    """Who signs at a boundary, by the case's own book."""
    return signers(here.book, decision(state), boundary)


def signers(book: InForce, concluded: Decision, boundary: str) -> Signers:
    """What the authority table says; without an answer, whoever the boundary escalates to, and two of them. Pure.

    A customer whom nobody rated counts as one of high risk.
    """
    known = {"kyc_risk": "high"} | concluded.facts | {"outcome": concluded.outcome.value}
    found = book.authority.evaluate(known)
    routing = Routing(
        row=", ".join(found.rows_hit),
        known={name: known[name] for name in book.authority.inputs if name in known},
    )
    if not found.answer:
        return Signers((book.rules.boundaries[boundary].escalates_to,), 2, routing)
    groups = tuple(name.strip() for name in str(found.answer["groups"]).split(","))
    return Signers(groups, int(found.answer["quorum"]), routing)


def _id(here: Standing, state: CaseState, boundary: str) -> str:
    before = sum(1 for each in state.get("approvals", ()) if each["boundary"] == boundary)
    return f"{here.case.id}.{boundary}.{before + 1}"


def _released(actions: tuple[Action, ...], request: ApprovalRequest, outcome: str) -> dict[str, Any]:
    authorised = [{"action": each.model_dump(mode="json"), "claim": request.id} for each in actions]
    return {"authorised": authorised, "outcome": outcome}
