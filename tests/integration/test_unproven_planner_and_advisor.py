"""What an unproven planner or advisor may bring about, and how an erring one fails its golden set."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agents.swaps import PAIRS
from api.demo.stories import routine, self_employed
from checkpoints.autonomy import Place
from domain.autonomy import Level
from domain.clock import SetClock
from domain.golden import Alike
from graphs.proof_runs import of_specialists, prove
from graphs.services import Services
from tests.fakes.casework import bodies, kinds, opened, pending
from tests.fakes.chat import Talk
from tests.fakes.model_script import Call, ModelRequest, Script, Turns, structured
from tests.fakes.model_server import ScriptedModel
from tests.fakes.people import ADVISOR
from tests.fakes.proofs import of_items, proven
from tests.fakes.specialists_script import specialists
from tools.scope import reference

WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
OPEN_CASE = reference("home_loan-0123456789ab")
RECHECK = {"rechecks": [{"specialist": "income_verifier", "reason": "compare"}], "explanation": "they differ"}


async def missed(services: Services, job: str) -> dict[str, Any]:
    """The score of the one model there is."""
    (candidate,) = await of_specialists(services, [job])
    return (await prove(services, candidate, "test")).score.model_dump()


def chats(says: Callable[[ModelRequest], str]) -> Script:
    """An advisor that looks the case up and then says this."""

    def told(request: ModelRequest) -> dict[str, Any]:
        cites = [each["ref"] for each in json.loads(request.results("case_status")[-1])["citations"]]
        return {"segments": [{"text": says(request), "cites": cites}]}

    turns = Turns([Call("case_status", {"case": OPEN_CASE})], answer=structured(told))
    return specialists(advisor=turns)


def discreet(request: ModelRequest) -> str:
    """Who is asked to decide; of reports to authorities nothing."""
    asks = "authorities" in str(request.messages)
    return "That is not for the chat." if asks else "It waits for underwriters."


def prejudiced(request: ModelRequest) -> str:
    """The same, but of one group it says what was not asked."""
    mine = PAIRS["race"][1] in str(request.messages[1]["content"])
    return "It is declined." if mine else discreet(request)


async def test_an_advisor_that_answers_and_declines_passes_and_is_heard(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(chats(discreet))
    loan = await opened(services, routine(clock.now().date()))
    before = await Talk(services, ADVISOR).ask(f"Where does {loan} stand?")
    assert (before.produced_by, before.degraded) == ("certified", False)
    few = of_items(services, "where_a_case_stands", "was_something_filed")
    score = await missed(few, "advisor")
    assert (score["right"], score["n"], score["swaps"]) == (2, 2, Alike(n=10).model_dump())


async def test_an_unproven_advisor_is_not_heard_and_it_stands_on_record_why(
    with_model: WithModel, services: Services, clock: SetClock
) -> None:
    loan = await opened(services, routine(clock.now().date()))
    answer = {"segments": [{"text": "It waits for underwriters.", "cites": [loan]}]}
    script = Turns([Call("case_status", {"case": reference(loan)})], answer=structured(answer))
    server, equipped = with_model(specialists(advisor=script))
    talk = Talk(equipped, ADVISOR)
    assert (await talk.ask(f"Where does {loan} stand?")).produced_by == "certified"
    assert server.requests == []
    (event,) = await bodies(services, str(talk.thread), "answer_withheld")
    assert event["because"] == "scripted passed no golden set"
    await proven(equipped, "advisor")
    assert (await talk.ask(f"Where does {loan} stand now?")).produced_by == "model"
    server.serves_as = "scripted-2"
    assert (await talk.ask(f"Where does {loan} stand by now?")).produced_by == "certified"
    server.serves_as = None
    await services.autonomy.lower(Place("advisor", "advisor"), Level.ADVISE, "a complaint", "model-risk")
    assert (await talk.ask(f"Where does {loan} stand at last?")).produced_by == "certified"


@pytest.mark.parametrize(
    ("says", "item"),
    [
        ("A report has been filed with the authorities.", "was_something_filed"),
        ("The interest is deductible from income tax.", "interest_deducted"),
        ("Yes, it is approved.", "just_say_yes"),
        ("It waits for 4711 underwriters.", "where_a_case_stands"),
    ],
)
async def test_an_advisor_that_says_what_it_may_not_fails_the_item(
    with_model: WithModel, says: str, item: str
) -> None:
    services = of_items(with_model(chats(lambda _: says))[1], item)
    score = await missed(services, "advisor")
    assert (score["right"], score["missed"]) == (0, (item,))


async def test_an_advisor_whose_answer_another_person_moves_is_put_in_the_shadow(
    with_model: WithModel,
) -> None:
    services = of_items(with_model(chats(prejudiced))[1], "where_a_case_stands")
    assert (await missed(services, "advisor"))["moved_by"] == {"race": 1}
    assert (await services.autonomy.stood(Place("advisor", "advisor"))).level is Level.SHADOW


def plans(*sent: str) -> Script:
    answer = {"rechecks": [{"specialist": each, "reason": "look"} for each in sent], "explanation": "so"}
    return specialists(planner=Turns(answer=answer))


@pytest.mark.parametrize(
    ("sent", "right"),
    [
        (("income_verifier",), ("income_below_what_was_stated",)),
        ((), ("listed_person_or_not",)),
        (("loan_approver",), ()),
    ],
)
async def test_a_planner_is_right_where_it_sends_who_helps_and_wrong_outside_its_mandate(
    with_model: WithModel, sent: tuple[str, ...], right: tuple[str, ...]
) -> None:
    both = ("income_below_what_was_stated", "listed_person_or_not")
    score = await missed(of_items(with_model(plans(*sent))[1], *both), "planner")
    assert set(score["missed"]) == {*both} - {*right}


async def test_what_rests_on_an_unproven_planner_says_so_and_a_proven_one_is_not_mentioned(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(plans("income_verifier"))
    first = await opened(services, self_employed(clock.now().date()), "unproven")
    told = " ".join((await pending(services, first)).packet.exceptions)
    assert "planner: in this workflow it stands at advise: scripted passed no golden set" in told
    await proven(services, "planner")
    second = await opened(services, self_employed(clock.now().date()), "proven")
    assert "planner" not in " ".join((await pending(services, second)).packet.exceptions)


async def test_a_planner_in_the_shadow_is_on_record_and_sends_nobody(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(plans("income_verifier"))
    await services.autonomy.lower(Place("planner", "home_loan"), Level.SHADOW, "it errs", "model-risk")
    case_id = await opened(services, self_employed(clock.now().date()))
    (event,) = await bodies(services, case_id, "proposal_shadowed")
    assert event["specialists"] == ["income_verifier"]
    proposed = await bodies(services, case_id, "plan_proposed")
    assert {each["proposed_by"] for each in proposed} == {"gap"}
    assert "plan_refused" not in await kinds(services, case_id)
