"""Settles a decided case: performs what was authorised, exactly and once, then closes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from audit.events import CaseClosed, EffectRefused
from checkpoints.cases import Cases
from checkpoints.claims import Claim, StandingClaim
from checkpoints.outbox import Result, order_of
from domain.approval import Action, EvidencePacket
from domain.bounds import EffectMandate
from domain.case import CaseStatus
from domain.effect import EffectOrder, EffectStatus
from domain.errors import Refused
from graphs.lease import lease_for
from graphs.mandates import for_effects
from graphs.recording import record
from graphs.services import services
from graphs.supervisor.known import decision
from graphs.supervisor.state import CaseState
from graphs.worker import book_of


async def settle(state: CaseState) -> dict[str, Any]:
    """Performs each authorised action through the outbox, in order; stops at the first that did not happen (yet).

    What waits for conditions is left for later while one is unmet. May run again: the outbox performs each at
    most once.
    """
    done: list[dict[str, Any]] = []
    book = await book_of(state["case_id"])
    today = await services().books.current(book.rules.kind)
    waits = book.rules.effects.after_conditions if state.get("unmet") else ()
    for n, each in enumerate(state.get("authorised", ())):
        order = order_of(state["case_id"], f"settle/{n}", Action.model_validate(each["action"]))
        if order.action.name in waits:
            continue
        releases = tuple(state.get("releases", {}).get(order.key, "").split())
        mandate = for_effects(book, today.rules, releases, decision(state).facts)
        result = await _perform(order, _claim(each["claim"]), replace(mandate, hours_of=today.version))
        done.append(_told(order, result))
        if result.status is not EffectStatus.CONFIRMED:
            await _look_out()
        if result.status is EffectStatus.HELD:
            return {"effects": done, "held": _held(order, result)}
        if result.until is not None:
            return {"effects": done, "shut": _held(order, result) | {"until": result.until.isoformat()}}
        if result.status is not EffectStatus.CONFIRMED:
            return {"effects": done, "missing": [f"{order.action.name} is {result.status}: {result.reason}"]}
    return {"effects": done}


def route_after_settle(
    state: CaseState,
) -> Literal["close", "refer", "request_conditions", "prepare_release", "request_opening"]:
    """What is held goes to whoever may release it, what did not happen to a person with the facts.

    Unmet conditions are waited for, and so is the time of what may not happen yet.
    """
    if state.get("held"):
        return "prepare_release"
    if state.get("shut"):
        return "request_opening"
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


async def _perform(order: EffectOrder, claim: Claim, mandate: EffectMandate) -> Result:
    here, case_id, step, action = services(), order.case_id, order.step, order.action
    try:
        if here.mode == "sandbox":
            raise Refused("effects are impossible in the sandbox", control="outbox.sandbox")
        return await here.outbox.perform(await lease_for(case_id), step, action, claim, mandate)
    except Refused as error:
        await record(case_id, step, EffectRefused(effect=action.name, step=step, reason=error.message))
        return Result(EffectStatus.REFUSED, reason=error.message)


async def _look_out() -> None:
    """An effect did not happen: whether so many did not that something is halted."""
    books = await services().books.all()
    async with services().database.transaction() as connection:
        await services().tripwires.look(connection, books)


def _told(order: EffectOrder, result: Result) -> dict[str, Any]:
    return {
        "kind": order.action.name,
        "status": result.status.value,
        "receipt": result.receipt,
        "read_back": dict(result.read_back or {}),
        "reason": result.reason,
    }


def _held(order: EffectOrder, result: Result) -> dict[str, Any]:
    return {
        "effect": order.action.name,
        "order": order.key,
        "reason": result.reason,
        "measures": dict(result.measures),
    }


def _claim(plain: Any) -> Claim:
    if isinstance(plain, str):
        return plain
    return StandingClaim(
        use_id=plain["use_id"],
        actions=tuple(Action.model_validate(each) for each in plain["actions"]),
        packet=EvidencePacket.model_validate(plain["packet"]),
        policy_version=plain["policy_version"],
    )
