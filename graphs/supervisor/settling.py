"""Settles a decided case: performs what was authorised, exactly and once, then closes it."""

from __future__ import annotations

from typing import Any, Literal

from audit.events import CaseClosed, EffectRefused
from checkpoints.cases import Cases
from checkpoints.outbox import Claim, Result, StandingClaim
from domain.approval import Action, EvidencePacket
from domain.case import CaseStatus
from domain.effect import EffectStatus
from domain.errors import Refused
from graphs.lease import lease_for
from graphs.recording import record
from graphs.services import services
from graphs.supervisor.state import CaseState
from graphs.worker import book_of


async def settle(state: CaseState) -> dict[str, Any]:
    """Performs each authorised action through the outbox, in order; stops at the first that did not happen.

    What waits for conditions is left for later while one is unmet. May run again: the outbox performs each at
    most once.
    """
    done: list[dict[str, Any]] = []
    waits = (await book_of(state["case_id"])).rules.effects.after_conditions if state.get("unmet") else ()
    for n, each in enumerate(state.get("authorised", ())):
        action = Action.model_validate(each["action"])
        if action.name in waits:
            continue
        result = await _perform(state["case_id"], f"settle/{n}", action, _claim(each["claim"]))
        done.append(
            {
                "kind": action.name,
                "status": result.status.value,
                "receipt": result.receipt,
                "read_back": dict(result.read_back or {}),
                "reason": result.reason,
            }
        )
        if result.status is not EffectStatus.CONFIRMED:
            return {"effects": done, "missing": [f"{action.name} is {result.status}: {result.reason}"]}
    return {"effects": done}


def route_after_settle(state: CaseState) -> Literal["close", "refer", "request_conditions"]:
    """A case whose effects did not all happen goes to a person with the facts; unmet conditions are waited for."""
    if any(each["status"] != EffectStatus.CONFIRMED for each in state.get("effects", ())):
        return "refer"
    return "request_conditions" if state.get("unmet") else "close"


async def close(state: CaseState) -> dict[str, Any]:
    """The end: status and outcome on the case, one event. May run again."""
    case_id, outcome = state["case_id"], state.get("outcome") or "referred"
    async with services().database.transaction(await lease_for(case_id)) as connection:
        await services().ledger.append(connection, case_id, "close", CaseClosed(outcome=outcome))
        await Cases.close(connection, case_id, CaseStatus.CLOSED, outcome, services().clock.now())
    return {"outcome": outcome}


async def _perform(case_id: str, step: str, action: Action, claim: Claim) -> Result:
    here = services()
    try:
        if here.mode == "sandbox":
            raise Refused("effects are impossible in the sandbox", control="outbox.sandbox")
        return await here.outbox.perform(await lease_for(case_id), step, action, claim)
    except Refused as error:
        await record(case_id, step, EffectRefused(effect=action.name, step=step, reason=error.message))
        return Result(EffectStatus.REFUSED, reason=error.message)


def _claim(plain: Any) -> Claim:
    if isinstance(plain, str):
        return plain
    return StandingClaim(
        use_id=plain["use_id"],
        actions=tuple(Action.model_validate(each) for each in plain["actions"]),
        packet=EvidencePacket.model_validate(plain["packet"]),
        policy_version=plain["policy_version"],
    )
