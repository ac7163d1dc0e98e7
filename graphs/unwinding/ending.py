"""How an unwinding ends: everything was taken back, or what was not becomes a person's case with the facts."""

from __future__ import annotations

from typing import Any, Literal

from audit.unwinding import UnwindingEnded
from checkpoints.compensating import MEANWHILE
from domain.effect import EffectStatus
from domain.unwinding import UNDOES, UndoStep
from graphs.lease import lease_for
from graphs.services import services
from graphs.supervisor.known import standing
from graphs.supervisor.referring import refer
from graphs.supervisor.settling import close
from graphs.supervisor.state import CaseState
from graphs.unwinding.countersigning import named, uncovered
from graphs.unwinding.overtaking import overtaken
from graphs.unwinding.planning import steps_of
from graphs.unwinding.state import UnwindingState

END = "end"  # where what was reported too late for every signature is put on record


def route_after_settle_unwinding(
    state: UnwindingState,
) -> Literal["prepare_release", "request_opening", "prepare_compensation", "close", "refer"]:
    """On to the next signature; to a person with whatever was not taken back; to the end when nothing is left.

    What is held is released first, and what may not happen yet waits for its time.
    """
    if state.get("held"):
        return "prepare_release"
    if state.get("shut"):
        return "request_opening"
    if any(each["status"] != EffectStatus.CONFIRMED for each in state.get("effects", ())):
        return "refer"
    if uncovered(state):
        return "prepare_compensation"
    return "refer" if stands(state) else "close"


async def end_unwinding(state: UnwindingState) -> dict[str, Any]:
    """Closes it, and tells the case that was unwound. May run again.

    A graver defect that was reported too late to stop anything goes to a person all the same.
    """
    if await overtaken(await standing(state), END):
        return await leave_the_rest(state)
    outcome = state.get("outcome") or "unwound"
    await _tell(state, outcome, ())
    return await close({"case_id": state["case_id"], "outcome": outcome})


async def leave_the_rest(state: UnwindingState) -> dict[str, Any]:
    """Refers it with every effect that was not taken back and what to do about it. May run again."""
    remaining, before = stands(state), state.get("missing", ())
    graver = [] if _told_before(state) else await overtaken(await standing(state), END)
    missing = [*graver, *before, *(f"{named(each)}: {why}" for each, why in remaining)]
    await _tell(state, "referred", tuple(each.effect for each, _ in remaining))
    effects, risk = state.get("effects", []), state.get("risk", "high")
    told = CaseState(case_id=state["case_id"], missing=missing, effects=effects, risk=risk)
    return await refer({**told, "lasting": bool(remaining)})


def _told_before(state: UnwindingState) -> bool:
    """Whether the boundary said so, and that is why it ends."""
    return any(line.startswith(MEANWHILE.partition("{")[0]) for line in state.get("missing", ()))


def stands(state: UnwindingState) -> tuple[tuple[UndoStep, str], ...]:
    """Effects that stand, each with why and what a person does about it."""
    done = _taken_back(state)
    return tuple(
        (each, each.why or "it was not taken back: see what came before it")
        for each in steps_of(state)
        if each.fate != "undone" and each.key not in done
    )


def _taken_back(state: UnwindingState) -> frozenset[str]:
    """Keys of what was taken back, by what the outbox confirmed."""
    settled = zip(state.get("authorised", ()), state.get("effects", ()), strict=False)
    return frozenset(
        str(asked["action"]["args"][UNDOES])
        for asked, told in settled
        if told["status"] == EffectStatus.CONFIRMED and UNDOES in asked["action"]["args"]
    )


async def _tell(state: UnwindingState, outcome: str, left_over: tuple[str, ...]) -> None:
    here, case = services(), await standing(state)
    if case.case.simulation:
        return
    event = UnwindingEnded(unwinding=case.case.id, outcome=outcome, left=left_over)
    async with here.database.transaction(await lease_for(case.case.id)) as connection:
        of = str(case.application["unwinds"])
        await here.ledger.append(connection, of, f"unwinding/{case.case.id}", event)
