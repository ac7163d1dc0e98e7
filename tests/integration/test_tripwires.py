"""When too much goes wrong in too short a time the product halts it by itself, and a person resumes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.demo.stories import routine, small_amendment
from api.runner import sweep
from checkpoints.ledger import OPS
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.errors import Refused
from domain.person import Person
from domain.tripwire import Tripwire
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.casework import bodies, opened
from tests.fakes.governed import session_of

AMENDMENTS = "POST /amendments"
SRE = Person("sre-1", groups=frozenset({"sre"}))


def tripwire(**changes: Any) -> Tripwire:
    """More than one refused amendment in ten minutes halts the amendment."""
    row: dict[str, Any] = {
        "id": "W1",
        "event": "effect_refused",
        "of": ("amend_loan",),
        "within_minutes": 10,
        "at_most": 1,
        "halts": "it",
        "source": "test",
    }
    return Tripwire(**(row | changes))


def wired(services: Services, **changes: Any) -> Services:
    """Under a book with this tripwire alone."""
    return under_book(services, "loan_amendment", tripwires=(tripwire(**changes),))


async def refused(services: Services, clock: SetClock, bank: RunningBank, *keys: str) -> None:
    """One case for each key whose amendment the core bank refuses."""
    for key in keys:
        bank.break_next(AMENDMENTS, "refuse")
        await opened(services, small_amendment(clock.now().date()), key)


async def halted(services: Services) -> list[str]:
    return [row["target"] for row in await services.halts.all()]


@pytest.mark.parametrize(
    ("halts", "target"),
    [("it", "effect:amend_loan"), ("kind", "kind:loan_amendment"), ("everything", "everything")],
)
async def test_one_refusal_too_many_halts_what_the_book_says(
    services: Services, clock: SetClock, bank: RunningBank, halts: str, target: str
) -> None:
    guarded = wired(services, halts=halts)
    await refused(guarded, clock, bank, "a")
    assert await halted(guarded) == []
    await refused(guarded, clock, bank, "b")
    (row,) = await guarded.halts.all()
    assert (row["target"], row["by"]) == (target, "countersign")
    assert "W1: 2 times effect refused for amend_loan in 10 minutes, 1 are allowed" in row["reason"]


async def test_halt_is_on_record_with_its_rule(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    guarded = wired(services)
    await refused(guarded, clock, bank, "a", "b")
    assert [each["target"] for each in await bodies(guarded, OPS, "halting")] == ["effect:amend_loan"]
    (ruled,) = await bodies(guarded, OPS, "guardrail_ruled")
    assert (ruled["guardrail"], ruled["ruling"], ruled["rule"]) == ("out_of_bounds", "refuse", "W1")


async def test_cases_stand_still_and_go_on_when_a_person_resumes_them(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    guarded = wired(services, halts="kind")
    await refused(guarded, clock, bank, "a", "b")
    third = await opened(guarded, small_amendment(clock.now().date()), "third")
    assert (await guarded.cases.get(third)).status is CaseStatus.OPEN
    assert bank.counts()["amendments_applied"] == 0
    clock.forward(timedelta(seconds=1))
    await guarded.halts.resume(SRE, "kind:loan_amendment", "the core bank is mended")
    await sweep(guarded, 60)
    assert await halted(guarded) == []  # what was before counts no more


async def test_what_lies_further_back_counts_no_more(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    guarded = wired(services)
    await refused(guarded, clock, bank, "a")
    clock.forward(timedelta(minutes=10))
    await refused(guarded, clock, bank, "b")
    assert await halted(guarded) == []


async def test_refused_tool_calls_halt_the_tool_at_the_next_sweep(
    services: Services, clock: SetClock
) -> None:
    row = tripwire(event="call_refused", of=("bureau_file",), at_most=2)
    guarded = under_book(services, "home_loan", tripwires=(row,))
    case_id = await opened(guarded, routine(clock.now().date()))
    of_case = await session_of(guarded, clock, "bureau_analyst", case_id, max_tool_calls=0)
    gateway = guarded.crew.tool_gateway
    for _ in range(3):
        with pytest.raises(Refused, match="more than 0 tool calls"):
            await gateway.call(of_case.session, of_case.context, "bureau_file", {"party": "party:1"})
    await sweep(guarded, 60)
    assert await halted(guarded) == ["tool:bureau_file"]
    operator = Person("operator-1", groups=frozenset({"operations"}))
    assert [each.subject for each in await services.incidents.queue(operator)] == ["tool:bureau_file"]


async def test_guardrail_that_is_switched_off_halts_nothing(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    off = under_book(services, "loan_amendment", tripwires=(tripwire(),), guardrails={})
    await refused(off, clock, bank, "a", "b")
    assert await halted(off) == []
