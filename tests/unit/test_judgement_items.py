"""The deck of judgements: its labels, its errors and the rules by which the loop must end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.judgements.items import BY_CODE, BY_JUDGE, Item, Judge, items
from evals.judgements.sweep import cell
from evals.judgements.worker import SPOILT

SURE = Judge(recall=1.0, specificity=1.0, common=0.0)
BLIND = Judge(recall=0.0, specificity=1.0, common=0.0)
RIGHT = Item("test-0001", "…", "supports", None, True, 0.5, 0.5, 0.5)


def test_one_answer_in_ten_errs_and_half_of_the_errors_are_for_a_judge_alone() -> None:
    for family in ("development", "test"):
        wrong = [each for each in items(family, 480) if each.error]
        assert (len(wrong), sum(each.judgement_error for each in wrong)) == (48, 24)


def test_errors_of_the_test_family_are_others_than_those_of_development() -> None:
    kinds = {family: {*BY_CODE[family], *BY_JUDGE[family]} for family in BY_CODE}
    assert not kinds["development"] & kinds["test"]
    assert kinds["development"] | kinds["test"] == set(SPOILT)


def test_items_are_the_same_in_every_run() -> None:
    assert items("test", 40) == items("test", 40)


@pytest.mark.parametrize(
    ("error", "mends", "judge", "ends"),
    [
        (None, True, SURE, "correct"),
        (None, True, replace(SURE, specificity=0.4), "referred"),
        ("transposed_digits", True, BLIND, "correct"),
        ("transposed_digits", False, BLIND, "referred"),
        ("overconfident_verdict", True, SURE, "correct"),
        ("overconfident_verdict", False, SURE, "referred"),
        ("overconfident_verdict", True, BLIND, "wrong"),
        ("overconfident_verdict", True, replace(SURE, common=0.6), "wrong"),
    ],
)
def test_loop_ends_by_its_rules(error: str | None, mends: bool, judge: Judge, ends: str) -> None:
    assert replace(RIGHT, error=error, mends=mends).predicted(judge) == ends


def test_claim_holds_under_a_sure_judge_and_breaks_under_a_blind_or_a_doubting_one() -> None:
    many = items("test", 2_000)
    assert cell(SURE, many)["holds"]
    assert not cell(BLIND, many)["holds"]
    assert not cell(replace(SURE, specificity=0.9), many)["holds"]
