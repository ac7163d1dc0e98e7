"""The deck of judgements: its labels, its errors and the rules by which the loop must end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from agents.prompt import read_prompt
from agents.roster import ROSTER
from evals.judgements.errors import LONGEST, SPOILT
from evals.judgements.items import ROUND, Loop, Rates, items
from evals.judgements.kinds import KINDS
from evals.judgements.subjects import BY_CODE, SUBJECTS
from evals.judgements.sweep import DECLARED, N, calculated, edges, sorts, sweep

BY_NAME = {each.name: each for each in KINDS}
SURE = Rates(recall=1.0, specificity=1.0, common=0.0, mend=0.9)
BLIND = replace(SURE, recall=0.0)
RIGHT = replace(items("test", 1)[0], error=None, mending=0.5, caught=0.5, doubted=0.5, shared=0.5)


def test_deck_covers_every_worker_and_judgements_of_the_prompts() -> None:
    asked = {
        job: [each.code for each in read_prompt(ROSTER[job].prompt_file).front.judgement] for job in ROSTER
    }
    assert {ROSTER[each.job].worker for each in SUBJECTS} == {"mortgage", "kyc", "credit"}
    assert all(each.code in asked[each.job] for each in SUBJECTS)
    assert len(BY_CODE) == len(SUBJECTS) >= 4


def test_one_answer_in_ten_errs_on_every_judgement() -> None:
    given = items("test", 4 * ROUND)
    wrong = Counter(each.code for each in given if each.error)
    assert wrong == dict.fromkeys(BY_CODE, 4)


def test_a_third_of_the_errors_or_more_are_judgements_that_code_cannot_recompute() -> None:
    for family in ("development", "test"):
        errors = [each.error for each in items(family, N) if each.error]
        assert 3 * sum(each.found_by == "judge" for each in errors) >= len(errors)


def test_every_kind_of_error_is_made_and_belongs_to_one_family() -> None:
    made = {
        family: {each.error for each in items(family, N) if each.error} for family in ("development", "test")
    }
    assert made["development"] | made["test"] == set(KINDS)
    assert not made["development"] & made["test"]
    assert set(SPOILT) == set(BY_NAME)


def test_items_are_the_same_in_every_run() -> None:
    assert items("test", 40) == items("test", 40)


def test_words_that_an_error_quotes_stand_in_the_text_and_do_not_carry_the_answer() -> None:
    for item in (each for each in items("test", 2 * ROUND) if each.code != "delinquency_isolated"):
        read, spans = f"{item.told.text} {item.told.earlier}", item.told.spans.values()
        assert all(words in read for words in (*item.told.ground, *spans)), item.name
        assert not any(item.told.carries(words[:LONGEST]) for words in spans), item.name


@pytest.mark.parametrize(
    ("error", "mending", "rates", "ends"),
    [
        (None, 0.5, SURE, "correct"),
        (None, 0.5, replace(SURE, specificity=0.4), "referred"),
        ("transposed_digits", 0.5, BLIND, "correct"),
        ("transposed_digits", 0.95, BLIND, "referred"),
        ("transposed_digits", 0.5, replace(SURE, mend=0.4), "referred"),
        ("negated_sentence", 0.5, SURE, "correct"),
        ("negated_sentence", 0.95, SURE, "referred"),
        ("negated_sentence", 0.5, BLIND, "wrong"),
        ("negated_sentence", 0.5, replace(SURE, common=0.6), "wrong"),
        ("other_partys_figure", 0.5, SURE, "wrong"),
    ],
)
def test_loop_ends_by_its_rules(error: str | None, mending: float, rates: Rates, ends: str) -> None:
    item = replace(RIGHT, error=BY_NAME[error] if error else None, mending=mending)
    assert item.predicted(rates) == ends


@pytest.mark.parametrize(
    ("error", "loop", "ends"),
    [
        ("transposed_digits", Loop(checks=False), "wrong"),
        ("stitched_quote", Loop(checks=False), "correct"),  # the judge sees a quote that carries nothing
        ("judgement_of_another_code", Loop(checks=False), "wrong"),
        ("negated_sentence", Loop(judge=False), "wrong"),
        ("transposed_digits", Loop(judge=False), "correct"),
    ],
)
def test_what_is_taken_out_of_the_loop_finds_nothing(error: str, loop: Loop, ends: str) -> None:
    assert replace(RIGHT, error=BY_NAME[error]).predicted(SURE, loop) == ends


def test_claim_holds_under_a_sure_judge_and_breaks_under_a_blind_or_a_doubting_one() -> None:
    many = items("test", N)
    assert calculated(many, SURE)["holds"]
    assert not calculated(many, BLIND)["holds"]
    assert not calculated(many, replace(SURE, specificity=0.9))["holds"]


def test_sweep_holds_the_declared_cell_once_and_every_share_of_mended_answers() -> None:
    cells = sweep(items("test", ROUND))
    (declared,) = [each for each in cells if each["declared"]]
    assert [declared[name] for name in ("recall", "specificity", "common", "mend")] == [0.9, 0.98, 0.1, 0.9]
    assert {each["mend"] for each in cells} == {0.5, 0.7, 0.9}


def test_edges_change_one_rate_at_a_time_and_show_where_the_claim_breaks() -> None:
    found = edges(sweep(items("test", N)))
    assert sum(each["declared"] for each in found) == len({each["rate"] for each in found}) == 4
    assert all(not each["holds"] for each in found if (each["rate"], each["value"]) == ("mend", 0.5))
    assert DECLARED.mend == 0.9


def test_claim_rests_on_the_mix_of_errors_and_breaks_when_nobody_is_shown_them() -> None:
    holds = {each["every_error_found_by"]: each["holds"] for each in sorts(items("test", N))}
    assert holds == {"code": True, "judge": True, "nobody": False}
