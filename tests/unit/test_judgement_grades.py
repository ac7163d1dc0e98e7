"""What an accepted answer of the deck of judgements is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from domain.finding import Finding, Judgement, ProducedBy
from domain.model_use import JudgementRules
from evals.judgements.items import Item, items
from evals.judgements.kinds import KINDS, Kind
from evals.judgements.loop import ended as graded

Review = Literal["", "upheld", "overturned", "unreviewed"]
ITEM = replace(items("test", 1)[0], truth="supports")


def ended(found: Finding, item: Item, carried: Kind | None) -> str:
    return graded(found, item, carried, JudgementRules(sure_enough_percent=60, judge=True))


def accepted(answer: str = "supports", review: Review = "upheld", confidence_bps: int = 9_000) -> Finding:
    judgement = Judgement(
        question=f"{ITEM.code}: ?",
        answer=answer,
        quote="q",
        confidence_bps=confidence_bps,
        counter="c",
        review=review,
    )
    return Finding(
        assignment="a",
        specialist="income_verifier",
        judgements=(judgement,),
        conclusion="c",
        produced_by=ProducedBy.MODEL,
    )


@pytest.mark.parametrize("error", KINDS, ids=lambda kind: kind.name)
def test_answer_accepted_with_an_error_is_wrong_although_its_verdict_is_right(error: Kind) -> None:
    assert ended(accepted(), ITEM, error) == "wrong"


def test_answer_without_error_is_worth_its_verdict() -> None:
    assert ended(accepted(), ITEM, None) == "correct"
    assert ended(accepted(review=""), ITEM, None) == "correct"  # no judge in the book
    assert ended(accepted("does_not_support"), ITEM, None) == "wrong"


def test_answer_accepted_without_the_judgement_that_was_asked_is_wrong() -> None:
    silent = accepted().model_copy(update={"judgements": ()})
    assert ended(silent, ITEM, None) == "wrong"


@pytest.mark.parametrize("review", ["overturned", "unreviewed"])
def test_judgement_that_nobody_upholds_is_a_referral(review: Review) -> None:
    assert ended(accepted(review=review), ITEM, None) == "referred"


@pytest.mark.parametrize(("answer", "confidence_bps"), [("unclear", 9_000), ("supports", 5_900)])
def test_judgement_that_is_not_sure_enough_for_the_book_is_a_referral(
    answer: str, confidence_bps: int
) -> None:
    assert ended(accepted(answer, "", confidence_bps), ITEM, None) == "referred"


def test_work_of_the_playbook_is_a_referral() -> None:
    by_playbook = accepted().model_copy(update={"produced_by": ProducedBy.PLAYBOOK})
    assert ended(by_playbook, ITEM, None) == "referred"
