"""Steps of a change of policy: weigh the proposal, let the book decide who signs, publish what was signed.

Owns what of a proposal reaches the case: counts and digests. Candidate and report are read anew from their rows at
every step, against their digests; the loader judges the candidate again after people signed. Nothing is published
without an approval, and there is no standing authority for it.
"""

from __future__ import annotations

from typing import Any, Literal

from audit.policy import PolicyPublished
from checkpoints.ledger import OPS
from checkpoints.proposals import Proposal
from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidenceLine, EvidencePacket
from domain.decision import Outcome, Verb
from domain.effect import EffectStatus
from domain.errors import InvalidPolicy
from graphs.approval import Boundary
from graphs.policy_change.packet import exceptions, figures
from graphs.policy_change.report import Report
from graphs.policy_change.state import PolicyState
from graphs.services import services
from graphs.supervisor.boundaries import Consequences, request_for, signers_of
from graphs.supervisor.deciding import decide
from graphs.supervisor.known import decision, fact, standing
from graphs.supervisor.packet import policy_rows
from graphs.supervisor.settling import settle
from policies.difference_of_rules import Direction
from tools.policy_books import terms

PUBLISHED = "published"
POLICY_FACTS = frozenset(
    {
        "candidate_sound",
        "live_book_moved",
        "failed_examples",
        "compared_cases",
        "flipped_cases",
        "looser_changes",
    }
)


async def weigh(state: PolicyState) -> dict[str, Any]:
    """What a table may ask of the proposal. May run again."""
    proposal = await _proposal(state["case_id"])
    report = Report.model_validate(proposal.report)
    found: dict[str, int | bool] = {
        "candidate_sound": not await _unsound(proposal),
        "live_book_moved": not await _still_live(proposal),
        "failed_examples": len(report.failed_examples),
        "compared_cases": report.compared,
        "flipped_cases": len(report.flipped),
        "looser_changes": sum(each.direction == Direction.LOOSER for each in report.changes),
    }
    units = {name: "flag" if isinstance(value, bool) else "count" for name, value in found.items()}
    source = f"report:{proposal.report_digest[:12]}"
    known = {name: fact(value, units[name], source) for name, value in found.items()}
    return {"round": 0, "facts": known, "approvals": []}


async def decide_change(state: PolicyState) -> dict[str, Any]:
    """Evaluates the book's table; what it declines ends there. May run again."""
    update = await decide(state)
    declined = update["decision"]["outcome"] == Outcome.DECLINE.value
    return update | {"outcome": "declined" if declined else None}


def route_after_decide_change(state: PolicyState) -> Literal["close", "prepare_publish"]:
    """What the loader refuses or another version overtook is closed; everything else is for people to sign."""
    return "close" if state.get("outcome") else "prepare_publish"


async def prepare_publish(state: PolicyState) -> ApprovalRequest:
    """Puts exactly this candidate with exactly this report before the people whom the authority table names."""
    here = await standing(state)
    proposal = await _proposal(state["case_id"])
    report = Report.model_validate(proposal.report)
    action = Action(name="publish_book", args=dict(terms(proposal)), irreversible=True)
    concluded = decision(state)
    packet = EvidencePacket(
        asked=(
            f"{here.book.rules.title}: let {proposal.version} take the place of {proposal.replaces} "
            f"({proposal.action}): {proposal.reason} Approve to publish it, reject to keep what is in force."
        ),
        exceptions=exceptions(report, proposal),
        figures=(
            *figures(report),
            EvidenceLine(label="digest of the candidate", value=proposal.source_sha256, source="proposal"),
            EvidenceLine(label="digest of the report", value=proposal.report_digest, source="proposal"),
        ),
        judgements=(),
        policy_rows=policy_rows(here, state),
        missing=tuple(f"not known: {name}" for name in concluded.unknown),
        attestation=here.book.rules.boundaries["publish"].attests,
    )
    return await request_for(
        here, state, "publish", packet, Consequences((action,)), signers_of(here, state, "publish")
    )


async def record_publish(state: PolicyState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """What people signed is to be published, where the loader still takes it; an override publishes nothing."""
    match request.status, verb:
        case ApprovalStatus.APPROVED, Verb.APPROVE:
            return await _signed(state, request)
        case ApprovalStatus.REJECTED, _:
            return {"outcome": "rejected"}
        case ApprovalStatus.RETURNED, _:
            return {"outcome": "returned"}
        case ApprovalStatus.APPROVED, _:
            return {
                "outcome": None,
                "missing": ["a change of policy is approved or rejected, never overridden"],
            }
        case _:
            return {"outcome": None, "missing": ["nobody decided in time"]}


def route_after_publish_decision(state: PolicyState) -> str:
    """To publication, to the end, or to a person outside."""
    if state.get("authorised"):
        return "publish"
    return "close" if state.get("outcome") else "refer"


async def publish(state: PolicyState) -> dict[str, Any]:
    """Publishes through the outbox what was signed, and says so among operations. May run again."""
    update = await settle(state)
    left = [
        f"{each['kind']} is {each['status']}: {each['reason']}"
        for each in update["effects"]
        if not _done(each)
    ]
    if left:
        return {"effects": update["effects"], "missing": left, "outcome": None}
    proposal = await _proposal(state["case_id"])
    event = PolicyPublished(
        book=proposal.kind,
        version=proposal.version,
        replaces=proposal.replaces,
        case_id=proposal.case_id,
        report_digest=proposal.report_digest,
    )
    await services().ledger.record(OPS, f"policy/{proposal.case_id}", event)
    return update


def route_after_publish(state: PolicyState) -> Literal["close", "refer"]:
    """What did not happen goes to a person with the reason."""
    return "close" if state.get("outcome") == PUBLISHED else "refer"


PUBLISHING = Boundary(
    "publish", prepare_publish, record_publish, route_after_publish_decision, ("publish", "close", "refer")
)


def _done(effect: dict[str, Any]) -> bool:
    return bool(effect["status"] == EffectStatus.CONFIRMED)


async def _signed(state: PolicyState, request: ApprovalRequest) -> dict[str, Any]:
    proposal = await _proposal(state["case_id"])
    wrong = await _unsound(proposal) or (
        "" if await _still_live(proposal) else "another version is live by now"
    )
    if wrong:
        return {"authorised": [], "outcome": None, "missing": [f"not published: {wrong}"]}
    authorised = [{"action": each.model_dump(mode="json"), "claim": request.id} for each in request.actions]
    return {"authorised": authorised, "outcome": PUBLISHED}


async def _proposal(case_id: str) -> Proposal:
    here = services()
    return await here.proposals.of((case_id, *await here.cases.ancestors(case_id)))


async def _unsound(proposal: Proposal) -> str:
    """Why the candidate may not come into force; empty when it may."""
    if not proposal.whole:
        return "candidate or report are not those whose digests were proposed"
    try:
        book = services().books.read(proposal.source, proposal.version)
    except InvalidPolicy as error:
        return error.message
    return "" if book.version == proposal.version else f"the candidate is {book.version}"


async def _still_live(proposal: Proposal) -> bool:
    book, n = await services().books.live(proposal.kind)
    return (book.version, n) == (proposal.replaces, proposal.replaces_n)
