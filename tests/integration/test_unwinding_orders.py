"""Orders of an unwinding: exactly what the unwound case did is taken back, and only the book's reasons are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checkpoints.lease import take
from checkpoints.outbox import order_of
from checkpoints.saver import CaseSaver
from domain.approval import Action, binding_digest
from domain.clock import SetClock
from domain.errors import Refused
from graphs.services import Services
from graphs.supervisor.known import decision
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, pending
from tests.fakes.people import CHIEF
from tests.fakes.unwound import (
    REVERSE,
    effects,
    referral,
    refunded,
    taken_back_at_the_second_attempt,
    three_refunds,
    unwinding,
)
from tests.integration.test_outbox import bounds


async def signed(services: Services, case_id: str, action: Action) -> str:
    """An approval of this action that everybody signed, as if somebody had slipped it in."""
    request = await pending(services, case_id)
    bound = binding_digest(((action,), (), ()), request.packet, request.policy_version)
    slipped = request.model_copy(update={"id": f"{request.id}.x", "actions": (action,), "digest": bound})
    async with services.database.transaction() as connection:
        await services.desk.open(connection, slipped)
    await decide(services, CHIEF, slipped)
    return slipped.id


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({"undoes": "theirs", "receipt": "AM-000002"}, "nothing that the unwound case did"),
        ({"undoes": "no such order"}, "nothing that the unwound case did"),
        ({"receipt": "AM-000002"}, "exactly this"),
        ({"amount_cents": 1}, "exactly this"),
        ({"attempt": 2}, "exactly this"),
    ],
)
async def test_compensation_of_anything_else_is_refused_whoever_signed_it(
    services: Services, bank: RunningBank, clock: SetClock, args: dict[str, Any], why: str
) -> None:
    of, other = await refunded(services, clock), await refunded(services, clock, "other")
    (theirs,) = [each for each in await services.unwound.steps(other) if each.by]
    (ours,) = [each.by for each in await services.unwound.steps(of) if each.by]
    case_id = await unwinding(services, of)
    forged = {name: theirs.key if value == "theirs" else value for name, value in args.items()}
    action = ours.model_copy(update={"args": {**ours.args, **forged}})
    claim = await signed(services, case_id, action)
    lease, mandate = await take(services.database, case_id, "test", clock), await bounds(case_id)
    with pytest.raises(Refused, match=why):
        await services.outbox.perform(lease, "s", action, claim, mandate)
    assert bank.counts()["amendments_reversed"] == 0


def test_key_of_a_compensation_is_made_of_what_it_takes_back_alone() -> None:
    args = {"undoes": "k", "receipt": "AM-1", "attempt": 1, "amount_cents": 1}
    undo = Action(name="reverse_amendment", args={**args})
    assert order_of("a", "settle/0", undo).key == order_of("b", "settle/7", undo).key
    for change in ({"receipt": "AM-2"}, {"attempt": 2}):
        other = undo.model_copy(update={"args": {**undo.args, **change}})
        assert order_of("a", "settle/0", other).key != order_of("a", "settle/0", undo).key


async def test_compensation_that_was_refused_once_is_asked_for_again_by_the_next_unwinding(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await three_refunds(services, clock)
    await taken_back_at_the_second_attempt(services, bank, of)
    assert (await effects(services, of))["amend_loan"] == "compensated"
    assert (bank.counts()["amendments_reversed"], bank.counts()["calls"][REVERSE]) == (3, 4)


async def test_compensation_that_another_case_asked_for_is_not_this_ones(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    case_id = await unwinding(services, of)
    (action,) = [each.by for each in await services.unwound.steps(of) if each.by]
    claim = await signed(services, case_id, action)
    await rows(services, "insert into countersign.effects (key, case_id, step, effect, action, authority, status,"
               " updated_at) select %s, case_id, 's', effect, '{}', 'a', 'sending', updated_at"
               " from countersign.effects where case_id = %s limit 1", order_of("", "", action).key, of)  # fmt: skip
    lease, mandate = await take(services.database, case_id, "test", clock), await bounds(case_id)
    with pytest.raises(Refused, match="asked for this before, and it is sending"):
        await services.outbox.perform(lease, "s", action, claim, mandate)
    assert bank.counts()["amendments_reversed"] == 0


async def test_what_an_earlier_unwinding_left_unknown_is_not_asked_for_again_but_handed_to_a_person(
    services: Services, bank: RunningBank, clock: SetClock
) -> None:
    of = await refunded(services, clock)
    first = await unwinding(services, of)
    await decide(services, CHIEF, await pending(services, first))
    bank.break_next(REVERSE, "error_500", times=9)
    await advance(services, first)
    second = await unwinding(services, of, key="second")
    told = [line for line in (await referral(services, second))["missing"] if "amend loan" in line]
    assert len(told) == 1
    assert f"{first} ordered it to be taken back, and nobody knows whether that happened" in told[0]


@pytest.mark.parametrize(
    "change", [{"reasons": "Something else"}, {"within_days": 5}, {"application_date": "2026-01-01"}]
)
async def test_notice_of_an_unwinding_tells_what_the_book_says_of_the_defect_or_does_not_leave(
    services: Services, clock: SetClock, change: dict[str, Any]
) -> None:
    of = await three_refunds(services, clock)
    case_id = await unwinding(services, of)
    (notice,) = [each for each in (await pending(services, case_id)).actions if each.adverse]
    told = notice.model_copy(update={"args": {**notice.args, **change}})
    claim = await signed(services, case_id, told)
    lease, mandate = await take(services.database, case_id, "test", clock), await bounds(case_id)
    known = replace(mandate, facts=decision(await state_of(services, case_id)).facts)
    result = await services.outbox.perform(lease, "s", told, claim, known)
    assert (result.status, result.reason.partition(":")[0]) == ("refused", "reasons_used")


async def rows(services: Services, query: str, *given: object) -> None:
    async with services.database.transaction() as connection:
        assert (await connection.execute(query, given)).rowcount  # type: ignore[arg-type]


async def state_of(services: Services, case_id: str) -> Any:
    case = await services.cases.get(case_id)
    graph = services.workflows.of(case).graph.copy(update={"checkpointer": CaseSaver(services.database.pool)})
    return (await graph.aget_state({"configurable": {"thread_id": case_id}})).values
