"""Statement spreader: fiscal years from filings and statements, and what in them cannot be relied on.

Owns which findings of the spread are flags and when management is asked to be judged. Never spreads by itself
and never decides whether statements are good enough.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from agents.credit import no_statement
from domain.assignment import Assignment
from domain.finding import Flag, Gap, Severity
from domain.money import dollars
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The spread, then management's words about it."""
    await call("spread_statements", {})
    await call("management_commentary", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """How many years, how old, how well prepared and whether they agree with themselves; without a document a gap.

    ``statements_consistent`` is false when a filing contradicts itself, a balance sheet is off by more than its
    rounding, or a document is another filer's. A commentary always asks whether it fits the statements: what
    management leaves out is not in any figure.
    """
    answer = evidence.first("spread_statements")
    if answer is None or answer.result["lacks"]:
        lacks = answer.result["lacks"] if answer else "no filing or statement was read"
        return Conclusion("The company's statements do not suffice.", gaps=no_statement(lacks))
    result = answer.result
    latest = result["years"][-1]
    revenue = result["revenue_cents"]
    commentary = evidence.first("management_commentary")
    told = commentary is not None and commentary.result["found"]
    return Conclusion(
        f"{len(result['years'])} fiscal years are spread, the latest to {latest['period_end']}.",
        figures=(
            figure("statement_years", len(result["years"]), "count", answer),
            figure("statement_age_days", result["age_days"], "days", answer),
            figure("statement_quality", latest["prepared"], "code", answer),
            figure("statements_consistent", not _broken(answer), "flag", answer),
            *([figure("annual_revenue_cents", revenue, "cents", answer)] if revenue is not None else ()),
        ),
        flags=(*_broken(answer), *_differing(answer), *_unreported(answer)),
        gaps=_unknown(answer),
        asks=("commentary_fits_statements",) if told else (),
    )


def _broken(answer: ToolAnswer) -> tuple[Flag, ...]:
    result = answer.result
    contradicted = (
        (
            "figure_contradicted",
            f"{each['document']} states {each['concept']} of {each['period_end']} twice, differently: "
            f"USD {' and '.join(each['dollars'])}; neither is used",
        )
        for each in result["contradictions"]
    )
    unbalanced = (
        ("unbalanced", f"{each['document']}: the balance sheet of {each['period_end']} does not balance")
        for each in result["unbalanced"]
    )
    others = (
        ("other_filer", f"{name} was filed under another tax number than the applicant's")
        for name in result["other_filer"]
    )
    found = (*contradicted, *unbalanced, *others)
    return tuple(flag(code, detail, answer, Severity.SERIOUS) for code, detail in found)


def _differing(answer: ToolAnswer) -> tuple[Flag, ...]:
    return tuple(
        flag(
            each["kind"],
            f"{each['account']} of {each['period_end']}: {dollars(each['counts_cents'])} counts "
            f"({each['counts_source']}), {dollars(each['other_cents'])} was stated ({each['other_source']})",
            answer,
        )
        for each in answer.result["differences"]
    )


def _unreported(answer: ToolAnswer) -> tuple[Flag, ...]:
    names = answer.result["years"][-1]["taken_as_zero"]
    detail = f"not reported and taken as 0: {', '.join(names)}"
    return (flag("taken_as_zero", detail, answer, Severity.INFO),) if names else ()


def _unknown(answer: ToolAnswer) -> tuple[Gap, ...]:
    if answer.result["revenue_cents"] is not None:
        return ()
    return no_statement("the latest year reports no revenue")


SPECIALIST = Specialist(
    job="statement_spreader",
    worker="credit",
    provides=(
        "statement_years",
        "statement_age_days",
        "statement_quality",
        "statements_consistent",
        "annual_revenue_cents",
    ),
    needs=(),
    tools=("spread_statements", "management_commentary"),
    required=("spread_statements", "management_commentary"),
    records=("financial_filing", "financial_statement", "management_commentary"),
    gather=gather,
    conclude=conclude,
)
