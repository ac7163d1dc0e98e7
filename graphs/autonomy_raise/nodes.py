"""Steps of a raise: another person is asked, and the level moves if they agree and nobody lowered it meanwhile.

Owns the request and its consequence. Nothing about a customer is known here, and no effect can follow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from checkpoints.autonomy import Place, Raise, Stood
from domain.approval import (
    Action,
    ApprovalRequest,
    ApprovalStatus,
    EvidenceLine,
    EvidencePacket,
    binding_digest,
)
from domain.autonomy import Level
from domain.case import Case
from domain.decision import Verb
from graphs.approval import Boundary
from graphs.lease import lease_for
from graphs.recording import moment
from graphs.services import services
from graphs.supervisor.state import CaseState
from graphs.worker import book_of
from policies.book import InForce

NAME = "raise"
RAISE_LEVEL = "raise_autonomy"
PRODUCT = "autonomy"


async def prepare_raise(state: CaseState) -> ApprovalRequest:
    """Asks whoever the book names, but for the person who asks for it. May run again."""
    here, case_id = services(), state["case_id"]
    case, asked, book = (
        await here.cases.get(case_id),
        await here.cases.application(case_id),
        await book_of(case_id),
    )
    row, now = book.rules.boundaries[NAME], await moment(case_id, f"{case_id}.{NAME}.1")
    args = {name: str(asked[name]) for name in ("specialist", "workflow", "from", "to", "since")}
    actions = (Action(name=RAISE_LEVEL, args=args),)
    packet = _packet(case, asked, book)
    return ApprovalRequest(
        id=f"{case_id}.{NAME}.1",
        case_id=case_id,
        boundary=NAME,
        actions=actions,
        packet=packet,
        digest=binding_digest((actions, (), ()), packet, book.version),
        policy_version=book.version,
        candidate_groups=row.groups,
        limits=book.rules.limits_for(PRODUCT),
        quorum=row.quorum,
        amount_cents=0,
        product=PRODUCT,
        risk="high",
        maker=case.maker,
        opened_at=now,
        due_at=now + timedelta(hours=row.due_hours),
        escalates_to=row.escalates_to,
        status=ApprovalStatus.SIMULATED if case.simulation else ApprovalStatus.PENDING,
    )


async def record_raise(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """Only an approval raises, and only the level that was shown. May run again: a moved level is not moved twice."""
    if request.status is ApprovalStatus.EXPIRED:
        return {"outcome": None, "missing": ["nobody decided in time; the level stays as it is"]}
    if request.status is not ApprovalStatus.APPROVED or verb is not Verb.APPROVE:
        return {"outcome": "kept"}
    if services().mode == "sandbox":
        return {"outcome": "kept"}  # a studio copy of the database moves no level
    return {"outcome": "raised" if await _raised(request) else "overtaken"}


def route_after_raise(state: CaseState) -> str:
    """To the end, or to a person outside when nobody answered."""
    return "close" if state.get("outcome") else "refer"


RAISE = Boundary(NAME, prepare_raise, record_raise, route_after_raise, ("close", "refer"))


async def _raised(request: ApprovalRequest) -> bool:
    here = services()
    (action,) = request.actions
    args = {name: str(value) for name, value in action.args.items()}
    wanted = Raise(
        place=Place(args["specialist"], args["workflow"]),
        shown=Stood(Level(args["from"]), datetime.fromisoformat(args["since"])),
        to=Level(args["to"]),
        reason=request.packet.exceptions[0],
        asked_by=request.maker,
        approval_id=request.id,
    )
    async with here.database.transaction(await lease_for(request.case_id)) as connection:
        return await here.autonomy.raised(connection, wanted)


def _packet(case: Case, asked: dict[str, Any], book: InForce) -> EvidencePacket:
    """What both people stand for: which level, why it was lowered, why it may rise again."""
    place = Place(asked["specialist"], asked["workflow"])
    return EvidencePacket(
        asked=(
            f"{book.rules.title}: raise {place} from {asked['from']} to {asked['to']}. "
            "Approve to raise it, reject to leave it where it is."
        ),
        exceptions=(f"{case.maker} asks for it: {asked['reason']}",),
        figures=(
            EvidenceLine(
                label="lowered", value=f"{asked['lowered_because']} ({asked['lowered_by']})", source="ops"
            ),
            EvidenceLine(label="since", value=asked["since"], source="ops"),
        ),
        judgements=(),
        policy_rows=(),
        missing=(),
        attestation=book.rules.boundaries[NAME].attests,
    )
