"""The deck of judgements runs the real loop, and without judge or checks it gets worse by what each finds."""

from __future__ import annotations

from typing import Any

import pytest

from evals.judgements.ablation import LOOPS, under
from evals.judgements.items import Item, Rates, items
from evals.judgements.kinds import KINDS
from evals.judgements.loop import run
from evals.judgements.subjects import SUBJECTS
from graphs.services import Services

SURE = Rates(recall=1.0, specificity=1.0, common=0.0, mend=1.0)


@pytest.fixture
def erring() -> tuple[Item, ...]:
    """Every kind of error of the test family once, and every judgement answered rightly once."""
    made = items("test", 1_200)
    once = {each.error: each for each in made if each.error}
    right = [each for each in made if not each.error][: len(SUBJECTS)]
    assert set(once) == {each for each in KINDS if each.family == "test"}
    return (*once.values(), *right)


async def rows(services: Services, given: tuple[Item, ...], loop: str) -> list[dict[str, Any]]:
    """What came out of each item, which is what the loop's rules say."""
    with under(services, LOOPS[loop]) as left:
        came = [row["came"] for row in await run(left, given, SURE, lambda _: None)]
    assert [each["ended"] for each in came] == [each.predicted(SURE, LOOPS[loop]) for each in given]
    return came


def wrong(given: tuple[Item, ...], came: list[dict[str, Any]]) -> set[str]:
    pairs = zip(given, came, strict=True)
    return {each.error.name for each, row in pairs if each.error and row["ended"] != "correct"}


async def test_each_error_is_found_by_what_it_was_written_for_and_mended(
    services: Services, erring: tuple[Item, ...]
) -> None:
    came = await rows(services, erring, "whole")
    found = {
        each.error.name: row["sent_back_by"] for each, row in zip(erring, came, strict=True) if each.error
    }
    written = {each.name: each.found_by for each in KINDS if each.family == "test"}
    assert found == {name: None if by == "nobody" else by for name, by in written.items()}
    assert wrong(erring, came) == {name for name, by in written.items() if by == "nobody"}


async def test_without_a_judge_every_error_of_judgement_passes(
    services: Services, erring: tuple[Item, ...]
) -> None:
    came = await rows(services, erring, "without_judge")
    passed = {each.name for each in KINDS if each.family == "test" and each.found_by != "code"}
    assert wrong(erring, came) == passed


async def test_without_codes_checks_what_a_judge_is_not_shown_passes(
    services: Services, erring: tuple[Item, ...]
) -> None:
    came = await rows(services, erring, "without_code_checks")
    passed = {each.name for each in KINDS if each.family == "test" and each.shows != "fault"}
    assert wrong(erring, came) == passed
