"""Erasing a case: when nothing keeps it, at the word of two people, and never under a legal hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.demo.identities import ensure_demo
from api.demo.stories import over_committed, routine
from api.http.app import create_app
from api.settings import Settings
from checkpoints.journal import read_calls
from checkpoints.ledger import OPS
from domain.clock import SetClock
from domain.errors import BadInput, Conflict, Forbidden, NotFound
from domain.identity import IdentityKind
from domain.person import Person
from graphs.reconciling import reconcile_all
from graphs.retaining import ask, due, erase, standing
from graphs.services import Services
from graphs.time_machine import fork
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.front import Front, is_problem
from tests.fakes.people import ADVISOR, UNDERWRITER

RECORDS = Person("records-1", groups=frozenset({"records"}))
SECOND_RECORDS = Person("records-2", groups=frozenset({"records"}))
COUNSEL = Person("counsel-1", groups=frozenset({"counsel"}))
SECOND_COUNSEL = Person("counsel-2", groups=frozenset({"counsel"}))
WHY = "every duty has run out"
YEARS = timedelta(days=365 * 6)


async def declined(services: Services, clock: SetClock) -> str:
    """A loan that was declined, and of which nothing is kept for longer than five years."""
    case_id = await opened(services, over_committed(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "declined"
    return case_id


async def test_a_destroyed_key_leaves_vault_and_journal_unreadable_and_every_chain_verified(
    services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    await services.anchors.anchor([case_id, OPS])
    clock.forward(YEARS)
    await ask(services, RECORDS, case_id, WHY)
    assert await erase(services, SECOND_RECORDS, case_id) == (case_id,)
    for read in (services.vault.values(case_id), read_calls(services.database, services.vault, case_id)):
        with pytest.raises(NotFound):
            await read
    assert await services.vault.cases_with(IdentityKind.NAME, "Morgan Demo Tallow") == []
    tree, proofs = await services.proofs.of_all()
    assert (tree.flaws, [each.flaws for each in proofs if each.flaws]) == ((), [])
    assert (await reconcile_all(services)).found == ()
    (event,) = await bodies(services, case_id, "case_erased")
    assert (event["asked_by"], event["with_copies"]) == (RECORDS.id, [])


async def test_before_the_longest_duty_has_run_out_nothing_is_erased_and_the_duty_is_named(
    services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    clock.forward(timedelta(days=365 * 3))
    with pytest.raises(Conflict, match=r"kept until 2031-03-02: verification: K2"):
        await ask(services, RECORDS, case_id, WHY)
    assert await services.retention.readable(case_id)
    assert await due(services) == []


async def test_one_person_alone_erases_nothing(services: Services, clock: SetClock) -> None:
    case_id = await declined(services, clock)
    clock.forward(YEARS)
    with pytest.raises(Conflict, match="nobody asked"):
        await erase(services, SECOND_RECORDS, case_id)
    await ask(services, RECORDS, case_id, WHY)
    with pytest.raises(Forbidden, match="another person than the one who asked"):
        await erase(services, RECORDS, case_id)
    for stranger in (COUNSEL, ADVISOR):
        with pytest.raises(Forbidden):
            await erase(services, stranger, case_id)
    assert await services.retention.readable(case_id)


async def test_a_legal_hold_stops_erasure_until_another_person_lifts_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    clock.forward(YEARS)
    await ask(services, RECORDS, case_id, WHY)
    for target in ("everything", "kind:home_loan", f"case:{case_id}"):
        await services.retention.hold(COUNSEL, target, "LIT-2032-1", "we are sued")
        for attempt in (erase(services, SECOND_RECORDS, case_id), ask(services, RECORDS, case_id, WHY)):
            with pytest.raises(Conflict, match=f"LIT-2032-1 holds {target}"):
                await attempt
        with pytest.raises(Forbidden, match="another person than the one who placed"):
            await services.retention.lift(COUNSEL, target, "LIT-2032-1", "it is over")
        await services.retention.lift(SECOND_COUNSEL, target, "LIT-2032-1", "it is over")
    assert await erase(services, SECOND_RECORDS, case_id) == (case_id,)
    assert len(await bodies(services, OPS, "legal_hold_lifted")) == 3


async def test_a_customers_loan_is_kept_until_it_was_repaid_and_five_years_more(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    clock.forward(timedelta(days=365 * 20))
    with pytest.raises(
        Conflict, match="customer: K3: 60 months from relationship ended, which nobody told of"
    ):
        await ask(services, RECORDS, case_id, WHY)
    repaid = clock.now().date() - timedelta(days=365)
    await services.retention.relationship_ended(RECORDS, case_id, repaid, "repaid in full")
    day = (await standing(services, case_id)).erasable_from
    assert day == date(repaid.year + 5, repaid.month, repaid.day)
    assert (await services.proofs.of_case(case_id)).verified


async def test_copies_hold_the_same_identity_and_go_with_their_original(
    services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    copy = await fork(services, ADVISOR, case_id, 9, {"credit_score": 780})
    clock.forward(YEARS)
    with pytest.raises(Conflict, match="is a what-if copy"):
        await ask(services, RECORDS, copy.id, WHY)
    await services.retention.hold(COUNSEL, f"case:{copy.id}", "LIT-2032-2", "the copy is evidence")
    with pytest.raises(Conflict, match="LIT-2032-2"):
        await ask(services, RECORDS, case_id, WHY)
    await services.retention.lift(SECOND_COUNSEL, f"case:{copy.id}", "LIT-2032-2", "it is not")
    await ask(services, RECORDS, case_id, WHY)
    assert set(await erase(services, SECOND_RECORDS, case_id)) == {case_id, copy.id}
    with pytest.raises(NotFound):
        await services.vault.values(copy.id)


async def test_what_has_not_ended_is_not_erased(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, over_committed(clock.now().date()))
    clock.forward(YEARS)
    with pytest.raises(Conflict, match="has not ended"):
        await ask(services, RECORDS, case_id, WHY)


async def test_a_hold_is_placed_once_and_only_what_is_held_is_let_go(
    services: Services, clock: SetClock
) -> None:
    await services.retention.hold(COUNSEL, "everything", "LIT-1", "we are sued")
    with pytest.raises(Conflict, match="holds everything already"):
        await services.retention.hold(SECOND_COUNSEL, "everything", "LIT-1", "we are sued")
    with pytest.raises(NotFound, match="no hold of LIT-2"):
        await services.retention.lift(SECOND_COUNSEL, "everything", "LIT-2", "it is over")
    tomorrow = clock.now().date() + timedelta(days=1)
    with pytest.raises(BadInput, match="lies in the future"):
        await services.retention.relationship_ended(RECORDS, "a-case", tomorrow, "it will be")
    for reason in ("", "…"):
        with pytest.raises(BadInput, match="needs a reason"):
            await services.retention.hold(COUNSEL, "kind:home_loan", "LIT-1", reason)


async def test_a_key_that_came_back_from_a_backup_or_went_without_a_word_is_found(
    services: Services, clock: SetClock
) -> None:
    case_id = await declined(services, clock)
    (key,) = await services.database.rows("select * from countersign.case_keys where case_id = %s", case_id)
    clock.forward(YEARS)
    await ask(services, RECORDS, case_id, WHY)
    stale = (await standing(services, case_id)).weighed(clock.now().date())
    await services.retention.relationship_ended(RECORDS, case_id, clock.now().date(), "closed")
    with pytest.raises(Conflict, match="went on since it was weighed"):
        await services.retention.erase(SECOND_RECORDS, stale)
    await erase(services, SECOND_RECORDS, case_id)
    with pytest.raises(Conflict, match="has no key any more"):
        await ask(services, RECORDS, case_id, WHY)
    assert (await reconcile_all(services)).found == ()
    put = "insert into countersign.case_keys (case_id, wrapped) values (%s, %s) returning case_id"
    await services.database.rows(put, case_id, key["wrapped"])
    (found,) = (await reconcile_all(services)).found
    with pytest.raises(Conflict, match="was erased on 2032-"):
        await ask(services, RECORDS, case_id, WHY)
    assert (found.between, found.what) == ("keys ↔ ledger", "the case was erased, and its key is there")


async def test_records_management_asks_and_carries_out_over_http(
    services: Services, settings: Settings, clock: SetClock
) -> None:
    front = Front(create_app(services, ensure_demo(settings, clock)), settings)
    case_id = await declined(services, clock)
    path, held = f"/v1/cases/{case_id}/erasure", {"target": f"case:{case_id}", "matter": "EXAM-1"}
    early = await front.ask("records-1", "POST", path, json={"reason": WHY})
    assert is_problem(early, 409, "conflict")
    assert is_problem(await front.ask("underwriter-1", "POST", path, json={"reason": WHY}), 403, "forbidden")
    named = {"reason": "asked by 536-90-4399"}
    assert is_problem(await front.ask("records-1", "POST", path, json=named), 422, "bad_input")
    sent = await front.ask("counsel-1", "POST", "/v1/legal-holds", json=held | {"reason": "examination"})
    assert sent.status_code == 204
    shown = (await front.ask("auditor", "GET", f"/v1/cases/{case_id}/retention")).json()
    assert [hold["matter"] for hold in shown["holds"]] == ["EXAM-1"]
    assert {each["keeps"]: each["row"] for each in shown["classes"]} == {
        "application": "K1", "verification": "K2", "register": "K7",
    }  # fmt: skip
