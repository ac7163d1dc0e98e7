"""The boundary at which a person lets go of an effect that a guardrail holds, or keeps it.

What they countersign is the release of exactly this order, up to exactly the numbers that they see. The effect
itself was authorised before; who made the case or decided it does not release it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidenceLine, EvidencePacket
from domain.bounds import RELEASE
from domain.decision import Verb
from domain.leaving import licence_in
from graphs.approval import Boundary
from graphs.services import services
from graphs.supervisor.boundaries import Consequences, Signers, request_for
from graphs.supervisor.known import Standing, standing
from graphs.supervisor.state import CaseState
from policies.authority import LICENSED
from policies.bounds import RELEASES


async def prepare_release(state: CaseState) -> ApprovalRequest:
    """Asks the people whom the book names about the effect that is held, with its sums."""
    return await asked(state, state["held"])


async def asked(state: CaseState, held: Mapping[str, Any]) -> ApprovalRequest:
    """The request to let one effect go; one that waits for its time may be let go before, until that time."""
    here = await _with_release(await standing(state))
    row = here.book.rules.boundaries[RELEASES]
    action = Action(
        name=RELEASE,
        args={"effect": held["effect"], "order": held["order"], **held["measures"]},
        irreversible=True,
    )
    request = await request_for(
        here,
        state,
        RELEASES,
        _packet(here, held, row.attests),
        Consequences(approve=(action,)),
        Signers(_licensed(held) or row.groups, row.quorum),
    )
    opens = [datetime.fromisoformat(held["until"])] if held.get("until") else []
    due = max((request.opened_at, *opens)) + timedelta(hours=row.due_hours)
    return request.model_copy(update={"involved": await _involved(state, here), "due_at": due})


def and_by(state: CaseState, order: str, approval: str) -> dict[str, str]:
    """Releases by order, with one more of this one."""
    before = state.get("releases", {})
    return {**before, order: f"{before.get(order, '')} {approval}".strip()}


async def record_release(state: CaseState, request: ApprovalRequest, verb: Verb | None) -> dict[str, Any]:
    """A release is handed to settlement; anything else leads to a person with what was held. May run again."""
    held = state["held"]
    if request.status is ApprovalStatus.APPROVED and verb is Verb.APPROVE:
        return {"releases": and_by(state, held["order"], request.id), "held": {}}
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


async def _with_release(here: Standing) -> Standing:
    """Of a case whose book is from before there was this boundary: today's."""
    rules = here.book.rules
    if RELEASES in rules.boundaries:
        return here
    todays = (await services().books.current(rules.kind)).rules.boundaries
    known = rules.model_copy(update={"boundaries": {**rules.boundaries, RELEASES: todays[RELEASES]}})
    return replace(here, book=replace(here.book, rules=known))


def _licensed(held: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups of those who hold a licence that a held text needs; nobody's where it needs none."""
    needed = {licence_in(name) for name in held["measures"]} - {None}
    return tuple(sorted(f"{LICENSED}{each}" for each in needed))


def _packet(here: Standing, held: Mapping[str, Any], attests: str) -> EvidencePacket:
    effect, until = held["effect"].replace("_", " "), held.get("until")
    choice = (
        f"waits until {until}. Let it go now, or leave it waiting"
        if until
        else "held. Release it, or keep it"
    )
    return EvidencePacket(
        asked=f"{here.book.rules.title}: {effect} is authorised and {choice}.",
        exceptions=(held["reason"],),
        figures=tuple(_measured(row, number) for row, number in held["measures"].items()),
        judgements=(),
        policy_rows=tuple(held["measures"]),
        missing=(),
        attestation=attests,
    )


def _measured(row: str, number: int) -> EvidenceLine:
    """What a row came to; of held words, which licence they need and the mark of exactly these words."""
    licence = licence_in(row)
    if licence is not None:
        return EvidenceLine(
            label=f"words that need the licence {licence}", value=row.rpartition(":")[2], source=row
        )
    return EvidenceLine(label=f"{row} comes to", value=str(number), source=row)
