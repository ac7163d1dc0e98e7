"""Consumer reports of all parties become one score, one debt figure and one credit history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from agents.contract import Conclusion, Evidence
from agents.credit.bureau_analyst import DISCLOSED, SPECIALIST
from domain.records import BureauFile
from tests.fakes.context import (
    assignment_for,
    borrower,
    facts,
    home_loan,
    run_playbook,
    run_tool,
    tool_context,
)
from tools.bureau import TOOLS

TWO = home_loan(borrower(1), borrower(2))


def report(party: int = 1, pulled_on: date = date(2026, 3, 1), **changes: Any) -> BureauFile:
    told = {"score": 742, "monthly_debts_cents": 85_000, "delinquencies_24m": 0, "bankruptcies_7y": 0}
    return BureauFile.model_validate(
        {"kind": "bureau_file", "party": f"party:{party}", "pulled_on": pulled_on, **told, **changes}
    )


async def analysed(*reports: BureauFile, application: dict[str, Any] | None = None) -> Conclusion:
    return await run_playbook(SPECIALIST, TOOLS, tool_context(*reports, application=application))


def numbers(conclusion: Conclusion) -> dict[str, Any]:
    """The figures that a decision table reads."""
    return {name: value for name, value in facts(conclusion).items() if name not in DISCLOSED}


async def test_clean_report_gives_four_figures_and_raises_no_question() -> None:
    conclusion = await analysed(report())
    assert numbers(conclusion) == {
        "credit_score": 742,
        "monthly_debts_cents": 85_000,
        "delinquencies_24m": 0,
        "bankruptcies_7y": 0,
    }
    assert (conclusion.gaps, conclusion.flags, conclusion.asks) == ((), (), ())


async def test_two_parties_give_the_lowest_score_and_the_debts_of_both() -> None:
    second = report(2, score=655, monthly_debts_cents=120_050, delinquencies_24m=1, bankruptcies_7y=1)
    conclusion = await analysed(report(delinquencies_24m=2, bankruptcies_7y=1), second, application=TWO)
    assert list(numbers(conclusion).values()) == [655, 205_050, 2, 2]
    assert [figure.source for figure in conclusion.figures[:4]] == ["e2", "e2", "e1", "e1"]
    assert [figure.unit for figure in conclusion.figures[:4]] == ["score", "cents", "count", "count"]


async def test_late_payment_asks_whether_it_was_isolated() -> None:
    assert (await analysed(report(delinquencies_24m=1))).asks == ("delinquency_isolated",)


async def test_party_without_a_report_leaves_every_figure_open() -> None:
    conclusion = await analysed(report(1), application=TWO)
    assert numbers(conclusion) == {}
    assert facts(conclusion)["consumer_reporting_agencies"] == "unnamed"
    (gap,) = conclusion.gaps
    assert (gap.code, gap.detail) == ("missing:bureau_file", "no consumer report of party:2")
    assert gap.needs == "bureau_file"


TOLD: dict[str, Any] = {
    "agency": "demo_bureau", "score_from": 300, "score_to": 850, "key_factors": ["Debts are high", "Short history"],
}  # fmt: skip


async def test_the_score_used_is_disclosed_with_its_day_range_and_factors() -> None:
    lower = report(2, score=655, scored_on="2026-02-27", inquiries_factor=True, **TOLD)
    told = facts(await analysed(report(agency="other_bureau"), lower, application=TWO))
    assert [told[name] for name in DISCLOSED] == [
        "demo_bureau; other_bureau", "party:2", "2026-02-27", 300, 850,
        "Debts are high; Short history; Number of inquiries on the consumer report",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"score_from": 300}, "come together"),
        ({"score_from": 300, "score_to": 700}, "outside of its range"),
        ({"key_factors": ["one", "two", "three", "four", "five"]}, "at most 4"),
        ({"key_factors": ["two; in one"]}, "pattern"),
    ],
)
def test_impossible_score_particulars_are_refused(changes: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        report(**changes)


async def test_report_pulled_last_counts_whenever_it_arrived() -> None:
    newer, older = report(score=701), report(pulled_on=date(2026, 1, 5), score=799)
    assert facts(await analysed(newer, older))["credit_score"] == 701


async def test_of_two_reports_of_one_day_the_one_that_arrived_last_counts() -> None:
    answer = await run_tool(
        TOOLS[0], tool_context(report(score=701), report(score=688)), {"party": "party:1"}
    )
    assert (answer.result["score"], answer.result["reports"]) == (688, 2)


async def test_report_of_another_party_is_not_used() -> None:
    answer = await run_tool(TOOLS[0], tool_context(report(2)), {"party": "party:1"})
    assert (answer.result["found"], answer.result["score"]) == (False, None)


def test_nothing_is_concluded_when_no_report_was_looked_at() -> None:
    conclusion = SPECIALIST.conclude(assignment_for(SPECIALIST, tool_context()), Evidence(()))
    assert conclusion.figures == ()
    assert [gap.needs for gap in conclusion.gaps] == ["bureau_file"]
