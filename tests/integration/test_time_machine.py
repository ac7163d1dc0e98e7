"""Moments in plain words, what was known then, and what-if copies that leave the original alone."""

from __future__ import annotations

import pytest

from api.demo.stories import routine
from checkpoints.journal import count_calls
from domain.clock import SetClock
from domain.errors import BadInput, Conflict, NotFound
from domain.finding import Fact
from graphs.services import Services
from graphs.time_machine import fork, history, show
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, decide, opened, pending
from tests.fakes.people import ADVISOR, UNDERWRITER


async def rows_of(services: Services, case_id: str) -> str:
    """Everything that is stored of a case, as text."""
    asked = (
        "select t::text as row from public.checkpoints t where thread_id = %s",
        "select t::text as row from public.checkpoint_blobs t where thread_id = %s",
        "select t::text as row from public.checkpoint_writes t where thread_id = %s",
        "select t::text as row from countersign.ledger t where stream = %s",
        "select t::text as row from countersign.journal t where case_id = %s",
        "select t::text as row from countersign.cases t where id = %s",
        "select t::text as row from countersign.approvals t where case_id = %s",
        "select t::text as row from countersign.effects t where case_id = %s",
    )
    found = [row["row"] for query in asked for row in await services.database.rows(query, case_id)]
    return "\n".join(sorted(found))


async def what_if(services: Services, case_id: str, at: int, **changes: Fact) -> str:
    copy = (await fork(services, ADVISOR, case_id, at, dict(changes))).id
    await advance(services, copy)
    return copy


async def decided(services: Services, case_id: str) -> list[str]:
    entries = await services.ledger.entries(case_id)
    return [entry.body["outcome"] for entry in entries if entry.kind == "decision_reached"]


async def test_history_tells_a_case_in_plain_words(services: Services, clock: SetClock) -> None:
    told = [
        each.done for each in await history(services, await opened(services, routine(clock.now().date())))
    ]
    assert told[0].startswith("The application arrived")
    assert any("credit (bureau_analyst)" in line for line in told)
    assert any("Policy decided: approve (rows A1)" in line for line in told)


async def test_moment_knows_only_what_was_known_then(services: Services, clock: SetClock) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    moments = await history(services, case_id)
    before = next(each.number for each in moments if "The supervisor planned" in each.done)
    assert "credit_score" not in (await show(services, case_id, before))["facts"]
    last = await show(services, case_id, len(moments))
    assert last["facts"]["credit_score"]["value"] == 768
    assert last["waiting_for"]["approval_id"].startswith(case_id)


async def test_what_if_reaches_another_decision_and_the_original_never_moves(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    before = await rows_of(services, case_id)
    copy = await what_if(services, case_id, len(await history(services, case_id)), delinquencies_24m=7)
    assert await decided(services, copy) == ["decline"]
    assert await rows_of(services, case_id) == before
    assert bank.counts()["loans_booked"] == 0
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    assert (await services.cases.get(case_id)).outcome == "approved"


async def test_what_if_asks_again_only_what_depends_on_the_change(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    moments = await history(services, case_id)
    collected = next(each.number for each in moments if each.done.startswith("Findings were taken"))
    copy = await what_if(services, case_id, collected, credit_score=640)
    assert await decided(services, copy) == ["approve"]
    assert await count_calls(services.database, copy, "tool") == 2  # price and repayment, at the other score
    same = await what_if(services, case_id, collected, credit_score=768)
    assert await count_calls(services.database, same, "tool") == 0


async def test_nobody_is_asked_about_a_simulation_and_nobody_can_decide_it(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    copy = await what_if(services, case_id, len(await history(services, case_id)), delinquencies_24m=7)
    assert [each.case_id for each in await services.desk.inbox(UNDERWRITER)] == [case_id]
    (request,) = await services.desk.of_case(copy)
    with pytest.raises(Conflict, match="simulated"):
        await decide(services, UNDERWRITER, request)
    await advance(services, copy)
    assert (await services.cases.get(copy)).outcome is None


async def test_what_if_of_an_unknown_fact_type_or_moment_is_refused(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    with pytest.raises(BadInput, match="was not known"):
        await fork(services, ADVISOR, case_id, 3, {"luck": 7})
    with pytest.raises(BadInput, match="type int"):
        await fork(
            services, ADVISOR, case_id, len(await history(services, case_id)), {"credit_score": "high"}
        )
    with pytest.raises(BadInput, match="impossible amount"):
        at = len(await history(services, case_id))
        await fork(services, ADVISOR, case_id, at, {"appraised_value_cents": 10**25})
    with pytest.raises(NotFound, match="moments 1 to"):
        await show(services, case_id, 999)
