"""What an accepted answer of the deck of judgements is worth."""

from __future__ import annotations

from typing import Literal

import pytest

from domain.finding import Finding, Judgement, ProducedBy
from evals.judgements.items import BY_CODE
from evals.judgements.loop import ended
from evals.judgements.worker import CODE


def accepted(
    answer: str = "supports", review: Literal["upheld", "overturned", "unreviewed"] = "upheld"
) -> Finding:
    judgement = Judgement(
        question=f"{CODE}: ?", answer=answer, quote="q", confidence_bps=9_000, counter="c", review=review
    )
    return Finding(
        assignment="a",
        specialist="income_verifier",
        judgements=(judgement,),
        conclusion="c",
        produced_by=ProducedBy.MODEL,
    )


@pytest.mark.parametrize("error", [each for family in BY_CODE.values() for each in family])
def test_answer_accepted_with_an_error_is_wrong_although_its_verdict_is_right(error: str) -> None:
    assert ended(accepted(), "supports", error) == "wrong"


def test_answer_without_error_is_worth_its_verdict() -> None:
    assert ended(accepted(), "supports", None) == "correct"
    assert ended(accepted("does_not_support"), "supports", None) == "wrong"


@pytest.mark.parametrize("review", ["overturned", "unreviewed"])
def test_judgement_that_nobody_upholds_is_a_referral(review: Literal["overturned", "unreviewed"]) -> None:
    assert ended(accepted(review=review), "supports", None) == "referred"
