"""The boundaries of an unwinding: the plan as a whole, and each compensation that the book wants by itself.

What is countersigned is bound to the exact receipts and amounts. A compensation is handed to settlement only when
everything that comes before it is covered too, so that the order is kept whoever signs first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.approval import Action, ApprovalRequest, ApprovalStatus, EvidenceLine, EvidencePacket
from domain.decision import Verb
from domain.money import dollars, in_words
from domain.unwinding import ATTEMPT, UndoStep
from graphs.approval import Boundary
from graphs.supervisor.boundaries import Consequences, request_for, signers_of
from graphs.supervisor.known import Standing, standing
from graphs.supervisor.packet import figures, policy_rows
from graphs.unwinding.overtaking import overtaken
from graphs.unwinding.planning import steps_of, to_undo
from graphs.unwinding.state import UnwindingState
from graphs.unwinding.telling import NOTICE, notice_of
from policies.unwinding import EACH, WHOLE

SETTLED = {ApprovalStatus.REJECTED: "kept", ApprovalStatus.RETURNED: "returned"}


async def prepare_unwinding(state: UnwindingState) -> ApprovalRequest:
    """Puts the whole plan before the people whom the book names, with what stays as exceptions."""
    here = await standing(state)
    asked = (
        f"{here.book.rules.title} of {here.application['unwinds']}: "
        f"{here.book.rules.unwinding.defects[here.application['reason']].text}. "  # type: ignore[union-attr]
        f"Countersign what is taken back, in this order; reject to keep everything as it is."
    )
    steps = to_undo(state)
    packet = _packet(here, state, steps_of(state), asked, WHOLE)
    actions = (*(_action(each) for each in steps if not _by_itself(here, each)), *notice_of(here, state))
    return await _request(here, state, WHOLE, packet, actions)


async def record_unwinding(
    state: UnwindingState, request: ApprovalRequest, verb: Verb | None
) -> dict[str, Any]:
    """What the plan covers is handed to settlement; a rejection keeps everything. May run again."""
    if request.status is ApprovalStatus.APPROVED and verb is Verb.APPROVE:
        here = await standing(state)
        graver = await overtaken(here, request.id)
        if graver:
            return {"missing": graver}
        covered = [each.key for each in to_undo(state) if not _by_itself(here, each)]
        return _claimed(state, here, dict.fromkeys([*covered, NOTICE], request.id))
    if request.status in SETTLED:
        return {"outcome": SETTLED[request.status]}
    return {"missing": [f"the plan was not countersigned: {_said(request, verb)}"]}


def route_after_unwinding(state: UnwindingState) -> str:
    """To settlement, to the first step that is signed by itself, to the end, or to a person."""
    if state.get("outcome"):
        return "close"
    return "refer" if state.get("missing") else route_on(state)


async def prepare_compensation(state: UnwindingState) -> ApprovalRequest:
    """Puts the next compensation before people by itself, with its receipt and its amount."""
    here, step = await standing(state), _next(state)
    asked = f"Unwinding of {here.application['unwinds']}: take back {in_words(step.effect)} {step.receipt}."
    packet = _packet(here, state, (step,), asked, EACH)
    request = await _request(here, state, EACH, packet, (_action(step),))
    return request.model_copy(update={"amount_cents": step.cents})


async def record_compensation(
    state: UnwindingState, request: ApprovalRequest, verb: Verb | None
) -> dict[str, Any]:
    """The compensation is handed to settlement, or the rest goes to a person. May run again."""
    step, here = _next(state), await standing(state)
    if request.status is ApprovalStatus.APPROVED and verb is Verb.APPROVE:
        graver = await overtaken(here, request.id)
        if graver:
            return {"refused": step.key, "missing": graver}
        return _claimed(state, here, {step.key: request.id})
    said = f"{in_words(step.effect)} {step.receipt}: taking it back was not countersigned: {_said(request, verb)}"
    return {"refused": step.key, "missing": [said]}


def route_on(state: UnwindingState) -> str:
    """To what is covered and not settled yet, to the next signature, or to a person when one was refused."""
    if state.get("refused"):
        return "refer"
    return (
        "settle"
        if len(state.get("authorised", ())) > len(state.get("effects", ()))
        else "prepare_compensation"
    )


def uncovered(state: UnwindingState) -> tuple[UndoStep, ...]:
    """Steps without a signature, in order."""
    return tuple(each for each in to_undo(state) if each.key not in state.get("claims", {}))


UNWINDING = Boundary(
    WHOLE,
    prepare_unwinding,
    record_unwinding,
    route_after_unwinding,
    ("settle", "prepare_compensation", "close", "refer"),
)
COMPENSATION = Boundary(
    EACH, prepare_compensation, record_compensation, route_on, ("settle", "prepare_compensation", "refer")
)


def _claimed(state: UnwindingState, here: Standing, covered: dict[str, str]) -> dict[str, Any]:
    """The signatures so far, and what they let settlement do: every step up to the first without one."""
    claims = {**state.get("claims", {}), **covered}
    ready: list[dict[str, Any]] = []
    for step in to_undo(state):
        if step.key not in claims:
            return {"claims": claims, "authorised": ready}
        ready.append({"action": _action(step).model_dump(mode="json"), "claim": claims[step.key]})
    told = [
        {"action": each.model_dump(mode="json"), "claim": claims[NOTICE]} for each in notice_of(here, state)
    ]
    return {"claims": claims, "authorised": [*ready, *told]}


def _said(request: ApprovalRequest, verb: Verb | None) -> str:
    """An override is of what policy proposes: it takes nothing back."""
    return "an override takes nothing back" if verb is Verb.OVERRIDE else request.status.value


def _next(state: UnwindingState) -> UndoStep:
    return uncovered(state)[0]


def _by_itself(here: Standing, step: UndoStep) -> bool:
    section = here.book.rules.unwinding
    return section is not None and _action(step).name in section.one_by_one


def _action(step: UndoStep) -> Action:
    if step.by is None:
        raise ValueError(f"nothing takes back {step.effect}")
    return step.by


async def _request(
    here: Standing, state: UnwindingState, boundary: str, packet: EvidencePacket, actions: tuple[Action, ...]
) -> ApprovalRequest:
    """Nothing of it can be edited: another amount would take back something else."""
    signers = signers_of(here, state, boundary)
    request = await request_for(here, state, boundary, packet, Consequences(approve=actions), signers)
    return request.model_copy(update={"editable": (), "involved": _involved(here, state)})


def _involved(here: Standing, state: UnwindingState) -> tuple[str, ...]:
    """Who made or decided the case that is unwound, where the book wants fresh eyes."""
    section = here.book.rules.unwinding
    return tuple(state.get("people", ())) if section is None or section.fresh_eyes else ()


def _packet(
    here: Standing, state: UnwindingState, steps: Iterable[UndoStep], asked: str, boundary: str
) -> EvidencePacket:
    planned = tuple(steps)
    return EvidencePacket(
        asked=asked,
        exceptions=tuple(
            f"{named(each)}: {each.why}" for each in planned if each.fate in ("stays", "unknown")
        ),
        figures=(*(_line(each) for each in planned if each.fate == "undo"), *figures(state)),
        judgements=(),
        policy_rows=policy_rows(here, state),
        missing=tuple(
            f"{named(each)}: the other system did not answer when this was planned"
            for each in planned
            if each.fate == "undo" and not each.shows
        ),
        attestation=here.book.rules.boundaries[boundary].attests,
        account=_evidence(here),
    )


def _evidence(here: Standing) -> str:
    return f"Reported by {here.case.maker}: {here.application.get('evidence') or 'no more was said'}"


def _line(step: UndoStep) -> EvidenceLine:
    by = in_words(_action(step).name)
    before = int(_action(step).args[ATTEMPT]) - 1
    again = f"; asked for in vain before: {before}" if before else ""
    return EvidenceLine(
        label=f"{by} of {step.receipt}",
        value=f"{dollars(step.cents)}; shows as {step.shows or 'not known'}{again}",
        source=step.key,
    )


def named(step: UndoStep) -> str:
    """An effect as people read it."""
    money = f", {dollars(step.cents)}" if step.cents else ""
    return f"{in_words(step.effect)} {step.receipt or 'without a receipt'}{money}"
