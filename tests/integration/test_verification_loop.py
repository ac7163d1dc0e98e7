"""Checks, judge, one send-back, then gap, playbook or referral: each step on the real path and on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.judge import PROMPT
from agents.prompt import read_prompt
from api.assembly import models
from api.demo.stories import self_employed
from api.settings import ModelSettings
from checkpoints.journal import read_calls
from domain.clock import SetClock
from domain.model_use import JudgementRules
from graphs.services import Services, install
from tests.fakes.books import rewritten, under_book
from tests.fakes.casework import opened, pending
from tests.fakes.model_script import SERVER_ERROR, InOrder, ModelRequest, Reply, Script, Turns, structured
from tests.fakes.model_server import ScriptedModel
from tests.fakes.specialists_script import TOOLS, UPHOLD, answer, judged, specialists

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
OVERTURN = {"verdict": "overturn", "reasons": "The letter names no cause."}
DOUBTED = "letter_explains_income"


async def bodies(services: Services, case_id: str, kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in await services.ledger.entries(case_id) if entry.kind == kind]


async def finding(services: Services, case_id: str) -> dict[str, Any]:
    (found,) = [
        each
        for each in await bodies(services, case_id, "finding_returned")
        if each["specialist"] == "income_verifier"
    ]
    return found


async def test_upheld_judgement_counts_and_the_packet_says_who_upheld_it(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(specialists())
    case_id = await opened(services, self_employed(clock.now().date()))
    reviews = await bodies(services, case_id, "judgement_reviewed")
    assert [(each["code"], each["verdict"]) for each in reviews] == [(DOUBTED, "upheld")]
    (line,) = [each for each in (await pending(services, case_id)).packet.judgements if DOUBTED in each]
    assert line.endswith("the judge: upheld")
    calls = await read_calls(services.database, services.vault, case_id)
    (source,) = [call for call in calls if call["entry"] == reviews[0]["source"]]
    assert source["target"] == "letter_of_explanation"
    assert server.requests_of("judge")


async def test_judge_sees_the_judgement_and_not_who_made_it(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists())
    await opened(services, self_employed(clock.now().date()))
    (request,) = server.requests_of("judge")
    assert request.system == read_prompt(PROMPT).text
    assert request.tools == {}
    seen = str(request.messages[1]["content"])
    assert all(f'"{part}"' in seen for part in ("question", "evidence", "quote", "answer", "counter"))
    assert "income_verifier" not in seen


async def test_overturned_once_goes_back_with_the_judges_reasons_and_may_be_mended(
    with_model: WithModel, clock: SetClock
) -> None:
    judge = InOrder(structured(OVERTURN), then=structured(UPHOLD))
    server, services = with_model(specialists(judge=judge))
    case_id = await opened(services, self_employed(clock.now().date()))
    assert [each["verdict"] for each in await bodies(services, case_id, "judgement_reviewed")] == [
        "overturned",
        "upheld",
    ]
    assert [each["checks"] for each in await bodies(services, case_id, "answer_sent_back")] == [["judge"]]
    told = str(server.requests_of("income_verifier")[-1].messages[-1]["content"])
    assert "The letter names no cause." in told
    assert (await finding(services, case_id))["gaps"] == []


async def test_overturned_twice_becomes_a_gap_for_a_person(with_model: WithModel, clock: SetClock) -> None:
    server, services = with_model(specialists(judge=Turns(answer=OVERTURN)))
    case_id = await opened(services, self_employed(clock.now().date()))
    found = await finding(services, case_id)
    assert (found["gaps"], found["degraded"]) == ([f"overturned:{DOUBTED}"], False)
    request = await pending(services, case_id)
    assert "Policy refers this to you" in request.packet.asked
    assert len(server.requests_of("judge")) == 2


async def test_judge_that_fails_upholds_nothing(with_model: WithModel, clock: SetClock) -> None:
    _, services = with_model(specialists(judge=Turns(answer=Reply(fault=SERVER_ERROR.fault))))
    case_id = await opened(services, self_employed(clock.now().date()))
    assert (await finding(services, case_id))["gaps"] == [f"unreviewed:{DOUBTED}"]
    assert [each["verdict"] for each in await bodies(services, case_id, "judgement_reviewed")] == [
        "unreviewed"
    ]


@pytest.mark.parametrize(("row", "outcome"), [("gap", "approve"), ("refer", "refer")])
async def test_book_may_refer_a_case_whose_judgement_is_overturned_though_its_table_looks_at_no_gap(
    with_model: WithModel, clock: SetClock, row: str, outcome: str
) -> None:
    _, equipped = with_model(specialists(judge=Turns(answer=OVERTURN)))
    blind = rewritten(equipped, "home_loan", 'open_gaps: ">= 1"', 'open_gaps: ">= 999"')
    services = rewritten(blind, "home_loan", "overturned: gap", f"overturned: {row}")
    case_id = await opened(services, self_employed(clock.now().date()))
    (reached,) = await bodies(services, case_id, "decision_reached")
    assert reached["outcome"] == outcome


async def test_judgement_below_the_books_threshold_is_a_gap_and_needs_no_judge(
    with_model: WithModel, clock: SetClock
) -> None:
    server, equipped = with_model(specialists())
    services = under_book(
        equipped, "home_loan", judgements=JudgementRules(sure_enough_percent=90, judge=True)
    )
    case_id = await opened(services, self_employed(clock.now().date()))
    assert (await finding(services, case_id))["gaps"] == [f"judgement:{DOUBTED}"]
    assert server.requests_of("judge") == []


async def test_judge_runs_on_another_model_where_one_is_configured(
    with_model: WithModel, clock: SetClock
) -> None:
    server, equipped = with_model(specialists())
    other = models(ModelSettings(base_url=server.url, routine="judge-model"))["routine"]
    services = replace(equipped, crew=replace(equipped.crew, judge=other))
    install(services)
    case_id = await opened(services, self_employed(clock.now().date()))
    called = await bodies(services, case_id, "model_called")
    assert {each["model"] for each in called if each["prompt_id"] == "judge"} == {"judge-model"}


def omitting(request: ModelRequest) -> dict[str, Any]:
    return answer(judged(DOUBTED, "my order book for this year is full", "supports"))


async def test_tool_that_a_model_leaves_out_goes_back_by_name_and_figures_come_from_all_of_them(
    with_model: WithModel, clock: SetClock
) -> None:
    lazy = Turns([TOOLS["income_verifier"][2]], answer=omitting)
    server, services = with_model(specialists(income_verifier=lazy))
    case_id = await opened(services, self_employed(clock.now().date()))
    sent = await bodies(services, case_id, "answer_sent_back")
    assert sent[0]["checks"] == ["evidence", "tools"]
    assert "tax_returns(party=party:1)" in str(server.requests_of("income_verifier")[-1].messages[-1])
    found = await finding(services, case_id)
    assert (found["produced_by"], found["degraded"]) == ("playbook", True)


@pytest.mark.parametrize("score", [768, 560])
async def test_conclusion_against_the_books_table_goes_back(
    with_model: WithModel, clock: SetClock, score: int
) -> None:
    eager = Turns(TOOLS["bureau_analyst"], answer={**answer(), "speaks": "for"})
    _, services = with_model(specialists(bureau_analyst=eager))
    story = self_employed(clock.now().date())
    records = tuple(
        {**each, "score": score} if each["kind"] == "bureau_file" else each for each in story.records
    )
    case_id = await opened(services, replace(story, records=records))
    sent = await bodies(services, case_id, "answer_sent_back")
    assert [each["checks"] for each in sent] == ([] if score == 768 else [["table"], ["table"]])


async def test_words_that_the_books_guardrails_refuse_go_back_once_and_then_the_playbook_works(
    with_model: WithModel, clock: SetClock
) -> None:
    biased = Turns(TOOLS["bureau_analyst"], answer=answer(narrative="It is doubtful because of his age."))
    _, services = with_model(specialists(bureau_analyst=biased))
    case_id = await opened(services, self_employed(clock.now().date()))
    found = [
        e for e in await bodies(services, case_id, "finding_returned") if e["specialist"] == "bureau_analyst"
    ]
    sent_back = await bodies(services, case_id, "answer_sent_back")
    ruled = await bodies(services, case_id, "guardrail_ruled")
    assert [each["checks"] for each in sent_back] == [["guardrail.prohibited_basis"]] * 2
    assert (found[0]["produced_by"], found[0]["degraded"]) == ("playbook", True)
    assert {each["rule"] for each in ruled if each["guardrail"] == "prohibited_basis"} == {
        "PB0",
        "basis_reason",
    }


async def test_guardrail_that_the_book_does_not_switch_on_says_nothing(
    with_model: WithModel, clock: SetClock
) -> None:
    _, equipped = with_model(specialists())
    services = under_book(equipped, "home_loan", guardrails={"execution": ("values_as_arguments",)})
    case_id = await opened(services, self_employed(clock.now().date()))
    ruled = await bodies(services, case_id, "guardrail_ruled")
    assert {each["guardrail"] for each in ruled} == {"values_as_arguments"}
