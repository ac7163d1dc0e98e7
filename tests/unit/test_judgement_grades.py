"""What an accepted answer of the deck of judgements is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from domain.finding import Finding, Judgement, ProducedBy
from evals.judgements.items import items
from evals.judgements.kinds import KINDS, Kind
from evals.judgements.loop import ended

Review = Literal["", "upheld", "overturned", "unreviewed"]
ITEM = replace(items("test", 1)[0], truth="supports")


def accepted(answer: str = "supports", review: Review = "upheld") -> Finding:
    judgement = Judgement(
        question=f"{ITEM.code}: ?",
        answer=answer,
        quote="q",
        confidence_bps=9_000,
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


def test_work_of_the_playbook_is_a_referral() -> None:
    by_playbook = accepted().model_copy(update={"produced_by": ProducedBy.PLAYBOOK})
    assert ended(by_playbook, ITEM, None) == "referred"
