"""A high rating needs a person, and a tool sees identity only where its manifest says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.stories import small_amendment
from domain.clock import SetClock
from domain.errors import Refused, Unavailable
from graphs.services import Services
from guardrails.catalog import OF_CALLS, OVER_RATE
from tests.fakes.bank import RunningBank
from tests.fakes.books import under_book
from tests.fakes.bounded import perform, refund
from tests.fakes.casework import advance, bodies, decide, opened, pending
from tests.fakes.governed import session_of
from tests.fakes.people import CHIEF, CLERK
from tools.catalog import TOOLS
from tools.gateway import ToolGateway


async def test_effect_above_the_rating_that_the_book_lets_run_alone_is_held(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    asked = await refund(services, clock, "a", 35_00)
    held = await perform(services, clock, asked, unattended_at_most="elevated")
    assert (held.status, held.measures, bank.counts()["amendments_applied"]) == ("held", {"UR1": 3}, 0)
    assert "amend_loan is rated high (moves money)" in held.reason
    assert (await perform(services, clock, asked, unattended_at_most="high")).status == "confirmed"


async def test_person_lets_it_run_that_standing_authority_alone_may_not(
    services: Services, clock: SetClock, bank: RunningBank
) -> None:
    strict = under_book(services, "loan_amendment", unattended_at_most="elevated")
    case_id = await opened(strict, small_amendment(clock.now().date()))
    request = await pending(strict, case_id)
    assert (request.boundary, bank.counts()["amendments_applied"]) == ("release", 0)
    await decide(strict, CHIEF, request)
    await advance(strict, case_id)
    assert ((await strict.cases.get(case_id)).outcome, bank.counts()["amendments_applied"]) == ("approved", 1)


async def test_effect_that_a_person_decided_runs_whatever_its_rating(
    services: Services, clock: SetClock
) -> None:
    strict = under_book(services, "loan_amendment", unattended_at_most="low", standing=())
    case_id = await opened(strict, small_amendment(clock.now().date()))
    await decide(strict, CLERK, await pending(strict, case_id))
    await advance(strict, case_id)
    assert [each["effect"] for each in await bodies(strict, case_id, "effect_confirmed")] == [
        "amend_loan",
        "decision_notice",
    ]


async def test_tool_resolves_no_identity_that_its_manifest_does_not_name(
    services: Services, clock: SetClock
) -> None:
    opened_session = await session_of(services, clock, "sanctions_screener")
    silent = {"screen_party": replace(TOOLS["screen_party"], identity=False)}
    gateway = ToolGateway(silent, services.breakers, OF_CALLS, OVER_RATE)
    with pytest.raises(Refused, match="resolves identity"):
        await gateway.call(
            opened_session.session, opened_session.context, "screen_party", {"party": "party:1"}
        )


async def test_tool_that_names_no_version_of_a_list_gets_no_list(services: Services, clock: SetClock) -> None:
    opened_session = await session_of(services, clock, "sanctions_screener")
    silent = {"screen_party": replace(TOOLS["screen_party"], versions=frozenset())}
    gateway = ToolGateway(silent, services.breakers, OF_CALLS, OVER_RATE)
    with pytest.raises(Unavailable, match="list"):
        await gateway.call(
            opened_session.session, opened_session.context, "screen_party", {"party": "party:1"}
        )
