"""The deck of judgements runs the real loop, and without judge or checks it gets worse."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from domain.model_use import JudgementRules
from evals.judgements.items import Item, Judge, items
from evals.judgements.loop import run
from graphs.services import Services
from tests.fakes.books import under_book

JUDGE = Judge(recall=1.0, specificity=1.0, common=0.0)


@pytest.fixture
def erring() -> tuple[Item, ...]:
    """Every kind of error of the test family once and a few right answers; every worker mends."""
    wrong = [each for each in items("test", 400) if each.error]
    once = {each.error: each for each in wrong}
    right = [each for each in items("test", 9) if not each.error]
    return tuple(replace(each, mends=True) for each in (*once.values(), *right))


async def outcomes(services: Services, given: tuple[Item, ...], judge: Judge) -> Counter[str]:
    rows = await run(services, given, judge, lambda _: None)
    assert [row["came"]["ended"] for row in rows] == [each.predicted(judge) for each in given]
    return Counter(row["came"]["ended"] for row in rows)


async def test_every_error_of_the_test_family_is_found_and_mended(
    services: Services, erring: tuple[Item, ...]
) -> None:
    assert await outcomes(services, erring, JUDGE) == Counter(correct=len(erring))


async def test_without_a_judge_wrong_judgements_pass(services: Services, erring: tuple[Item, ...]) -> None:
    rules = JudgementRules(sure_enough_percent=60, judge=False)
    rows = await run(under_book(services, "home_loan", judgements=rules), erring, JUDGE, lambda _: None)
    wrong = [row["name"] for row in rows if row["came"]["said"] != row["expected"]["truth"]]
    assert len(wrong) == sum(each.judgement_error for each in erring) == 3
