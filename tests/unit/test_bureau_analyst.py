"""Consumer reports of all parties become one score, one debt figure and one credit history."""

from __future__ import annotations

from datetime import date
from typing import Any

from agents.contract import Conclusion, Evidence
from agents.credit.bureau_analyst import SPECIALIST
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


async def test_clean_report_gives_four_figures_and_raises_no_question() -> None:
    conclusion = await analysed(report())
    assert facts(conclusion) == {
        "credit_score": 742,
        "monthly_debts_cents": 85_000,
        "delinquencies_24m": 0,
        "bankruptcies_7y": 0,
    }
    assert (conclusion.gaps, conclusion.flags, conclusion.asks) == ((), (), ())


async def test_two_parties_give_the_lowest_score_and_the_debts_of_both() -> None:
    second = report(2, score=655, monthly_debts_cents=120_050, delinquencies_24m=1, bankruptcies_7y=1)
    conclusion = await analysed(report(delinquencies_24m=2, bankruptcies_7y=1), second, application=TWO)
    assert list(facts(conclusion).values()) == [655, 205_050, 2, 2]
    assert [figure.source for figure in conclusion.figures] == ["e2", "e2", "e1", "e1"]
    assert [figure.unit for figure in conclusion.figures] == ["score", "cents", "count", "count"]


async def test_late_payment_asks_whether_it_was_isolated() -> None:
    assert (await analysed(report(delinquencies_24m=1))).asks == ("delinquency_isolated",)


async def test_party_without_a_report_leaves_every_figure_open() -> None:
    conclusion = await analysed(report(1), application=TWO)
    assert conclusion.figures == ()
    (gap,) = conclusion.gaps
    assert (gap.code, gap.detail) == ("missing:bureau_file", "no consumer report of party:2")
    assert gap.needs == "bureau_file"


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
