"""How often effects and tool calls may happen is counted by all runners together; what is too many waits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.demo.stories import routine, small_amendment
from checkpoints.ledger import OPS
from checkpoints.rates import KEPT, forget
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.rate import Rate
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import perform, refund, threshold
from tests.fakes.casework import bodies, opened, time_passes


def rate(**changes: Any) -> Rate:
    """Two amendments in a minute, for the whole bank."""
    row: dict[str, Any] = {
        "id": "R1",
        "effects": ("amend_loan",),
        "scope": "bank",
        "seconds": 60,
        "at_most": 2,
        "source": "test",
    }
    return Rate(**(row | changes))


async def places(services: Services) -> int:
    """Places taken in any window."""
    query = "select coalesce(sum(used), 0)::bigint as used from countersign.rate_windows"
    (row,) = await services.database.rows(query)
    return int(row["used"])


@pytest.mark.parametrize("scope", ["bank", "customer", "employee", "counterparty"])
async def test_sixteen_at_once_never_pass_a_rate_together_and_the_others_wait(
    services: Services, clock: SetClock, bank: RunningBank, scope: str
) -> None:
    asked = [await refund(services, clock, f"case-{n}", 1) for n in range(16)]
    row = rate(scope=scope, at_most=5)
    ended = await asyncio.gather(*(perform(services, clock, each, rates=(row,)) for each in asked))
    assert sorted(each.status for each in ended) == ["confirmed"] * 5 + ["waiting"] * 11
    assert (await places(services), bank.counts()["amendments_applied"]) == (5, 5)
    assert {each.until for each in ended if each.until} == {row.ends(clock.now())}


async def test_rate_of_a_case_counts_for_each_case(services: Services, clock: SetClock) -> None:
    row = rate(scope="case", at_most=1)
    ended = [
        await perform(services, clock, await refund(services, clock, key, 1), rates=(row,)) for key in "ab"
    ]
    assert [each.status for each in ended] == ["confirmed", "confirmed"]


async def test_place_is_given_back_when_another_guardrail_holds(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 80_00)
    held = await perform(services, clock, asked, threshold(at_most=1), rates=(rate(at_most=1),))
    assert (held.status, await places(services)) == ("held", 0)


async def test_rate_that_can_be_counted_for_nobody_refuses(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 1)
    async with services.database.transaction() as connection:
        await connection.execute("delete from countersign.blind_index")
    assert (await perform(services, clock, asked, rates=(rate(scope="customer"),))).status == "refused"


async def test_case_over_the_rate_of_an_effect_goes_on_by_itself(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    paced = under_book(services, "loan_amendment", rates=(rate(at_most=1),))
    story = small_amendment(clock.now().date())
    first, second = await opened(paced, story, "first"), await opened(paced, story, "second")
    stand = [(await paced.cases.get(case_id)).status for case_id in (first, second)]
    assert stand == [CaseStatus.CLOSED, CaseStatus.WAITING_EVENT]
    clock.forward(timedelta(minutes=1))
    await time_passes(paced, clock, days=0)
    assert (await paced.cases.get(second)).status is CaseStatus.CLOSED
    assert bank.counts()["amendments_applied"] == 2


async def test_case_over_the_rate_of_a_tool_stands_still_and_goes_on_without_asking_again(
    services: Services, clock: SetClock
) -> None:
    calls = rate(id="R2", effects=(), tools=("bureau_file",), at_most=1)
    paced = under_book(services, "home_loan", rates=(calls,))
    story = routine(clock.now().date())
    await opened(paced, story, "first")
    second = await opened(paced, story, "second")
    assert (await paced.cases.get(second)).status is CaseStatus.OPEN
    clock.forward(timedelta(minutes=1))
    await time_passes(paced, clock, days=0)
    assert (await paced.cases.get(second)).status is CaseStatus.WAITING_PERSON
    called = [each["entry"] for each in await bodies(paced, second, "tool_called")]
    assert len(called) == len(set(called))
    told = [*await bodies(paced, OPS, "guardrail_ruled"), *await bodies(paced, second, "guardrail_ruled")]
    ruled = [each for each in told if each["guardrail"] == "over_rate"]
    assert [(each["ruling"], each["rule"]) for each in ruled] == [("hold", "R2"), ("pass", "OR0")]


async def test_windows_that_ended_long_ago_are_forgotten(services: Services, clock: SetClock) -> None:
    await perform(services, clock, await refund(services, clock, "a", 1), rates=(rate(),))
    clock.forward(KEPT + timedelta(minutes=2))
    async with services.database.transaction() as connection:
        await forget(connection, clock.now())
    assert await places(services) == 0
