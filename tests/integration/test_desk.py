"""The approval desk refuses whatever is not exactly right, and remembers the attempt."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from api.demo.stories import routine, self_employed
from checkpoints.answers import Answer
from checkpoints.escalation import Escalation
from domain.approval import ApprovalRequest, ApprovalStatus
from domain.clock import SetClock
from domain.decision import Verb
from domain.errors import BadInput, Conflict, CountersignError, Forbidden, NotFound
from graphs.services import Services
from tests.fakes.casework import advance, decide, kinds, opened, pending
from tests.fakes.people import CHIEF, SECOND_UNDERWRITER, SENIOR, UNDERWRITER


async def offer(services: Services, clock: SetClock) -> ApprovalRequest:
    return await pending(services, await opened(services, routine(clock.now().date())))


async def test_claimed_request_is_held_from_others_until_released(
    services: Services, clock: SetClock
) -> None:
    request = await offer(services, clock)
    await services.desk.claim(UNDERWRITER, request.id)
    with pytest.raises(Conflict, match="held by underwriter-1"):
        await services.desk.claim(SECOND_UNDERWRITER, request.id)
    with pytest.raises(Conflict):
        await decide(services, SECOND_UNDERWRITER, request)
    await services.desk.release(UNDERWRITER, request.id)
    assert (await services.desk.claim(SECOND_UNDERWRITER, request.id)).claimed_by == "underwriter-2"


async def test_request_whose_digest_covers_something_else_is_not_opened(
    services: Services, clock: SetClock
) -> None:
    request = await offer(services, clock)
    other = request.model_copy(update={"id": "other", "digest": "0" * 64})
    with pytest.raises(Conflict):
        async with services.database.transaction() as connection:
            await services.desk.open(connection, other)
    with pytest.raises(NotFound):
        await services.desk.get("other")


async def test_request_is_given_back_by_its_holder_only(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    await services.desk.claim(UNDERWRITER, request.id)
    with pytest.raises(Conflict):
        await services.desk.release(SECOND_UNDERWRITER, request.id)
    assert (await services.desk.get(request.id)).claimed_by == UNDERWRITER.id


async def test_decision_on_a_version_not_shown_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    with pytest.raises(Conflict, match="changed since you looked"):
        await services.desk.decide(UNDERWRITER, request.id, Answer(Verb.APPROVE, "fine", "0" * 64))


async def test_decision_without_a_reason_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    for nothing in (" ", "\u200b\u200b", "...", "\u2800"):
        with pytest.raises(BadInput, match="reason"):
            await services.desk.decide(UNDERWRITER, request.id, Answer(Verb.APPROVE, nothing, request.digest))


async def test_override_without_a_reason_code_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    with pytest.raises(BadInput, match="reason code"):
        await services.desk.decide(SENIOR, request.id, Answer(Verb.OVERRIDE, "I know better", request.digest))


async def test_second_decision_on_a_settled_request_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    await decide(services, UNDERWRITER, request)
    with pytest.raises(Conflict, match="approved already"):
        await decide(services, SECOND_UNDERWRITER, request, Verb.REJECT)


async def test_amount_above_a_persons_limit_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    async with services.database.transaction() as connection:
        await connection.execute(
            "update countersign.approvals set request = jsonb_set(request, '{limits,underwriters}', '100')"
        )
    with pytest.raises(Forbidden):
        await decide(services, UNDERWRITER, request)


async def test_outsider_does_not_learn_that_a_request_exists(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    with pytest.raises(NotFound):
        await services.desk.visible(replace(UNDERWRITER, groups=frozenset({"guests"})), request.id)


async def test_many_people_at_once_settle_a_request_once(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    people = [replace(UNDERWRITER, id=f"underwriter-{n}") for n in range(16)]
    verbs = [Verb.APPROVE if n % 2 else Verb.REJECT for n in range(16)]
    said = await asyncio.gather(
        *(decide(services, person, request, verb) for person, verb in zip(people, verbs, strict=True)),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, BaseException) for each in said) == 1
    assert all(isinstance(each, ApprovalRequest | CountersignError) for each in said)
    assert (await kinds(services, request.case_id)).count("approval_decided") == 1


async def test_nobody_deciding_widens_the_circle_and_then_expires(
    services: Services, clock: SetClock
) -> None:
    request = await offer(services, clock)
    escalation = Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents)
    for expected in (ApprovalStatus.PENDING, ApprovalStatus.EXPIRED):
        clock.forward(timedelta(hours=49))
        async with services.database.transaction() as connection:
            assert await escalation.sweep(connection) == 1
        assert (await services.desk.get(request.id)).status is expected
    await advance(services, request.case_id)
    assert (await services.cases.get(request.case_id)).status == "referred"


async def test_escalated_request_can_be_decided_higher_up(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    clock.forward(timedelta(hours=49))
    async with services.database.transaction() as connection:
        await Escalation(services.desk, services.ledger, services.jobs, clock, services.incidents).sweep(
            connection
        )
    assert (await decide(services, CHIEF, request)).status is ApprovalStatus.APPROVED


async def test_refused_attempt_stands_in_the_ledger(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    with pytest.raises(Conflict):
        await services.desk.decide(UNDERWRITER, request.id, Answer(Verb.APPROVE, "fine", "0" * 64))
    entry = (await services.ledger.entries(request.case_id))[-1]
    assert (entry.kind, entry.actor) == ("attempt_refused", "underwriter-1")


async def test_decision_and_wake_up_happen_together_or_not_at_all(
    services: Services, clock: SetClock
) -> None:
    request = await offer(services, clock)
    before = (await services.jobs.depth()).get("todo", 0)
    await decide(services, UNDERWRITER, request)
    assert (await services.jobs.depth())["todo"] == before + 1


async def edit(services: Services, request: ApprovalRequest, **edits: int) -> ApprovalRequest:
    answer = Answer(Verb.EDIT, "a smaller loan fits", request.digest, None, edits)
    return await services.desk.decide(UNDERWRITER, request.id, answer)


async def test_edited_amount_is_judged_by_policy_as_a_new_action_that_the_editor_may_not_sign(
    services: Services, clock: SetClock
) -> None:
    request = await offer(services, clock)
    await edit(services, request, principal_cents=250_000_00)
    await advance(services, request.case_id)
    again = await pending(services, request.case_id)
    assert again.actions[0].args["principal_cents"] == again.amount_cents == 250_000_00
    assert ("ltv", "60.98 %") in [(each.label, each.value) for each in again.packet.figures]
    with pytest.raises(Forbidden):
        await decide(services, UNDERWRITER, again)
    await decide(services, SECOND_UNDERWRITER, again)
    await advance(services, request.case_id)
    effects = await services.outbox.of_case(request.case_id)
    assert effects[0]["action"]["args"]["principal_cents"] == 250_000_00


async def test_edit_after_another_persons_approval_is_worked_on_and_not_lost(
    services: Services, clock: SetClock
) -> None:
    request = await pending(services, await opened(services, self_employed(clock.now().date())))
    await decide(services, SECOND_UNDERWRITER, request)
    await edit(services, request, principal_cents=250_000_00)
    await advance(services, request.case_id)
    again = await pending(services, request.case_id)
    assert (again.amount_cents, again.maker, again.quorum) == (250_000_00, UNDERWRITER.id, 2)
    with pytest.raises(Forbidden):
        await decide(services, UNDERWRITER, again)


async def test_edit_of_what_may_not_be_edited_is_refused(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    with pytest.raises(BadInput, match="rate_bps cannot be edited"):
        await edit(services, request, rate_bps=1)
    for amount in (-1, 0, 10**13 + 1, 10**25):
        with pytest.raises(BadInput, match="impossible amount"):
            await edit(services, request, principal_cents=amount)
    with pytest.raises(BadInput, match="only an edit"):
        await edit(services, request)


async def test_returned_request_is_asked_again_and_signed_anew(services: Services, clock: SetClock) -> None:
    request = await offer(services, clock)
    await decide(services, UNDERWRITER, request, Verb.RETURN)
    await advance(services, request.case_id)
    again = await pending(services, request.case_id)
    assert again.id != request.id
    assert (await decide(services, UNDERWRITER, again)).status is ApprovalStatus.APPROVED
