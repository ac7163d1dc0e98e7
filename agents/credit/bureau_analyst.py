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

UNNAMED = "unnamed"  # agency of a report that does not name one
DISCLOSED = (  # what an adverse action notice says of the reports beside the figures
    "consumer_reporting_agencies",
    "credit_score_party",
    "credit_score_on",
    "credit_score_from",
    "credit_score_to",
    "credit_score_factors",
)


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every party's consumer report."""
    for party in assignment.parties:
        await call("bureau_file", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Four figures once every party has a report; until then a gap for each that lacks one.

    Beside them what an adverse action notice must say: which agencies reported (also while a report is
    lacking), and of the score used its day, range and key factors, as far as the report tells them.

    Formula: credit_score is the lowest, monthly_debts_cents the sum (a joint debt on two reports counts
    twice), delinquencies_24m the largest, bankruptcies_7y the sum over parties. Units: points, cents a
    month, counts; nothing is rounded. Each figure's source is the report that weighs most in it.
    """
    reports = {each.result["party"]: each for each in evidence.of("bureau_file") if each.result["found"]}
    found = [reports[party] for party in assignment.parties if party in reports]
    lacking = [party for party in assignment.parties if party not in reports]
    used = _agencies(found)
    if lacking or not found:
        gaps = tuple(missing("bureau_file", f"no consumer report of {party}") for party in lacking)
        return Conclusion("Credit history is not established.", figures=used, gaps=gaps)
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
            *used,
            *_score_disclosure(lowest),
        ),
        asks=("delinquency_isolated",) if late > 0 else (),
    )


def _agencies(answers: Sequence[ToolAnswer]) -> tuple[Figure, ...]:
    """Whose reports were read, by code: 15 U.S.C. 1681m(a)(3). ``UNNAMED`` for a report that does not say."""
    if not answers:
        return ()
    codes = sorted({str(each.result["agency"] or UNNAMED) for each in answers})
    return (figure("consumer_reporting_agencies", "; ".join(codes), "code", answers[0]),)


def _score_disclosure(report: ToolAnswer) -> tuple[Figure, ...]:
    """Of the score used: day, range, key factors and whose it is: 15 U.S.C. 1681m(a)(2), 1681g(f)(1)."""
    said = report.result
    units: tuple[tuple[str, str, Unit], ...] = (
        ("credit_score_party", "party", "code"),
        ("credit_score_on", "scored_on", "date"),
        ("credit_score_from", "score_from", "score"),
        ("credit_score_to", "score_to", "score"),
        ("credit_score_factors", "key_factors", "code"),
    )
    return tuple(
        figure(name, said[field], unit, report)
        for name, field, unit in units
        if said[field] not in (None, "")
    )


def _most(name: str, answers: Sequence[ToolAnswer]) -> ToolAnswer:
    return max(answers, key=lambda answer: int(answer.result[name]))


def _sum(name: str, unit: Unit, answers: Sequence[ToolAnswer]) -> Figure:
    return figure(name, sum(int(each.result[name]) for each in answers), unit, _most(name, answers))


SPECIALIST = Specialist(
    job="bureau_analyst",
    worker="credit",
    provides=("credit_score", "monthly_debts_cents", "delinquencies_24m", "bankruptcies_7y", *DISCLOSED),
    needs=(),
    tools=("bureau_file",),
    required=("bureau_file",),
    records=("bureau_file",),
    gather=gather,
    conclude=conclude,
)
