"""Every golden set: it can be read, its evidence is what tools give, and it asks what the prompt can answer."""

from __future__ import annotations

from typing import get_args

import pytest

from agents.contract import Evidence
from agents.golden import KINDS, Expected, GoldenSet, Item, golden_file, read_golden
from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.assignment import Assignment, PlanStep
from domain.case import Case, CaseStatus
from domain.finding import Finding, Judgement, ProducedBy
from graphs.catalog import VOCABULARY
from graphs.golden.running import Answers, score
from graphs.mandates import Setting, assignment, for_specialist
from graphs.supervisor.judged import counted
from policies.loader import shipped
from tests.fakes.context import AS_OF
from tools.catalog import TOOLS
from tools.gateway import ToolAnswer

BOOKS = {book.rules.kind: book.on(AS_OF.date()) for book in shipped(VOCABULARY)}
ANSWERS = get_args(Expected)
SETS = {
    job: found
    for job, each in ROSTER.items()
    if (found := read_golden(golden_file(each.prompt_file), GoldenSet)) is not None
}


def part(golden: GoldenSet, situation: str) -> Assignment:
    book, specialist, where = BOOKS[golden.workflow], ROSTER[golden.specialist], golden.situations[situation]
    step = PlanStep(worker=specialist.worker, specialists=(specialist.job,), covers=(), reason="golden")
    case = Case(
        id="golden-1",
        kind=golden.workflow,
        status=CaseStatus.OPEN,
        policy_version=book.version,
        application_date=AS_OF.date(),
        opened_at=AS_OF,
        maker="golden set",
        content_digest="c",
    )
    setting = Setting(case, book, where.facts, where.parties, 1, AS_OF)
    return for_specialist(assignment(setting, step), specialist, book, {})


def concluded(golden: GoldenSet, item: Item, said: str) -> str:
    """What a decision would count of a finding in which the model says this of the item's evidence."""
    specialist = ROSTER[golden.specialist]
    evidence = Evidence(
        tuple(
            ToolAnswer(each.tool, dict(each.args), each.result, f"e{n}")
            for n, each in enumerate(golden.evidence(item))
        )
    )
    asks = specialist.conclude(part(golden, item.situation), evidence).asks
    answer = {"open": "unclear"}.get(said, said)
    given = [
        Judgement(
            question=f"{code}: ?",
            answer=answer,  # type: ignore[arg-type]
            quote="q",
            confidence_bps=9_000,
            counter="c",
            source="e0",
        )
        for code in asks
    ]
    finding = Finding(
        assignment="golden-1",
        specialist=golden.specialist,
        judgements=tuple(given),
        conclusion="judged",
        produced_by=ProducedBy.MODEL,
    )
    return counted(item.judgement, finding, 7_000)


def test_every_specialist_that_judges_has_a_golden_set() -> None:
    judging = {job for job, each in ROSTER.items() if read_prompt(each.prompt_file).front.judgement}
    assert set(SETS) == judging


@pytest.mark.parametrize("job", SETS)
def test_a_set_belongs_to_its_specialist_and_a_workflow_that_uses_it(job: str) -> None:
    golden = SETS[job]
    assert golden.specialist == job
    assert job in BOOKS[golden.workflow].rules.workers[ROSTER[job].worker]
    assert len({item.id for item in golden.items}) == len(golden.items)


@pytest.mark.parametrize("job", SETS)
def test_every_judgement_is_asked_eight_times_in_every_way_and_with_every_answer(job: str) -> None:
    codes = {question.code for question in read_prompt(ROSTER[job].prompt_file).front.judgement}
    assert codes == {item.judgement for item in SETS[job].items}
    for code in codes:
        asked = [item for item in SETS[job].items if item.judgement == code]
        assert len(asked) >= 8
        assert {item.expect for item in asked} == set(ANSWERS)
        assert {item.kind for item in asked} == set(KINDS)


@pytest.mark.parametrize("job", SETS)
def test_no_model_passes_that_always_says_the_same(job: str) -> None:
    for said in ANSWERS:
        came = score([Answers(item, (said,)) for item in SETS[job].items])
        assert came.right * 100 < 60 * came.n


@pytest.mark.parametrize("job", SETS)
def test_each_item_can_be_missed_and_is_named(job: str) -> None:
    for item in SETS[job].items:
        found = {said: concluded(SETS[job], item, said) for said in ANSWERS}
        came = {said: score([Answers(item, (answer,))]) for said, answer in found.items()}
        assert [said for said, each in came.items() if each.right] == [item.expect], item.id
        assert {each.missed for said, each in came.items() if said != item.expect} == {(item.id,)}


@pytest.mark.parametrize("job", SETS)
def test_the_evidence_is_what_tools_give_and_raises_the_judgement(job: str) -> None:
    golden, specialist = SETS[job], ROSTER[job]
    for item in golden.items:
        told = golden.evidence(item)
        for each in told:
            tool = TOOLS[each.tool]
            assert tool.args.model_validate(each.args).model_dump(mode="json") == each.args
            assert tool.result.model_validate(each.result).model_dump(mode="json") == each.result, item.id
        assert set(specialist.required) <= {each.tool for each in told}
        answers = tuple(
            ToolAnswer(each.tool, dict(each.args), each.result, f"e{n}") for n, each in enumerate(told)
        )
        concluded = specialist.conclude(part(golden, item.situation), Evidence(answers))
        assert item.judgement in concluded.asks, item.id


@pytest.mark.parametrize("job", SETS)
def test_words_that_are_judged_have_other_words_that_say_the_same(job: str) -> None:
    golden = SETS[job]
    for item in golden.items:
        prose = golden.prose(item)
        assert bool(item.rewordings) == bool(prose), item.id
        assert prose not in item.rewordings
