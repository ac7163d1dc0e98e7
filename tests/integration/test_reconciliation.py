"""Reconciliation: clean cases have no finding; whatever one store says alone has one, with case and remedy."""

from __future__ import annotations

from dataclasses import replace

from api.demo.stories import routine
from audit.reconciliation import Holdings, reconcile
from checkpoints.holdings import holdings
from checkpoints.lease import take
from domain.clock import SetClock
from domain.decision import Verb
from graphs.reconciling import held_of, reconcile_all, reconcile_case
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, open_story, opened, pending
from tests.fakes.people import UNDERWRITER

DISAGREEMENTS = {  # what one store says alone: between which two it is found
    "delete from countersign.journal where gateway = 'tool' and n = 0": "journal ↔ ledger",
    "delete from countersign.approval_decisions": "approvals ↔ ledger",
    "update countersign.approvals set status = 'rejected'": "approvals ↔ ledger",
    "delete from countersign.effects where effect = 'book_offer'": "effects ↔ ledger",
    "update countersign.effects set status = 'intended' where effect = 'book_offer'": "effects ↔ ledger",
    "update countersign.effects set authority = 'approval:nobody'": "effects ↔ approvals",
    "update countersign.cases set outcome = 'declined'": "case ↔ ledger",
    "update countersign.cases set status = 'open'": "case ↔ ledger",
    "update countersign.cases set closed_at = closed_at + interval '1 day'": "every store",
    "update countersign.notices set body = body || '{\"x\": 1}'": "every store",
    "insert into countersign.quarantine values "
    "('{case}', 't', 'p', 'g', '1', 'r', 'e', '2026-03-02')": "every store",
    "insert into countersign.standing_uses values ('u', 'b', '2026-03-02', '{case}', 'd', 1, false)": "every store",
}


async def ended(services: Services, clock: SetClock, verb: Verb = Verb.APPROVE) -> str:
    case_id = await opened(services, routine(clock.now().date()), verb.value)
    await decide(services, UNDERWRITER, await pending(services, case_id), verb)
    await advance(services, case_id)
    return case_id


async def read(services: Services, case_id: str) -> Holdings:
    async with services.proofs.view() as connection:
        tree = await services.anchors.tree(connection)
    return await held_of(services, case_id, tree)


async def between(services: Services, case_id: str) -> list[str]:
    return [each.between for each in (await reconcile_case(services, case_id)).found]


async def behind(services: Services, change: str) -> None:
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        assert (await connection.execute(change)).rowcount


async def test_cases_of_all_ends_and_those_that_wait_have_no_finding(
    services: Services, clock: SetClock
) -> None:
    await ended(services, clock)
    await ended(services, clock, Verb.REJECT)
    await opened(services, routine(clock.now().date()), "waits")
    await open_story(services, routine(clock.now().date()), "queued")
    made = await reconcile_all(services)
    assert (made.cases, made.found, len(made.compared)) == (4, (), 9)


async def test_what_one_store_says_alone_is_found_between_the_two(
    services: Services, clock: SetClock
) -> None:
    case_id = await ended(services, clock)
    held = await read(services, case_id)
    missed = []
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        for change, where in DISAGREEMENTS.items():
            await connection.execute("savepoint untouched")
            assert (await connection.execute(change.replace("{case}", case_id))).rowcount
            tree = await services.anchors.tree(connection)
            now = replace(await holdings(connection, case_id, (), tree), standing=held.standing)
            found = reconcile(now)
            missed += [] if [each for each in found if each.between.startswith(where)] else [change]
            assert {(each.case, bool(each.remedy)) for each in found} == {(case_id, True)}
            await connection.execute("rollback to savepoint untouched")
    assert missed == []


async def test_notice_that_is_gone_is_found_where_it_was_written(services: Services, clock: SetClock) -> None:
    case_id = await ended(services, clock)
    await behind(services, "delete from countersign.notices")
    assert "effects ↔ system of record" in await between(services, case_id)


async def test_loan_that_the_bank_cancelled_after_it_was_booked_is_found(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await ended(services, clock)
    (booked,) = [each for each in await services.outbox.of_case(case_id) if each["effect"] == "book_offer"]
    await services.bank.post(f"/loans/{booked['receipt']}/cancel", {})  # type: ignore[attr-defined]
    made = await reconcile_case(services, case_id)
    assert [(each.between, "read back on the day" in each.what) for each in made.found] == [
        ("effects ↔ system of record", True)
    ]


async def test_decision_that_nothing_wakes_the_case_for_is_found_once_no_job_is_left(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    assert await between(services, case_id) == []
    await behind(services, "delete from procrastinate_jobs")
    assert await between(services, case_id) == ["checkpoints ↔ approvals"]


async def test_runner_that_died_at_work_with_no_job_left_is_found(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await services.stamps.begin(await take(services.database, case_id, "dies", clock))
    await behind(services, "delete from procrastinate_jobs")
    await behind(services, "delete from public.checkpoint_writes")
    assert "every store ↔ ledger" in await between(services, case_id)


async def test_rows_that_belong_to_no_case_are_found(services: Services, clock: SetClock) -> None:
    case_id = await ended(services, clock)
    await behind(services, f"update countersign.journal set case_id = 'nobody' where case_id = '{case_id}'")
    found = (await reconcile_all(services)).found
    assert ("nobody", "journal ↔ cases") in {(each.case, each.between) for each in found}
