"""The boundary at which a person lets go of an effect that a guardrail holds, or keeps it.

What they countersign is the release of exactly this order, up to exactly the numbers that they see. The effect
itself was authorised before; who made the case or decided it does not release it.
"""

from __future__ import annotations

from typing import Any

from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidenceLine, EvidencePacket
from domain.bounds import RELEASE
from domain.decision import Verb
from graphs.approval import Boundary
from graphs.services import services
from graphs.supervisor.boundaries import Consequences, Signers, request_for
from graphs.supervisor.known import Standing, standing
from graphs.supervisor.state import CaseState
from policies.bounds import RELEASES


async def prepare_release(state: CaseState) -> ApprovalRequest:
    """Asks the people whom the book names about the effect that is held, with its sums."""
    here, held = await standing(state), state["held"]
    row = here.book.rules.boundaries[RELEASES]
    action = Action(
        name=RELEASE,
        args={"effect": held["effect"], "order": held["order"], **held["measures"]},
        irreversible=True,
    )
    request = request_for(
        here,
        state,
        RELEASES,
        _packet(here, held, row.attests),
        Consequences(approve=(action,)),
        Signers(row.groups, row.quorum),
    )
    return request.model_copy(update={"involved": await _involved(state, here)})


async def record_release(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """A release is handed to settlement; anything else leads to a person with what was held. May run again."""
    held = state["held"]
    if request.status is ApprovalStatus.APPROVED and verb is Verb.APPROVE:
        return {"releases": {**state.get("releases", {}), held["order"]: request.id}, "held": {}}
    return {"missing": [f"{held['effect']} was held and nobody released it: {held['reason']}"]}


def route_after_release(state: CaseState) -> str:
    """Back to settlement when it was released."""
    return "refer" if state.get("held") else "settle"


RELEASING = Boundary(RELEASES, prepare_release, record_release, route_after_release, ("settle", "refer"))


async def _involved(state: CaseState, here: Standing) -> tuple[str, ...]:
    """Who made the case and who decided at any boundary before."""
    people = {here.case.maker}
    for each in state.get("approvals", ()):
        if each["boundary"] != RELEASES:
            people |= {said.person for said in await services().desk.decisions(each["id"])}
    return tuple(sorted(people))


def _packet(here: Standing, held: dict[str, Any], attests: str) -> EvidencePacket:
    effect = held["effect"].replace("_", " ")
    return EvidencePacket(
        asked=f"{here.book.rules.title}: {effect} is authorised and held. Release it, or keep it.",
        exceptions=(held["reason"],),
        figures=tuple(
            EvidenceLine(label=f"{row} comes to", value=str(number), source=row)
            for row, number in held["measures"].items()
        ),
        judgements=(),
        policy_rows=tuple(held["measures"]),
        missing=(),
        attestation=attests,
    )
