"""Code's checks of a model's answer: each finds its own kind of error, and a sound answer passes them all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agents.answer import Answer
from agents.contract import Evidence
from agents.roster import ROSTER
from agents.verify import Work, problems
from domain.records.bureau import BureauFile
from tests.fakes.context import assignment_for, home_loan, run_tool, tool_context
from tools.catalog import TOOLS

BUREAU = ROSTER["bureau_analyst"]


async def looked_at(*outcomes: str, look: bool = True, late: int = 1) -> Work:
    """A bureau file with one late payment, that the model did or did not look at."""
    file = BureauFile.model_validate(BUREAU_FILE | {"delinquencies_24m": late})
    context = tool_context(file, application=home_loan())
    answer = await run_tool(TOOLS["bureau_file"], context, {"party": "party:1"})
    seen, rest = (Evidence((answer,)), ()) if look else (Evidence(()), (answer,))
    given = assignment_for(BUREAU, context)
    stated, concluded = BUREAU.conclude(given, seen), BUREAU.conclude(given, Evidence((answer,)))
    return Work(BUREAU, seen, rest, stated, concluded, frozenset(outcomes))


BUREAU_FILE: dict[str, Any] = {
    "kind": "bureau_file",
    "party": "party:1",
    "agency": "demo_bureau",
    "pulled_on": "2026-03-01",
    "score": 712,
    "monthly_debts_cents": 61_000,
    "delinquencies_24m": 1,
    "bankruptcies_7y": 0,
}
SOUND: dict[str, Any] = {
    "code": "delinquency_isolated",
    "answer": "supports",
    "quote": '"delinquencies_24m": 1',
    "tool": "bureau_file",
    "confidence_percent": 90,
    "counter": "One late payment may be the first of several.",
}


def said(narrative: str = "One payment was late.", speaks: str = "neither", **changed: Any) -> Answer:
    return Answer.model_validate(
        {
            "judgements": [SOUND | changed],
            "narrative": narrative,
            "confidence_percent": 90,
            "speaks": speaks,
        }
    )


def checks(answer: Answer | None, work: Work) -> list[str]:
    return [each.check for each in problems(answer, work)]


async def test_sound_answer_passes_every_check() -> None:
    assert checks(said(), await looked_at()) == []


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (said("The score is 713."), "figures"),
        (said(quote='"delinquencies_24m": 0'), "quotes"),
        (said(quote="1"), "quotes"),
        (said(tool="pay_stubs"), "quotes"),
        (said(counter=" "), "judgements"),
        (said(code="same_person"), "judgements"),
        (said("late " * 400), "length"),
        (None, "schema"),
    ],
    ids=["invented figure", "invented quote", "trivial quote", "other tool", "no counter", "other question",
         "too long", "no answer"],
)  # fmt: skip
async def test_error_is_found_by_its_own_check(answer: Answer | None, check: str) -> None:
    assert checks(answer, await looked_at()) == [check]


async def test_flags_and_figures_are_recomputed_from_what_the_model_did_not_look_at() -> None:
    found = problems(said(), await looked_at(look=False))
    assert [each.check for each in found] == ["tools", "evidence"]
    assert "bureau_file(party=party:1)" in found[1].reason


async def test_required_tool_that_was_not_used_is_named_even_if_nothing_followed_from_it() -> None:
    work = await looked_at(look=False, late=0)
    unused = replace(work, stated=work.conclusion)
    assert "tools" in checks(said(), unused)
    assert "tools" not in checks(said(), await looked_at(late=0))


async def test_conclusion_must_agree_with_the_rows_of_the_table() -> None:
    assert checks(said(speaks="for"), await looked_at("approve", "refer")) == ["table"]
    assert checks(said(speaks="for"), await looked_at("approve")) == []
    assert checks(said(speaks="against"), await looked_at("approve")) == ["table"]
