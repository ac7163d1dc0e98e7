"""Bureau analyst: score, debts and adverse credit history of the parties together.

Owns how consumer reports of several parties become one figure each. Never judges a history and never
decides whether credit is good enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, missing
from domain.assignment import Assignment
from domain.finding import Figure, Unit
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every party's consumer report."""
    for party in assignment.parties:
        await call("bureau_file", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Four figures once every party has a report; until then a gap for each that lacks one.

    Formula: credit_score is the lowest, monthly_debts_cents the sum (a joint debt on two reports counts
    twice), delinquencies_24m the largest, bankruptcies_7y the sum over parties. Units: points, cents a
    month, counts; nothing is rounded. Each figure's source is the report that weighs most in it.
    """
    reports = {each.result["party"]: each for each in evidence.of("bureau_file") if each.result["found"]}
    found = [reports[party] for party in assignment.parties if party in reports]
    lacking = [party for party in assignment.parties if party not in reports]
    if lacking or not found:
        gaps = tuple(missing("bureau_file", f"no consumer report of {party}") for party in lacking)
        return Conclusion("Credit history is not established.", gaps=gaps)
    lowest = min(found, key=lambda answer: int(answer.result["score"]))
    worst = _most("delinquencies_24m", found)
    late = int(worst.result["delinquencies_24m"])
    return Conclusion(
        "Credit history is established from consumer reports.",
        figures=(
            figure("credit_score", lowest.result["score"], "score", lowest),
            _sum("monthly_debts_cents", "cents", found),
            figure("delinquencies_24m", late, "count", worst),
            _sum("bankruptcies_7y", "count", found),
        ),
        asks=("delinquency_isolated",) if late > 0 else (),
    )


def _most(name: str, answers: Sequence[ToolAnswer]) -> ToolAnswer:
    return max(answers, key=lambda answer: int(answer.result[name]))


def _sum(name: str, unit: Unit, answers: Sequence[ToolAnswer]) -> Figure:
    return figure(name, sum(int(each.result[name]) for each in answers), unit, _most(name, answers))


SPECIALIST = Specialist(
    job="bureau_analyst",
    worker="credit",
    provides=("credit_score", "monthly_debts_cents", "delinquencies_24m", "bankruptcies_7y"),
    needs=(),
    tools=("bureau_file",),
    required=("bureau_file",),
    records=("bureau_file",),
    gather=gather,
    conclude=conclude,
)
