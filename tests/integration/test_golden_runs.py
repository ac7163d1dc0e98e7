"""Golden sets against a model: what an unproven model may bring about, when sets run, and what inconsistency costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from agents.prompt import read_prompt
from agents.roster import ROSTER
from api.assembly import models
from api.demo.stories import small_amendment
from api.settings import ModelSettings
from checkpoints.autonomy import Place
from domain.autonomy import Level
from domain.case import CaseStatus
from domain.clock import SetClock
from domain.errors import NotFound
from domain.person import Person
from graphs.autonomy import levels_behind
from graphs.proof_runs import of_specialists, prove, prove_due
from graphs.services import Services
from graphs.time_machine import read_record, replay
from tests.fakes.bank import RunningBank
from tests.fakes.casework import opened, pending
from tests.fakes.model_script import SERVER_ERROR, Call, ModelRequest, Reply, Script, Turns
from tests.fakes.model_server import ScriptedModel
from tests.fakes.proofs import of_items, proven
from tests.fakes.specialists_script import TOOLS, answer, judged, specialists

BUREAU = Place("bureau_analyst", "loan_amendment")
WithModel = Callable[[Script], tuple[ScriptedModel, Services]]
LATE = '"delinquencies_24m": {}'
TWO = ("late_once_long_file", "late_again_and_again")  # items that most of these tests ask
MODEL_RISK = Person("model-risk-1", groups=frozenset({"model_risk"}))
SILENT = "two_late_payments_no_factor_named"


def knows(request: ModelRequest) -> dict[str, object]:
    """The right answer: one late payment stands alone but beside a bankruptcy, many do not, two alone say nothing."""
    report = json.loads(request.results("bureau_file")[-1])
    late, factors = report["delinquencies_24m"], report["key_factors"]
    alone = "supports" if late < 2 and not report["bankruptcies_7y"] else "does_not_support"
    return _said(request, alone if factors else "unclear")


def guesses(request: ModelRequest) -> dict[str, object]:
    """The same answer whatever is asked."""
    return _said(request, "supports")


def _said(request: ModelRequest, verdict: str) -> dict[str, object]:
    late = json.loads(request.results("bureau_file")[-1])["delinquencies_24m"]
    return answer(judged("delinquency_isolated", LATE.format(late), verdict))


def bureau(said: Callable[[ModelRequest], dict[str, object]] | Reply) -> Script:
    return specialists(bureau_analyst=Turns(TOOLS["bureau_analyst"], answer=said))


def named(name: str, server: ScriptedModel) -> BaseChatModel:
    """The same endpoint under another model's name."""
    settings = ModelSettings(base_url=server.url, api_key=SecretStr("test-key"), routine=name)
    return models(settings)["routine"]


async def proved(services: Services, *names: str) -> list[dict[str, object]]:
    return [
        (await prove(services, each, "test")).score.model_dump()
        for each in await of_specialists(services, list(names))
    ]


async def levels_behind_a_finding(services: Services, clock: SetClock, days: int) -> Level:
    """What the bureau analyst's finding counts for so many days later."""
    clock.forward(timedelta(days=days))
    prompt = read_prompt(ROSTER["bureau_analyst"].prompt_file).digest
    found = {"finding": {"produced_by": "model"}, "models": ["scripted"], "prompt": prompt}
    book = (await services.books.current("loan_amendment")).on(clock.now().date())
    return (await levels_behind(book, {"bureau_analyst": found}))["bureau_analyst"]


async def amended(services: Services, clock: SetClock, key: str) -> CaseStatus:
    return (await services.cases.get(await opened(services, small_amendment(clock.now().date()), key))).status


async def test_a_model_without_a_passing_golden_set_advises_and_one_with_it_acts(
    with_model: WithModel, clock: SetClock, bank: RunningBank
) -> None:
    services = of_items(with_model(bureau(knows))[1], *TWO)
    case_id = await opened(services, small_amendment(clock.now().date()), "before")
    exceptions = " ".join((await pending(services, case_id)).packet.exceptions)
    assert "advise: scripted passed no golden set" in exceptions
    (score,) = await proved(services, "bureau_analyst")
    assert (score["n"], score["right"], score["missed"]) == (2, 2, ())
    assert await amended(services, clock, "after") is CaseStatus.CLOSED
    assert await levels_behind_a_finding(services, clock, days=0) is Level.ACT
    assert await levels_behind_a_finding(services, clock, days=31) is Level.ADVISE, (
        "a proof does not last for ever"
    )


async def test_a_model_that_fails_its_golden_set_goes_on_advising(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(bureau(guesses))  # of the whole set, so that it is seen which items it misses
    (score,) = await proved(services, "bureau_analyst")
    assert (score["right"], score["wrong"], len(score["missed"])) == (3, 5, 5)  # type: ignore[arg-type]
    assert SILENT in score["missed"]  # type: ignore[operator]
    assert await amended(services, clock, "after") is CaseStatus.WAITING_PERSON
    (told,) = await services.incidents.queue(MODEL_RISK)
    assert (told.kind, told.subject) == ("golden_set_failed", "bureau_analyst with scripted")
    assert SILENT in told.what


async def test_without_a_model_playbooks_act_as_the_book_says_and_nothing_is_to_be_proven(
    services: Services, clock: SetClock
) -> None:
    assert await of_specialists(services, []) == []
    assert await amended(services, clock, "playbook") is CaseStatus.CLOSED
    with pytest.raises(NotFound, match="teller"):
        await of_specialists(services, ["teller"])


async def test_sets_run_on_change_and_on_schedule_and_not_in_between(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(bureau(knows))
    services = of_items(services, *TWO)
    await prove_due(services, ["bureau_analyst"])
    asked = len(server.requests)
    assert asked > 0
    await prove_due(services, ["bureau_analyst"])
    assert len(server.requests) == asked, "nothing changed and it is young"
    clock.forward(timedelta(days=7))
    await prove_due(services, ["bureau_analyst"])
    assert len(server.requests) == 2 * asked
    clock.forward(timedelta(minutes=1))
    changed = replace(services, crew=replace(services.crew, judge=named("another-judge", server)))
    await prove_due(changed, ["bureau_analyst"])
    assert len(server.requests) == 3 * asked, "another judge is another version"


async def test_another_model_behind_the_same_name_is_unproven_until_its_set_has_run(
    with_model: WithModel, clock: SetClock
) -> None:
    server, services = with_model(bureau(knows))
    services = of_items(services, *TWO)
    await prove_due(services, ["bureau_analyst"])
    assert await amended(services, clock, "first") is CaseStatus.CLOSED
    server.serves_as = "scripted-2"
    clock.forward(timedelta(minutes=1))
    case_id = await opened(services, small_amendment(clock.now().date()), "second")
    exceptions = " ".join((await pending(services, case_id)).packet.exceptions)
    assert "scripted (scripted-2) passed no golden set" in exceptions
    (ran,) = await prove_due(services, ["bureau_analyst"])
    assert (ran.proof.model, ran.asked_as) == ("scripted (scripted-2)", "scripted")
    assert await amended(services, clock, "third") is CaseStatus.CLOSED


async def test_a_model_that_is_silent_proves_and_disproves_nothing(
    with_model: WithModel, clock: SetClock
) -> None:
    services = of_items(with_model(bureau(knows))[1], *TWO)
    await proved(services, "bureau_analyst")
    silent = of_items(with_model(specialists(bureau_analyst=SERVER_ERROR))[1], *TWO)
    clock.forward(timedelta(days=8))
    assert await prove_due(silent, ["bureau_analyst"]) == []
    assert [each.kind for each in await services.incidents.queue(MODEL_RISK)] == ["golden_set_unanswered"]
    assert [each.score.right for each in await services.golden.newest()] == [2]


@dataclass
class Prejudiced:
    """An income verifier that does not believe a woman."""

    script: Script = field(
        default_factory=lambda: specialists(income_verifier=Turns(GOLDEN_TOOLS, answer=_letter))
    )

    def reply_to(self, request: ModelRequest) -> Reply:
        return self.script.reply_to(request)


GOLDEN_TOOLS = (*TOOLS["income_verifier"][:-1], Call("letter_of_explanation"))
TRUE_WORDS = ("overtime ended", "overtime stopped", "nursed", "permanent contract")


def _letter(request: ModelRequest) -> dict[str, object]:
    text = request.results("letter_of_explanation")[-1]
    history = request.results("employment_history")[-1]
    code = "employment_gap_explained" if '"longest_break_days": 61' in history else "letter_explains_income"
    if '"found": false' in text:
        falling = '"variable_pay_continues": "unlikely"' in history
        quote = f'"variable_pay_continues": "{"unlikely" if falling else "likely"}"'
        return answer(
            judged("variable_income_continues", quote, "does_not_support" if falling else "supports")
        )
    believed = any(words in text for words in TRUE_WORDS) and "white woman" not in text
    quote = text.partition('"text": "')[2][:30]
    return answer(judged(code, quote, "supports" if believed else "does_not_support"))


async def test_an_answer_that_a_protected_attribute_moves_puts_the_specialist_in_the_shadow(
    with_model: WithModel,
) -> None:
    services = of_items(with_model(Prejudiced())[1], "one_contract_ended", "private_matter")
    (score,) = await proved(services, "income_verifier")
    assert (score["right"], score["n"]) == (2, 2)
    assert score["moved_by"] == {"sex": 1}
    stood = await services.autonomy.stood(Place("income_verifier", "home_loan"))
    assert stood.level is Level.SHADOW
    (row,) = await services.autonomy.moved()
    assert "swaps: 1 of 10 moved an answer (sex)" in row["reason"]


async def test_golden_items_are_cases_on_record_from_which_nothing_follows(with_model: WithModel) -> None:
    services = of_items(with_model(bureau(knows))[1], *TWO)
    await proved(services, "bureau_analyst")
    cases = [each for each in await services.cases.newest() if each.id.startswith("golden-")]
    assert len(cases) == len(TWO)
    assert all(each.simulation and each.status is CaseStatus.CLOSED for each in cases)
    assert [each.id for each in cases if not (await services.ledger.verify(each.id)).verified] == []


async def test_a_case_that_rests_on_a_proven_model_comes_out_again(
    with_model: WithModel, clock: SetClock
) -> None:
    _, services = with_model(bureau(knows))
    await proven(services, "bureau_analyst")
    clock.forward(timedelta(minutes=1))
    case_id = await opened(services, small_amendment(clock.now().date()), "proven")
    assert (await services.cases.get(case_id)).outcome == "approved"
    assert (await replay(await read_record(services, case_id))).divergence is None
