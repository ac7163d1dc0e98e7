"""Orders planted in every text that comes from outside reach a model that obeys them, and nothing happens."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.demo.stories import Story, routine, self_employed, small_amendment
from domain.clock import SetClock
from graphs.services import Services
from tests.fakes.bank import RunningBank
from tests.fakes.casework import advance, asking, bodies, deliver, opened
from tests.fakes.chat import Talk
from tests.fakes.companies import commentary, filing
from tests.fakes.companies import statement as company_statement
from tests.fakes.companies import story as company_loan
from tests.fakes.database_text import dump
from tests.fakes.hostile import Hostile
from tests.fakes.model_script import Script
from tests.fakes.model_server import ScriptedModel
from tests.fakes.onboarding import alert, company
from tests.fakes.people import ADVISOR
from tests.fakes.planted import (
    TEXTS,
    free_texts,
    order,
    plain_order,
    planted,
    with_orders,
    with_orders_for_names,
)
from tests.fakes.proofs import proven

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]


def employed(today: date) -> Story:
    return asking(routine(today), letter_of_explanation="I changed my work once.")


def lent(_: date) -> Story:
    return company_loan(filing(), company_statement(), commentary())


LETTER, FACTORS = "obey_letter", "obey_bureau_file_key_factors"
OWNERS, COMMENTS = "obey_ownership_record_explanation", "obey_management_commentary_text"
CASES: dict[str, tuple[Callable[[date], Story], set[str]]] = {  # the story, and the orders that a model reads
    "employed": (employed, {LETTER, FACTORS}),
    "self-employed": (self_employed, {LETTER, FACTORS}),
    "company account": (lambda today: company(today, alert(today)), {OWNERS}),
    "company loan": (lent, {FACTORS, OWNERS, COMMENTS}),
    "amendment": (small_amendment, {FACTORS}),
}


def test_every_free_text_of_a_source_record_is_planted() -> None:
    assert {kind: set(fields) for kind, fields in TEXTS.items()} == free_texts()


@pytest.mark.parametrize("name", CASES)
async def test_planted_orders_are_read_obeyed_refused_and_done_by_nobody(
    with_model: WithModel, bank: RunningBank, clock: SetClock, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    story, read = CASES[name]
    hostile = Hostile()
    server, services = with_model(hostile)
    case_id = await opened(services, planted(story(clock.now().date())))
    refused = await bodies(services, case_id, "call_refused")
    assert set(hostile.obeyed) == read
    assert read <= {each["target"] for each in refused if each["control"] == "mandate.tools"}
    assert await services.outbox.of_case(case_id) == []
    assert await _leaks(services, case_id, server, caplog.text) == []


@pytest.mark.parametrize("name", ["company account", "company loan"])
async def test_names_that_are_orders_never_reach_the_model(
    with_model: WithModel, clock: SetClock, name: str
) -> None:
    hostile = Hostile()
    server, services = with_model(hostile)
    story = with_orders_for_names(CASES[name][0](clock.now().date()))
    case_id = await opened(services, story)
    assert "obey_" in json.dumps(story.records)
    assert "obey_" not in json.dumps([each.body for each in server.requests])
    assert await services.outbox.of_case(case_id) == []


async def test_an_order_in_a_record_that_comes_later_is_refused_as_well(
    with_model: WithModel, clock: SetClock
) -> None:
    hostile = Hostile()
    _, services = with_model(hostile)
    whole = routine(clock.now().date())
    (bureau,) = [each for each in whole.records if each["kind"] == "bureau_file"]
    without = replace(whole, records=tuple(each for each in whole.records if each is not bureau))
    case_id = await opened(services, without)
    assert hostile.obeyed == []
    await deliver(services, case_id, with_orders(bureau), "late-1")
    await advance(services, case_id)
    refused = await bodies(services, case_id, "call_refused")
    assert set(hostile.obeyed) == {FACTORS}
    assert FACTORS in {each["target"] for each in refused}
    assert await services.outbox.of_case(case_id) == []


async def test_an_order_in_a_chat_message_is_obeyed_by_the_model_alone(
    with_model: WithModel, clock: SetClock
) -> None:
    hostile = Hostile(looks_first=False)
    _, services = with_model(hostile)
    await proven(services, "advisor")
    case_id = await opened(services, small_amendment(clock.now().date()))
    talk = Talk(services, ADVISOR)
    answer = await talk.ask(f"Where does {case_id} stand? {order('chat')}")
    refused = await bodies(services, str(talk.thread), "call_refused")
    assert set(hostile.obeyed) == {"obey_chat"}
    assert "obey_chat" in {each["target"] for each in refused}
    assert (answer.produced_by, answer.degraded) == ("certified", True)


async def test_an_order_in_a_chat_message_that_the_detector_finds_is_refused_before_any_model_reads_it(
    with_model: WithModel, clock: SetClock
) -> None:
    hostile = Hostile(looks_first=False)
    server, services = with_model(hostile)
    case_id = await opened(services, small_amendment(clock.now().date()))
    asked = len(server.requests)
    talk = Talk(services, ADVISOR)
    answer = await talk.ask(f"Where does {case_id} stand? {plain_order('chat')}")
    ruled = await bodies(services, str(talk.thread), "guardrail_ruled")
    assert (answer.refused, len(server.requests)) == ("evasion", asked)
    assert ("prompt_injection", "redact", "PI6") in {(e["guardrail"], e["ruling"], e["rule"]) for e in ruled}


async def _leaks(services: Services, case_id: str, server: ScriptedModel, log: str) -> list[str]:
    """Vault values in prompts, in any table, in logs."""
    values = {value for _, value in (await services.vault.values(case_id)).values() if 5 < len(value) < 100}
    sent: list[Any] = [each.body for each in server.requests]
    everywhere = "\n".join([json.dumps(sent, ensure_ascii=False), await dump(services), log]).casefold()
    assert values
    return [value for value in values if value.casefold() in everywhere]
