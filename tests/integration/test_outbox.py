"""The outbox performs exactly what was authorised, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.demo.stories import routine
from checkpoints.claims import StandingClaim
from checkpoints.halts import halt, resume
from checkpoints.lease import take
from checkpoints.outbox import RESENDS
from checkpoints.standing import Grant, Use
from domain.approval import Action, ApprovalRequest
from domain.bounds import EffectMandate
from domain.clock import SetClock
from domain.errors import Halted, Refused, StaleWriter
from domain.hours import Freeze
from graphs.mandates import for_effects
from graphs.services import Services
from graphs.worker import book_of
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.people import UNDERWRITER


async def approved(services: Services, clock: SetClock) -> ApprovalRequest:
    """An approved request whose effects did not run yet."""
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    await decide(services, UNDERWRITER, request)
    return request


async def bounds(case_id: str) -> EffectMandate:
    """What the case's book holds its effects to."""
    book = await book_of(case_id)
    return for_effects(book, book.rules)


async def perform(services: Services, request: ApprovalRequest, action: Action, claim: object = None) -> str:
    lease = await take(services.database, request.case_id, "test", services.clock)
    mandate = await bounds(request.case_id)
    return (await services.outbox.perform(lease, "s", action, claim or request.id, mandate)).status  # type: ignore[arg-type]


async def test_one_cent_more_voids_the_authority(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    request = await approved(services, clock)
    offer = request.actions[0]
    dearer = offer.model_copy(update={"args": offer.args | {"principal_cents": 328_000_01}})
    with pytest.raises(Refused, match="exactly this action"):
        await perform(services, request, dearer)
    assert bank.counts()["loans_booked"] == 0


async def test_pending_request_authorises_nothing(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    request = await pending(services, case_id)
    with pytest.raises(Refused, match="nobody authorised"):
        await perform(services, request, request.actions[0])
    assert bank.counts()["loans_booked"] == 0


async def test_changed_evidence_voids_the_authority(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.approvals set request = jsonb_set(request, '{packet,asked}', '\"something else\"')"
        )
    with pytest.raises(Refused, match="changed"):
        await perform(services, request, request.actions[0])


async def test_approval_of_another_case_authorises_nothing(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    other = await opened(services, routine(clock.now().date()), "other")
    lease = await take(services.database, other, "test", services.clock)
    with pytest.raises(Refused, match="another case"):
        await services.outbox.perform(lease, "s", request.actions[0], request.id, await bounds(other))


async def test_effect_that_is_not_registered_is_refused(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    with pytest.raises(Refused, match="no effect"):
        await perform(services, request, Action(name="wire_money", args={}))


async def test_standing_authority_that_was_never_granted_is_refused(
    services: Services, clock: SetClock
) -> None:
    request = await approved(services, clock)
    forged = StandingClaim("forged", request.actions, request.packet, request.policy_version)
    with pytest.raises(Refused, match="grants no standing"):
        await perform(services, request, request.actions[0], forged)


async def test_decision_on_another_version_authorises_nothing(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.approval_decisions set decision = jsonb_set(decision, '{digest}', '\"0\"')"
        )
    with pytest.raises(Refused, match="another version"):
        await perform(services, request, request.actions[0])


async def granted(services: Services, request: ApprovalRequest, *actions: Action) -> StandingClaim:
    """A use of standing authority for these actions, as if the book granted it."""
    claim = StandingClaim(f"{request.case_id}/offer", actions, request.packet, request.policy_version)
    use = Use(claim.use_id, request.case_id, claim.binding, 1)
    async with services.database.transaction() as connection:
        assert await services.standing.use(connection, Grant("b", 1, 1, 0), use, services.clock.now().date())
    return claim


async def test_standing_authority_covers_the_action_it_was_used_for_and_no_other(
    services: Services, clock: SetClock
) -> None:
    request = await approved(services, clock)
    claim = await granted(services, request, request.actions[0])
    with pytest.raises(Refused, match="another action"):
        await perform(services, request, request.actions[1], claim)


@pytest.mark.parametrize("mark", ["adverse", "irreversible"])
async def test_adverse_and_irreversible_actions_never_run_on_standing_authority(
    services: Services, clock: SetClock, mark: str
) -> None:
    request = await approved(services, clock)
    grave = request.actions[0].model_copy(update={mark: True})
    with pytest.raises(Refused, match="need a person"):
        await perform(services, request, grave, await granted(services, request, grave))


@pytest.mark.parametrize("target", ["everything", "effect:book_offer", "kind:home_loan"])
async def test_halted_target_is_not_acted_on_until_it_is_resumed(
    services: Services, clock: SetClock, bank: RunningBank, target: str
) -> None:
    request = await approved(services, clock)
    async with services.database.transaction() as connection:
        await halt(connection, target, "sre-1", "drill", clock)
    with pytest.raises((Refused, Halted), match="halted"):
        await perform(services, request, request.actions[0])
    async with services.database.transaction() as connection:
        await resume(connection, target)
    assert await perform(services, request, request.actions[0]) == "confirmed"
    assert bank.counts()["loans_booked"] == 1


async def interrupted(services: Services, bank: RunningBank, request: ApprovalRequest) -> Action:
    """An order whose runner stopped while it was being sent; the other system holds nothing of it."""
    offer = request.actions[0]
    bank.break_next("POST /loans", "error_500", times=1 + RESENDS)
    assert await perform(services, request, offer) == "unknown"
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.effects set status = 'sending'")
    return offer


@pytest.mark.parametrize("target", ["everything", "effect:book_offer"])
async def test_order_under_way_is_not_sent_again_while_halted(
    services: Services, clock: SetClock, bank: RunningBank, target: str
) -> None:
    request = await approved(services, clock)
    offer = await interrupted(services, bank, request)
    async with services.database.transaction() as connection:
        await halt(connection, target, "sre-1", "drill", clock)
    if target == "everything":
        with pytest.raises(Halted):
            await perform(services, request, offer)
    else:
        assert await perform(services, request, offer) == "unknown"
    assert bank.counts()["loans_booked"] == 0


async def test_order_under_way_is_not_sent_again_outside_its_hours(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    request = await approved(services, clock)
    offer = await interrupted(services, bank, request)
    shut = Freeze(
        id="F1",
        effects=("book_offer",),
        begins=clock.now(),
        ends=clock.now() + timedelta(days=1),
        why="drill",
        source="test",
    )
    mandate = replace(await bounds(request.case_id), freezes=(shut,))
    lease = await take(services.database, request.case_id, "test", clock)
    ended = await services.outbox.perform(lease, "s", offer, request.id, mandate)
    assert (ended.status, "outside its hours" in ended.reason) == ("unknown", True)
    assert bank.counts()["loans_booked"] == 0


async def test_case_stands_still_when_it_is_halted_together_with_one_of_its_effects(
    services: Services, clock: SetClock
) -> None:
    request = await approved(services, clock)
    async with services.database.transaction() as connection:
        for target in ("effect:book_offer", "everything"):
            await halt(connection, target, "sre-1", "drill", clock)
    with pytest.raises(Halted):
        await perform(services, request, request.actions[0])


async def test_bounds_of_another_book_are_not_those_of_the_case(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    lease = await take(services.database, request.case_id, "test", clock)
    with pytest.raises(Refused, match="another book"):
        await services.outbox.perform(lease, "s", request.actions[0], request.id, EffectMandate("other@1"))


async def test_simulation_changes_nothing_outside_itself(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    async with services.database.transaction() as connection:
        await connection.execute("update countersign.cases set simulation = true")
    with pytest.raises(Refused, match="simulation"):
        await perform(services, request, request.actions[0])


async def test_runner_that_lost_the_case_performs_nothing(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    request = await approved(services, clock)
    stale = await take(services.database, request.case_id, "slow", clock)
    await take(services.database, request.case_id, "fast", clock)
    with pytest.raises(StaleWriter):
        await services.outbox.perform(
            stale, "s", request.actions[0], request.id, await bounds(request.case_id)
        )
    assert bank.counts()["loans_booked"] == 0


async def test_performing_again_gives_the_same_receipt(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    request = await approved(services, clock)
    lease = await take(services.database, request.case_id, "test", clock)
    offer = request.actions[0]
    mandate = await bounds(request.case_id)
    receipts = {
        (await services.outbox.perform(lease, "s", offer, request.id, mandate)).receipt for _ in range(3)
    }
    assert len(receipts) == 1
    assert bank.counts()["loans_booked"] == 1


async def test_effect_of_a_notice_and_its_row_happen_together(services: Services, clock: SetClock) -> None:
    request = await approved(services, clock)
    await advance(services, request.case_id)
    rows = await services.database.rows("select count(*) as n from countersign.notices")
    confirmed = [
        row for row in await services.outbox.of_case(request.case_id) if row["effect"] == "decision_notice"
    ]
    assert (rows[0]["n"], len(confirmed), confirmed[0]["status"]) == (1, 1, "confirmed")
