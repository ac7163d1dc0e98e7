"""What identifies somebody in a chat message goes to the vault of the thread before anything else sees it."""

from __future__ import annotations

import pytest

from api.demo.stories import routine, small_amendment
from domain.clock import SetClock
from domain.identity import IdentityKind
from domain.person import Person
from graphs.services import Services
from tests.fakes.casework import opened
from tests.fakes.chat import Talk
from tests.fakes.people import ADVISOR
from tests.integration.test_identity import dump

PLANTED = {
    "a whole name": "Avery Demo Quill",
    "a name in part": "quill",
    "a name with the family first": "QUILL, Avery Demo",
    "a tax number of a customer": "900-00-0001",
    "the same without signs": "900000001",
    "a customer number": "c-1001",
    "an account": "DEMO-ACCT-000417",
    "a birth date": "1986-04-12",
    "a birth date in words": "April 12, 1986",
    "a birth date as Americans write it": "04/12/1986",
    "an issued tax number of a stranger": "536-90-4399",
    "an IBAN": "GB82 WEST 1234 5698 7654 32",
    "a card": "4111 1111 1111 1111",
    "an e-mail address": "avery@example.com",
    "a telephone number": "(555) 555-0199",
}


@pytest.fixture
async def cases(services: Services, clock: SetClock) -> list[str]:
    today = clock.now().date()
    return [
        await opened(services, routine(today)),
        await opened(services, small_amendment(today), "amendment"),
    ]


async def test_no_planted_value_stands_in_checkpoints_journal_ledger_or_anywhere_else(
    services: Services, cases: list[str]
) -> None:
    talk = Talk(services, ADVISOR)
    for what, value in PLANTED.items():
        await talk.ask(f"Which cases does {value} have? ({what})")
    everything = (await dump(services)).upper()
    hexed = {value: value.encode().hex().upper() for value in PLANTED.values()}
    left = [value for value in PLANTED.values() if value.upper() in everything or hexed[value] in everything]
    assert left == []
    assert "TOK_SAID_" in everything
    assert all("tok_said_" in message for message in talk.heard)


async def test_customer_is_found_by_name_number_and_part_of_a_name(
    services: Services, cases: list[str]
) -> None:
    talk = Talk(services, ADVISOR)
    for named in ("Avery Demo Quill", "Quill", "C-1001", "900-00-0001"):
        answer = await talk.ask(f"Which cases does {named} have?")
        assert cases[0] in answer.text, named
        assert cases[1] not in answer.text, named


async def test_customer_of_somebody_else_has_no_cases(services: Services, cases: list[str]) -> None:
    talk = Talk(services, Person("advisor-2", groups=frozenset({"advisors"})))
    answer = await talk.ask("Which cases does Avery Demo Quill have?")
    assert answer.text == "No case of that customer is yours to see."
    assert "tok_said_name_" in talk.heard[0]


async def test_the_same_value_is_the_same_token_all_over_a_thread_and_another_in_the_next(
    services: Services, cases: list[str]
) -> None:
    first, second = Talk(services, ADVISOR), Talk(services, ADVISOR)
    for talk in (first, first, second):
        await talk.ask("Which cases does Avery Demo Quill have?")
    assert first.heard[0] == first.heard[1] != second.heard[0]


async def test_speaking_of_a_person_makes_no_case_theirs(services: Services, cases: list[str]) -> None:
    before = await services.vault.cases_with(IdentityKind.NAME, "Avery Demo Quill")
    await Talk(services, ADVISOR).ask("Which cases does Avery Demo Quill have?")
    assert await services.vault.cases_with(IdentityKind.NAME, "Avery Demo Quill") == before


async def test_ordinary_words_dates_and_case_numbers_stay_as_they_are(
    services: Services, cases: list[str]
) -> None:
    talk = Talk(services, ADVISOR)
    said = f"Will {cases[0]} be decided by 2026-03-09 at 6.5 % for $328,000.00?"
    await talk.ask(said)
    assert talk.heard == [said]
