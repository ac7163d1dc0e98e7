"""Effects that are each allowed alone are held where together they are a sequence of the book."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from api.demo.stories import small_amendment
from checkpoints.outbox import Result
from domain.clock import SetClock
from domain.errors import Refused
from domain.sequence import Sequence
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import perform, refund
from tests.fakes.casework import advance, asking, bodies, decide, opened, pending
from tests.fakes.people import CHIEF, CLERK

MOVED, REFUNDED = "amend_loan:due_date_change", "amend_loan:fee_refund"


def sequence(**changes: Any) -> Sequence:
    """A refund after a change of the due date, within a week, for one customer."""
    row: dict[str, Any] = {
        "id": "S1",
        "scope": "customer",
        "steps": (MOVED, REFUNDED),
        "within_days": 7,
        "breach": "hold",
        "source": "test",
    }
    return Sequence(**(row | changes))


async def step(
    services: Services, clock: SetClock, key: str, sort: str, row: Sequence, customer: int | None = None
) -> Result:
    """One amendment of this sort in a case of its own."""
    asked = await refund(services, clock, key, 100, customer, change=sort)
    return await perform(services, clock, asked, sequences=(row,))


async def test_last_step_of_a_sequence_is_held_across_cases(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    assert (await step(services, clock, "a", "due_date_change", sequence())).status == "confirmed"
    held = await step(services, clock, "b", "fee_refund", sequence())
    assert (held.status, bank.counts()["amendments_applied"]) == ("held", 1)
    assert "S1: customer" in held.reason
    assert "amend_loan fee_refund would complete the sequence" in held.reason


@pytest.mark.parametrize(
    ("first", "second", "days", "customer", "breach", "ends"),
    [
        ("fee_refund", "due_date_change", 0, None, "hold", "confirmed"),  # another order
        ("due_date_change", "fee_refund", 7, None, "hold", "confirmed"),  # before the window
        ("due_date_change", "fee_refund", 0, 2, "hold", "confirmed"),  # another customer
        ("due_date_change", "fee_refund", 6, None, "refuse", "refused"),
    ],
)
async def test_each_alone_is_allowed(  # noqa: PLR0917 - a table of cases
    services: Services,
    clock: SetClock,
    first: str,
    second: str,
    days: int,
    customer: int | None,
    breach: str,
    ends: str,
) -> None:
    row = sequence(breach=breach)
    assert (await step(services, clock, "a", first, row)).status == "confirmed"
    clock.forward(timedelta(days=days))
    assert (await step(services, clock, "b", second, row, customer)).status == ends


@pytest.mark.parametrize("scope", ["employee", "counterparty"])
async def test_steps_of_one_employee_or_account_count_for_different_customers(
    services: Services, clock: SetClock, scope: str
) -> None:
    row = sequence(scope=scope)
    assert (await step(services, clock, "a", "due_date_change", row, 1)).status == "confirmed"
    assert (await step(services, clock, "b", "fee_refund", row, 2)).status == "held"


@pytest.mark.parametrize("seed", range(3))
async def test_sixteen_cases_at_once_never_complete_a_sequence_together(
    services: Services, clock: SetClock, seed: int
) -> None:
    drawn = random.Random(seed)
    sorts = [drawn.choice(["due_date_change", "fee_refund"]) for _ in range(16)]
    asked = [await refund(services, clock, f"case-{n}", 1, change=sort) for n, sort in enumerate(sorts)]
    await asyncio.gather(*(perform(services, clock, each, sequences=(sequence(),)) for each in asked))
    query = (
        "select sort from countersign.effect_uses where scope = 'customer' and released_at is null order by n"
    )
    done = [row["sort"] for row in await services.database.rows(query)]
    first = done.index("due_date_change") if "due_date_change" in done else len(done)
    assert done.count("due_date_change") == sorts.count("due_date_change")
    assert "fee_refund" not in done[first:]


async def test_step_whose_customer_is_not_known_is_refused(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 100)
    async with services.database.transaction() as connection:
        await connection.execute("delete from countersign.blind_index")
    refused = await perform(services, clock, asked, sequences=(sequence(),))
    assert (refused.status, "nobody is known whose steps" in refused.reason) == ("refused", True)


async def test_effect_that_does_not_say_its_sort_is_refused(services: Services, clock: SetClock) -> None:
    asked = await refund(services, clock, "a", 100, change=7)
    ended = await perform(services, clock, asked, sequences=(sequence(),))
    assert (ended.status, "change" in ended.reason) == ("refused", True)


async def test_effect_that_does_not_say_its_sort_is_refused_though_nobody_looks_at_its_shape(
    services: Services, clock: SetClock
) -> None:
    asked = await refund(services, clock, "a", 100, change=7)
    with pytest.raises(Refused, match="does not say in change what sort it is"):
        await perform(services, clock, asked, sequences=(sequence(),), output=("tone",))


async def test_person_lets_the_last_step_go_with_the_steps_in_sight(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict = under_book(services, "loan_amendment", sequences=(sequence(),), standing=())
    story = small_amendment(clock.now().date())
    moved = asking(story, product="due_date_change", amount_cents=0, new_due_day=12)
    first = await opened(strict, moved, "first")
    await decide(strict, CLERK, await pending(strict, first))
    await advance(strict, first)
    second = await opened(strict, story, "second")
    await decide(strict, CLERK, await pending(strict, second))
    await advance(strict, second)
    request = await pending(strict, second)
    assert f"amend_loan due_date_change of {first}" in request.packet.exceptions[0]
    await decide(strict, CHIEF, request)
    await advance(strict, second)
    assert bank.counts()["amendments_applied"] == 2
    ruled = [each for each in await bodies(strict, second, "guardrail_ruled") if each["rule"] == "S1"]
    assert [(each["guardrail"], each["ruling"]) for each in ruled] == [("forbidden_sequence", "hold")]
