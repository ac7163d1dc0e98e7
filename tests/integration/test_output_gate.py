"""Nothing leaves that one guardrail does not pass: orders, notices and letters, each verdict on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.demo.stories import over_committed, routine
from checkpoints.bounds import EffectGuard
from checkpoints.lease import take
from checkpoints.leaving import Door
from checkpoints.orders import OrderGate
from checkpoints.outbox import Outbox, Result
from domain.approval import Action, ApprovalRequest
from domain.clock import SetClock
from domain.errors import Forbidden, Refused
from domain.guard import Guardrail
from domain.leaving import Audience, Kind, Leaving
from graphs.services import Services
from graphs.worker import book_of
from guardrails.catalog import OF_EFFECTS, OF_LEAVING
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.leaving import (
    Changing,
    Failing,
    asking_only,
    at_the_gate,
    bounds_of,
    gate_with,
    rejected_saying,
)
from tests.fakes.people import LICENSED_CREDIT, LICENSED_TAX, UNDERWRITER
from tests.integration.test_outbox import approved, granted


async def performed(services: Services, request: ApprovalRequest, action: Action) -> Result:
    """The outbox is told to do this, on standing authority that covers it."""
    claim = await granted(services, request, action)
    lease = await take(services.database, request.case_id, "test", services.clock)
    return await services.outbox.perform(lease, "s", action, claim, bounds_of(await book_of(request.case_id)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"memo": "x"}, "schema_extra"),
        ({"principal_cents": "1"}, "schema_type"),
    ],
)
async def test_order_of_another_shape_never_reaches_the_bank_though_it_is_authorised(
    services: Services, clock: SetClock, bank: RunningBank, change: dict[str, Any], rule: str
) -> None:
    request = await approved(services, clock)
    args = request.actions[0].args | change
    offer = request.actions[0].model_copy(update={"args": args})
    result = await performed(services, request, offer)
    assert (result.status, bank.counts()["loans_booked"]) == ("refused", 0)
    ruled = await bodies(services, request.case_id, "guardrail_ruled")
    refused = [each for each in ruled if each["ruling"] == "refuse"]
    assert [(each["guardrail"], each["rule"], each["version"]) for each in refused] == [
        ("order_schema", rule, "1")
    ]


def outbox_with(services: Services, bank_effects: Any, guardrail: Guardrail) -> Outbox:
    """An outbox whose gate asks this guardrail alone."""
    gate = OrderGate(gate_with(services, guardrail), services.books)
    guard = EffectGuard(services.ledger, services.clock, OF_EFFECTS, gate)
    return Outbox(services.database, services.ledger, services.clock, services.desk, bank_effects, guard)


@pytest.mark.parametrize(("guardrail", "booked"), [(Changing(1), 0), (Failing(), 0)])
async def test_order_passes_when_it_is_written_down_and_again_when_it_is_sent(
    services: Services, clock: SetClock, bank: RunningBank, guardrail: Guardrail, booked: int
) -> None:
    request = await approved(services, clock)
    outbox = outbox_with(services, tuple(services.outbox._effects.values()), guardrail)
    lease = await take(services.database, request.case_id, "test", clock)
    mandate = asking_only(bounds_of(await book_of(request.case_id)), "changing")
    result = await outbox.perform(lease, "s", request.actions[0], request.id, mandate)
    assert (result.status == "confirmed", bank.counts()["loans_booked"]) == (bool(booked), booked)


@pytest.mark.parametrize("output", [(), ("out_of_order",)])
async def test_mandate_that_lets_nobody_look_or_names_a_stranger_lets_nothing_leave(
    services: Services, clock: SetClock, bank: RunningBank, output: tuple[str, ...]
) -> None:
    request = await approved(services, clock)
    lease = await take(services.database, request.case_id, "test", clock)
    mandate = replace(bounds_of(await book_of(request.case_id)), output=output)
    with pytest.raises(Refused, match="leaves"):
        await services.outbox.perform(lease, "s", request.actions[0], request.id, mandate)
    assert bank.counts()["loans_booked"] == 0


async def test_each_reason_of_a_decline_is_recomputed_and_one_that_was_changed_is_refused(
    services: Services, clock: SetClock
) -> None:
    request = await pending(services, await opened(services, over_committed(clock.now().date())))
    assert {each.name for each in request.actions} == {"decision_notice", "register_entry"}
    for action in request.actions:
        told = await at_the_gate(services, request.case_id, action, request.id)
        assert (action.name, told.ruling, told.reason) == (action.name, "pass", "")
        for field in REASONS[action.name]:
            changed = action.model_copy(update={"args": other(action, field)})
            verdict = await at_the_gate(services, request.case_id, changed, request.id)
            assert (field, verdict.ruling) == (field, "refuse"), verdict


REASONS = {
    "decision_notice": (
        "reasons", "reasons_from", "wordings", "creditor", "agency", "application_date", "reporting_agencies",
        "credit_score", "credit_score_party", "credit_score_on", "credit_score_from", "credit_score_to",
        "credit_score_factors",
    ),
    "register_entry": ("denials", "explained", "reasons_from", "denial_codes", "wordings"),
}  # fmt: skip


def other(action: Action, field: str) -> dict[str, Any]:
    """The same arguments with another value of the right type in one."""
    known = action.args.get(field)
    written = "2026-01-01" if "_on" in field or "date" in field else "2"
    value: Any = known + 1 if isinstance(known, int) else written
    return dict(action.args) | {field: value}


async def test_decline_whose_facts_are_not_those_on_record_is_refused(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    request = await pending(services, case_id)
    await decide(services, UNDERWRITER, request)
    lease = await take(services.database, case_id, "test", clock)
    mandate = bounds_of(await book_of(case_id), {"dti_back_bps": 5001})
    result = await services.outbox.perform(lease, "s", request.actions[0], request.id, mandate)
    assert (result.status, "cannot be worked out" in result.reason) == ("refused", True)


async def told(services: Services, clock: SetClock, reason: str) -> tuple[str, list[dict[str, Any]]]:
    """A rejection in these words, settled: the case, and the notices that were written."""
    case_id = await opened(services, routine(clock.now().date()))
    await rejected_saying(services, UNDERWRITER, await pending(services, case_id), reason)
    await advance(services, case_id)
    query = "select body from countersign.notices where case_id = %s"
    return case_id, [dict(row) for row in await services.database.rows(query, case_id)]


@pytest.mark.parametrize(
    ("reason", "rule"),
    [
        ("Avery Demo Quill did not convince me", "vault_name"),
        ("The ratio of 57.31 percent is too high", "figure_untraced"),
    ],
)
async def test_own_words_of_whoever_rejects_reach_no_applicant_with_what_must_not_leave(
    services: Services, clock: SetClock, reason: str, rule: str
) -> None:
    case_id, notices = await told(services, clock, reason)
    assert notices == []
    assert rule in {each["rule"] for each in await bodies(services, case_id, "guardrail_ruled")}
    assert (await services.cases.get(case_id)).outcome == "referred"


async def held_words(services: Services, clock: SetClock) -> tuple[str, ApprovalRequest]:
    """A rejection that gives tax advice, held before it leaves."""
    case_id, notices = await told(services, clock, "You can deduct the interest of the loan you have.")
    assert notices == []
    return case_id, await pending(services, case_id)


async def test_advice_in_a_notice_waits_in_the_inbox_of_who_is_licensed_for_it_and_leaves_when_released(
    services: Services, clock: SetClock
) -> None:
    case_id, request = await held_words(services, clock)
    assert (request.boundary, request.candidate_groups) == ("release", ("licensed_tax",))
    assert "You can deduct the interest" in request.packet.exceptions[0]
    assert [each.id for each in await services.desk.inbox(LICENSED_TAX)] == [request.id]
    assert await services.desk.inbox(LICENSED_CREDIT) == []
    await decide(services, LICENSED_TAX, request)
    await advance(services, case_id)
    (row,) = await services.database.rows("select body from countersign.notices where case_id = %s", case_id)
    assert row["body"]["principal_reasons"] == ["You can deduct the interest of the loan you have."]
    assert [each["ruling"] for each in await ruled_by(services, case_id, "licensed_advice")][:2] == [
        "hold",
        "pass",
    ]


async def ruled_by(services: Services, case_id: str, guardrail: str) -> list[dict[str, Any]]:
    found = await bodies(services, case_id, "guardrail_ruled")
    return [each for each in found if each["guardrail"] == guardrail]


@pytest.mark.parametrize("person", [LICENSED_CREDIT])
async def test_nobody_without_the_licence_releases_advice_though_the_request_is_put_before_them(
    services: Services, clock: SetClock, person: Any
) -> None:
    _, request = await held_words(services, clock)
    async with services.database.transaction() as connection:
        query = "update countersign.approvals set groups = groups || %s where id = %s"
        await connection.execute(query, (sorted(person.groups), request.id))
    with pytest.raises(Forbidden, match="licensed for it"):
        await decide(services, person, request)


async def test_advice_that_is_kept_back_is_never_told_and_refers_the_case(
    services: Services, clock: SetClock
) -> None:
    case_id, request = await held_words(services, clock)
    await rejected_saying(services, LICENSED_TAX, request, "not ours to say")
    await advance(services, case_id)
    assert await services.database.rows("select 1 from countersign.notices where case_id = %s", case_id) == []
    assert (await services.cases.get(case_id)).outcome == "referred"


async def test_words_that_were_changed_after_their_release_do_not_leave_and_the_case_stands_still(
    services: Services, clock: SetClock
) -> None:
    case_id, request = await held_words(services, clock)
    await decide(services, LICENSED_TAX, request)
    async with services.database.transaction() as connection:
        query = """update countersign.approval_decisions set decision = jsonb_set(decision, '{reason}',
            '"You can deduct all of it."') where decision ->> 'verb' = 'reject'"""
        await connection.execute(query)
    await advance(services, case_id)
    assert await services.database.rows("select 1 from countersign.notices where case_id = %s", case_id) == []
    assert f"case:{case_id}" in {each["target"] for each in await services.halts.all()}


async def test_letter_that_does_not_pass_is_not_made(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    leaving = Leaving(case_id, Kind.LETTER, Audience.APPLICANT, "Dear Avery Demo Quill")
    door = Door(tuple(each.name for each in OF_LEAVING), case_id, "letter")
    with pytest.raises(Refused, match="vault_name"):
        await services.gate.release(services.database, None, leaving, door)
    (refused,) = [e for e in await bodies(services, case_id, "guardrail_ruled") if e["ruling"] == "refuse"]
    assert (refused["guardrail"], refused["rule"]) == ("vault_values", "vault_name")
