"""On whose authority an effect happens: a person's approval, or a use of standing authority, for exactly its action.

Owns what a claim is and when it holds. Never performs anything; the outbox asks here at the moment it acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checkpoints.approvals import SQL as APPROVALS
from checkpoints.approvals import Desk
from checkpoints.autonomy import SQL as AUTONOMY
from checkpoints.autonomy import WITHOUT_PERSON_NO_MORE
from checkpoints.database import Connection
from checkpoints.standing import SQL as STANDING
from domain.approval import (
    Action,
    ApprovalDecision,
    ApprovalRequest,
    ApprovalStatus,
    EvidencePacket,
    binding_digest,
)
from domain.bounds import RELEASE
from domain.decision import Verb
from domain.effect import EffectOrder
from domain.errors import Refused


@dataclass(frozen=True, slots=True)
class StandingClaim:
    """Says that actions run on this use of standing authority, on this evidence and policy."""

    use_id: str
    actions: tuple[Action, ...]
    packet: EvidencePacket
    policy_version: str

    @property
    def binding(self) -> str:
        """What the use must have been bound to for exactly these actions."""
        return binding_digest((self.actions, (), ()), self.packet, self.policy_version)


Claim = str | StandingClaim  # an approval id, or a standing use


async def require_authority(
    connection: Connection, desk: Desk, order: EffectOrder, claim: Claim
) -> tuple[ApprovalDecision, ...]:
    """What people decided on exactly this action, nothing for standing authority; ``Refused`` without authority."""
    if isinstance(claim, StandingClaim):
        await _require_standing(connection, order, claim)
        return ()
    request, said = await _decided(connection, desk, order, claim)
    if order.action not in _authorised(request, said):
        raise Refused("nobody authorised exactly this action", control="outbox.authority")
    return tuple(said)


async def released(
    connection: Connection,
    desk: Desk,
    order: EffectOrder,
    approvals: tuple[str, ...],
    involved: tuple[str, ...],
) -> Mapping[str, int]:
    """What people let go of an order that was held, by each of these approvals: up to which number of which row.

    Raises:
        Refused: nobody released exactly this order, or somebody did who made or decided what was held.
    """
    together: dict[str, int] = {}
    for each in approvals:
        for row, up_to in (await _let_go(connection, desk, order, each, involved)).items():
            together[row] = max(up_to, together.get(row, up_to))
    return together


async def _let_go(
    connection: Connection, desk: Desk, order: EffectOrder, approval_id: str, involved: tuple[str, ...]
) -> Mapping[str, int]:
    request, said = await _decided(connection, desk, order, approval_id)
    if {each.person for each in said} & set(involved):
        raise Refused("who made or decided what is held does not release it", control="outbox.release")
    for action in _authorised(request, said):
        if action.name == RELEASE and action.args.get("order") == order.key:
            return {row: up_to for row, up_to in action.args.items() if isinstance(up_to, int)}
    raise Refused("nobody released exactly this effect", control="outbox.release")


def named(claim: Claim, releases: tuple[str, ...] = ()) -> str:
    """The authority as the effect's row and its event show it."""
    base = f"standing:{claim.use_id}" if isinstance(claim, StandingClaim) else f"approval:{claim}"
    return " ".join((base, *(f"released:{each}" for each in releases)))


async def _decided(
    connection: Connection, desk: Desk, order: EffectOrder, approval_id: str
) -> tuple[ApprovalRequest, list[ApprovalDecision]]:
    request = await desk.get(approval_id)
    decisions = await (await connection.execute(APPROVALS["decisions"], (approval_id,))).fetchall()
    said = [ApprovalDecision.model_validate(row["decision"]) for row in decisions]
    if request.case_id != order.case_id or request.binding != request.digest:
        raise Refused("the approval is of another case or was changed", control="outbox.binding")
    if any(each.digest != request.digest for each in said):
        raise Refused("somebody decided on another version of this request", control="outbox.binding")
    return request, said


def _authorised(request: ApprovalRequest, said: list[ApprovalDecision]) -> tuple[Action, ...]:
    """The actions that these decisions release."""
    verbs = {each.verb for each in said}
    if request.status is ApprovalStatus.REJECTED and Verb.REJECT in verbs:
        return request.on_reject
    if request.status is not ApprovalStatus.APPROVED or len({each.person for each in said}) < request.quorum:
        return ()
    return (
        request.on_override
        if verbs == {Verb.OVERRIDE}
        else request.actions
        if verbs == {Verb.APPROVE}
        else ()
    )


async def _require_standing(connection: Connection, order: EffectOrder, claim: StandingClaim) -> None:
    use = await (await connection.execute(STANDING["get"], (claim.use_id,))).fetchone()
    if use is None or use["case_id"] != order.case_id or use["digest"] != claim.binding:
        raise Refused("the book grants no standing authority for this", control="outbox.authority")
    if order.action not in claim.actions:
        raise Refused("standing authority was used for another action", control="outbox.authority")
    values = (claim.use_id, WITHOUT_PERSON_NO_MORE)
    lowered = await (await connection.execute(AUTONOMY["withheld"], values)).fetchone()
    if lowered is not None:
        why = f"{lowered['specialist']} may only {lowered['level']} by now: {lowered['reason']}"
        raise Refused(f"it needs a person: {why}", control="outbox.autonomy")
    if order.action.adverse or order.action.irreversible:
        raise Refused("adverse and irreversible actions need a person", control="outbox.standing")
