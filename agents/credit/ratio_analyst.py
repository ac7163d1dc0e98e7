"""Ratio analyst: ratios, trends and stress of the company with the loan asked for.

Owns which ratios are facts of the case. Never works one out, never explains a trend and never decides whether
a ratio is acceptable.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from agents.credit import no_statement
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap
from tools.gateway import ToolAnswer

RATIOS = {  # fact: ratio of the latest year
    "dscr_bps": "dscr_pro_forma",
    "dscr_existing_bps": "dscr",
    "leverage_bps": "leverage_pro_forma",
    "debt_ebitda_bps": "debt_to_ebitda_pro_forma",
    "interest_cover_bps": "interest_cover",
    "current_ratio_bps": "current",
    "quick_ratio_bps": "quick",
    "altman_z_bps": "altman_z2",
}
DECIDING = ("dscr_bps", "leverage_bps")  # without these a person must look


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Ratios, then stress; management's words in case a decline asks for a cause."""
    await call("credit_ratios", {})
    await call("credit_stress", {})
    await call("management_commentary", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The ratios as the tool gave them; what cannot be formed is no figure, and a gap where a decision needs it.

    A declining trend asks whether its causes are temporary when management says anything about them; without a
    word from management it is a gap for a person.
    """
    answer, stress = evidence.first("credit_ratios"), evidence.first("credit_stress")
    if answer is None or not answer.result["found"]:
        lacks = answer.result["lacks"] if answer else "no ratio was worked out"
        return Conclusion("The ratios are not known.", gaps=no_statement(lacks))
    declines = answer.result["trend"] == "declining"
    commentary = evidence.first("management_commentary")
    told = commentary is not None and commentary.result["found"]
    return Conclusion(
        f"Ratios of {len(answer.result['years'])} fiscal years are known.",
        figures=(*_figures(answer), *_stressed(stress)),
        flags=_flags(answer),
        gaps=(*_unknown(answer, stress), *(_unexplained(answer) if declines and not told else ())),
        asks=("trend_causes_temporary",) if declines and told else (),
    )


def _figures(answer: ToolAnswer) -> Iterable[Figure]:
    yield figure("loan_rate_bps", answer.result["loan"]["rate_bps"], "bps", answer)
    if answer.result["trend"] is not None:
        yield figure("credit_trend", answer.result["trend"], "code", answer)
    values = {each["code"]: each["value_bps"] for each in answer.result["years"][-1]}
    for fact, code in RATIOS.items():
        if values[code] is not None:
            yield figure(fact, values[code], "times", answer)


def _stressed(stress: ToolAnswer | None) -> Iterable[Figure]:
    if stress is None or not stress.result["found"]:
        return
    covered = [each["dscr_bps"] for each in stress.result["scenarios"] if each["dscr_bps"] is not None]
    if covered:
        yield figure("dscr_stressed_bps", min(covered), "times", stress)
    if stress.result["breakeven"]["decline_bps"] is not None:
        yield figure("breakeven_decline_bps", stress.result["breakeven"]["decline_bps"], "bps", stress)


def _flags(answer: ToolAnswer) -> tuple[Flag, ...]:
    return tuple(
        flag("declining", f"{each['ratio'].replace('_', ' ')} is declining", answer)
        for each in answer.result["trends"]
        if each["direction"] == "declining"
    )


def _unknown(answer: ToolAnswer, stress: ToolAnswer | None) -> Iterable[Gap]:
    latest = {each["code"]: each for each in answer.result["years"][-1]}
    for fact in DECIDING:
        ratio = latest[RATIOS[fact]]
        if ratio["value_bps"] is None:
            detail = f"{ratio['label']} cannot be formed: {ratio['reason']}"
            unknown = ratio["reason"].startswith("not known")
            yield from (
                no_statement(detail)
                if unknown
                else (Gap(code=f"missing:{fact}", detail=detail, needs="person"),)
            )
    if stress is None:
        yield Gap(code="missing:stress", detail="no stress was worked out", needs="person")


def _unexplained(answer: ToolAnswer) -> tuple[Gap, ...]:
    falling = [
        each["ratio"].replace("_", " ")
        for each in answer.result["trends"]
        if each["direction"] == "declining"
    ]
    detail = f"management says nothing about what is declining: {', '.join(falling)}"
    return (Gap(code="unexplained:trend", detail=detail, needs="person"),)


SPECIALIST = Specialist(
    job="ratio_analyst",
    worker="credit",
    provides=(*RATIOS, "loan_rate_bps", "credit_trend", "dscr_stressed_bps", "breakeven_decline_bps"),
    needs=("statement_years",),
    tools=("credit_ratios", "credit_stress", "management_commentary"),
    required=("credit_ratios", "credit_stress", "management_commentary"),
    records=("financial_filing", "financial_statement", "management_commentary"),
    gather=gather,
    conclude=conclude,
)
