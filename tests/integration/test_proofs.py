"""The record verifies as it stands, and whatever is changed behind it is named: chain, rows, leaves, notes."""

from __future__ import annotations

from api.demo.stories import routine
from checkpoints.proofs import examine
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.person import Person
from graphs.services import Services
from tests.fakes.casework import advance, bodies, decide, key_destroyed, kinds, opened, pending
from tests.fakes.people import UNDERWRITER

CHANGES = {  # what somebody with the whole database might do: where it is found
    "update countersign.ledger set actor = 'nobody' where seq = 7": "event 7",
    "delete from countersign.ledger where seq = 9": "event 10",
    "update countersign.journal set response = '\\x00' where n = 0 and gateway = 'tool'": "answer/",
    "update countersign.journal set target = 'another' where n = 0 and gateway = 'tool'": "request/",
    "delete from countersign.journal": "answer/",
    "update countersign.approvals set groups = '{others}'": "approval/",
    "update countersign.approvals set status = 'approved'": "approval/",
    "update source.records set body = body || '{\"kind\": \"x\"}'": "record/",
    "update countersign.cases set amount_cents = amount_cents + 1": "case",
    "update public.checkpoints set metadata = metadata || '{\"step\": 99}'": "checkpoint/",
    "update public.checkpoint_blobs set blob = '\\x80' where channel = 'facts'": "state/",
    "delete from public.checkpoint_writes": "writes/",
    "insert into countersign.standing_uses values ('u', 'b', '2026-03-02', '{case}', 'd', 1, false)": "standing/",
    "with used as (insert into countersign.standing_uses values ('u', 'b', '2026-03-02', '{case}', 'd', 1, false)"
    " returning id) insert into countersign.standing_reviews select id, 'agreed', 'r', 'p', '2026-03-02' from used":
    "u/review",
}  # fmt: skip


SRE = Person("sre-1", groups=frozenset({"sre"}))


async def behind(services: Services, change: str) -> None:
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")  # no trigger sees it
        assert (await connection.execute(change)).rowcount


async def test_case_that_waits_and_case_that_ended_verify_in_every_store(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    waiting = await services.proofs.of_case(case_id)
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    ended = await services.proofs.of_case(case_id)
    assert (waiting.flaws, waiting.open, ended.flaws, ended.open) == ((), (), (), ())
    assert ended.rows > waiting.rows > 100
    assert ended.anchored == ended.events


async def test_what_was_changed_behind_the_record_is_named(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    missed = []
    async with services.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")  # no trigger sees it
        for change, where in CHANGES.items():
            await connection.execute("savepoint untouched")
            assert (await connection.execute(change.replace("{case}", case_id))).rowcount
            found = await examine(connection, case_id, await services.anchors.tree(connection), [])
            missed += [] if [each for each in found.flaws if each.where.startswith(where)] else [change]
            await connection.execute("rollback to savepoint untouched")
    assert missed == []


async def test_case_does_not_go_on_from_what_was_changed_until_it_is_as_it_was(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await behind(services, "update countersign.cases set amount_cents = amount_cents + 100")
    await advance(services, case_id)
    (halted,) = await services.halts.all()
    assert (halted["target"], "case: it is not as event" in halted["reason"]) == (f"case:{case_id}", True)
    assert "effect_intended" not in await kinds(services, case_id)
    assert len(await bodies(services, "ops", "record_found_changed")) == 1
    operator = Person("operator-1", groups=frozenset({"operations"}))
    assert [each.subject for each in await services.incidents.queue(operator)] == [f"case:{case_id}"]
    await behind(services, "update countersign.cases set amount_cents = amount_cents - 100")
    await services.halts.resume(SRE, f"case:{case_id}", "restored from the backup of last night")
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).status is CaseStatus.CLOSED


async def test_destroyed_key_changes_no_stamp(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await key_destroyed(services, case_id)
    assert (await services.proofs.of_case(case_id)).verified


async def test_ended_case_whose_runner_died_before_its_stamp_is_stamped_by_the_next(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await behind(services, "update countersign.leases set stamped = false")
    await behind(services, f"update countersign.cases set status = 'closed' where id = '{case_id}'")
    assert await services.stamps.ended_at_work(9) == [case_id]
    await advance(services, case_id)
    assert await services.stamps.ended_at_work(9) == []
