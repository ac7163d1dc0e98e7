"""Credit rater: risk grade, expected loss and covenants by the rows of the book.

Owns what is said when a company is rated or cannot be. Never adds a point, never lifts a floor and never decides
what a grade means for the case.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from agents.credit import lacking
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap, Severity
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The rating, then the covenants."""
    await call("rate_credit", {})
    await call("propose_covenants", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Grade, loss and covenants as the tools gave them; what cannot be rated is a gap.

    A grade that a floor moved asks whether the floor fits: the scorecard and the floor see the company apart.
    """
    rated, covenants = evidence.first("rate_credit"), evidence.first("propose_covenants")
    gaps = tuple(_gaps(rated, "rated", "rating")) + tuple(_gaps(covenants, "proposed", "covenants"))
    if rated is None or not rated.result["rated"]:
        return Conclusion("The company is not rated.", gaps=gaps)
    rating = rated.result["rating"]
    moved = bool(rating["floors"])
    return Conclusion(
        f"The company is rated {rating['grade']}, {rating['regulatory'].replace('_', ' ')}.",
        figures=(*_rating(rated), *_covenants(covenants)),
        flags=(*_floors(rated), *_breached(covenants)),
        gaps=gaps,
        asks=("floor_fits",) if moved else (),
    )


def _gaps(answer: ToolAnswer | None, done: str, what: str) -> Iterable[Gap]:
    if answer is None:
        yield Gap(code=f"missing:{what}", detail=f"there is no {what}", needs="person")
    elif not answer.result[done]:
        yield from lacking(what, answer.result["lacks"])


def _rating(answer: ToolAnswer) -> tuple[Figure, ...]:
    rating, loss = answer.result["rating"], answer.result["expected_loss"]
    return (
        figure("risk_grade", rating["grade"], "count", answer),
        figure("regulatory_grade", rating["regulatory"], "code", answer),
        figure("el_bps", loss["el_bps"], "bps", answer),
        figure("expected_loss_cents", loss["el_cents"], "cents", answer),
    )


def _covenants(answer: ToolAnswer | None) -> tuple[Figure, ...]:
    if answer is None or not answer.result["proposed"]:
        return ()
    return (
        figure("covenant_breaches", answer.result["breaches"], "count", answer),
        figure("covenant_breaches_stressed", answer.result["breaches_stressed"], "count", answer),
        figure("covenant_terms", answer.result["terms"], "code", answer),
    )


def _floors(answer: ToolAnswer) -> tuple[Flag, ...]:
    return tuple(flag("grade_floor", said, answer) for said in answer.result["rating"]["floors"])


def _breached(answer: ToolAnswer | None) -> tuple[Flag, ...]:
    if answer is None or not answer.result["proposed"]:
        return ()
    failed = [
        (each["covenant"], test["scenario"])
        for each in answer.result["covenants"]
        for test in each["tests"]
        if not test["passed"]
    ]
    return tuple(
        flag("covenant_breached", f"{covenant} fails: {scenario}", answer, Severity.WARNING)
        for covenant, scenario in failed
    )


SPECIALIST = Specialist(
    job="credit_rater",
    worker="credit",
    provides=(
        "risk_grade",
        "regulatory_grade",
        "el_bps",
        "expected_loss_cents",
        "covenant_breaches",
        "covenant_breaches_stressed",
        "covenant_terms",
    ),
    needs=("dscr_bps", "credit_score"),
    tools=("rate_credit", "propose_covenants"),
    required=("rate_credit", "propose_covenants"),
    records=("financial_filing", "financial_statement"),
    gather=gather,
    conclude=conclude,
)
