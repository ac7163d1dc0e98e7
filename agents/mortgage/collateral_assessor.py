"""Collateral assessor: the property's value, the ratios that rest on it and what is wrong with it.

Owns which facts and flags follow from a valuation. Never values a property, never holds a maximum
ratio and never decides whether a gap between price and value is acceptable.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from agents.mortgage import limit
from domain.assignment import Assignment
from domain.finding import Flag
from domain.money import dollars, percent
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The one valuation that counts."""
    await call("valuation", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Value, LTV, CLTV and method as the tool gave them, with flags; a gap without a valuation.

    Raises:
        InvalidPolicy: when the book gives no ``avm_min_confidence_bps`` for an automated valuation.
    """
    answer = evidence.first("valuation")
    if answer is None or not answer.result["found"]:
        return Conclusion(
            "The property has no value yet.", gaps=(missing("valuation", "no valuation of the property"),)
        )
    result = answer.result
    flags = _flood(answer) + _price_gap(answer) + _weak_model(answer, assignment)
    return Conclusion(
        "The property is valued.",
        figures=(
            figure("appraised_value_cents", result["appraised_value_cents"], "cents", answer),
            figure("ltv_bps", result["ltv_bps"], "bps", answer),
            figure("cltv_bps", result["cltv_bps"], "bps", answer),
            figure("valuation_method", result["method"], "code", answer),
        ),
        flags=flags,
        asks=("appraisal_gap_acceptable",) if any(f.code == "appraisal_gap" for f in flags) else (),
    )


def _flood(answer: ToolAnswer) -> tuple[Flag, ...]:
    if not answer.result["flood_zone"]:
        return ()
    return (flag("flood_zone", "a valuation puts the property in a flood zone", answer),)


def _price_gap(answer: ToolAnswer) -> tuple[Flag, ...]:
    gap = answer.result["price_cents"] - answer.result["appraised_value_cents"]
    if gap <= 0:
        return ()
    return (flag("appraisal_gap", f"the price is {dollars(gap)} above the valuation", answer),)


def _weak_model(answer: ToolAnswer, assignment: Assignment) -> tuple[Flag, ...]:
    """Only an automated valuation has a confidence that says anything."""
    if answer.result["method"] != "avm":
        return ()
    least, confidence = limit(assignment, "avm_min_confidence_bps"), answer.result["confidence_bps"]
    if confidence >= least:
        return ()
    detail = f"confidence {percent(confidence)} of the automated valuation is below {percent(least)}"
    return (flag("low_avm_confidence", detail, answer),)


SPECIALIST = Specialist(
    job="collateral_assessor",
    worker="mortgage",
    provides=("appraised_value_cents", "ltv_bps", "cltv_bps", "valuation_method"),
    needs=(),
    tools=("valuation",),
    required=("valuation",),
    records=("valuation",),
    gather=gather,
    conclude=conclude,
)
