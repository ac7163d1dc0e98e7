"""Collateral assessor: the property's value, the ratios that rest on it and what is wrong with it.

Owns which facts and flags follow from valuations and the title report. Never values a property, never
averages two values, never holds a maximum ratio and never decides whether a gap between price and value
is acceptable.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from agents.mortgage import limit
from agents.mortgage.title_findings import title_flags
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap, Severity
from domain.money import dollars, percent
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The valuations, then the title."""
    await call("valuation", {})
    await call("title_report", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """Value, ratios, dwelling, title and how sure the value is, with flags; a gap without a valuation.

    Confidence is strong for an appraisal, for a model that meets the book's limits, and for two valuations
    within its tolerance; weak otherwise. One weak valuation alone asks for a second.

    Raises:
        InvalidPolicy: when the book lacks a limit that an automated valuation is measured by.
    """
    answer, title = evidence.first("valuation"), evidence.first("title_report")
    if answer is None or title is None or not answer.result["found"]:
        return Conclusion("The property has no value yet.", gaps=(missing("valuation", _no_value(answer)),))
    reasons = _reasons_for_doubt(answer, assignment)
    weak = answer.result["disagree"] or (bool(reasons) and len(answer.result["valuations"]) == 1)
    gapped = _price_gap(answer)
    return Conclusion(
        "The property is valued.",
        figures=_figures(answer, title, "weak" if weak else "strong"),
        flags=(
            *_weak(reasons if weak else (), answer),
            *_disagreement(answer, assignment),
            *gapped,
            *_flood(answer),
            *_another_dwelling(answer),
            *title_flags(title),
        ),
        gaps=() if not weak or answer.result["disagree"] else (_second(reasons),),
        asks=("appraisal_gap_acceptable",) if gapped else (),
    )


def _figures(answer: ToolAnswer, title: ToolAnswer, confidence: str) -> tuple[Figure, ...]:
    result = answer.result
    return (
        figure("appraised_value_cents", result["appraised_value_cents"], "cents", answer),
        figure("ltv_bps", result["ltv_bps"], "bps", answer),
        figure("cltv_bps", result["cltv_bps"], "bps", answer),
        figure("valuation_method", result["counting"]["method"], "code", answer),
        figure("valuation_confidence", confidence, "code", answer),
        figure("property_type", result["property_type"], "code", answer),
        figure("dwelling_units", result["units"], "count", answer),
        figure("occupancy", result["occupancy"], "code", answer),
        figure("flood_zone", result["flood_zone"], "flag", answer),
        figure("title_status", title.result["status"], "code", title),
    )


def _no_value(answer: ToolAnswer | None) -> str:
    if answer is not None and answer.result["too_old"]:
        return "every valuation of the property is older than the book allows"
    return "no valuation of the property"


def _reasons_for_doubt(answer: ToolAnswer, assignment: Assignment) -> tuple[str, ...]:
    """Only an automated valuation has a confidence and a range that say anything."""
    counting = answer.result["counting"]
    if counting["method"] != "avm":
        return ()
    least, width = limit(assignment, "avm_min_confidence_bps"), counting["range_bps"]
    doubts = []
    if counting["confidence_bps"] < least:
        sure = percent(counting["confidence_bps"])
        doubts.append(f"confidence {sure} of the automated valuation is below {percent(least)}")
    if width and width > (widest := limit(assignment, "avm_max_range_bps")):
        low, high = dollars(counting["low_cents"]), dollars(counting["high_cents"])
        doubts.append(f"its range from {low} to {high} is wider than {percent(widest)} of the value")
    return tuple(doubts)


def _weak(reasons: tuple[str, ...], answer: ToolAnswer) -> tuple[Flag, ...]:
    return (flag("weak_valuation", "; ".join(reasons), answer),) if reasons else ()


def _second(reasons: tuple[str, ...]) -> Gap:
    detail = f"a second valuation: {'; '.join(reasons)}"
    return Gap(code="second_valuation", detail=detail, needs="valuation")


def _disagreement(answer: ToolAnswer, assignment: Assignment) -> Iterable[Flag]:
    """Both ends are shown; which one counts is the tool's rule."""
    if not answer.result["disagree"]:
        return
    ordered = sorted(answer.result["valuations"], key=lambda each: int(each["value_cents"]))
    low, high = ordered[0], ordered[-1]
    apart, most = percent(answer.result["spread_bps"]), limit(assignment, "valuation_tolerance_bps")
    detail = (
        f"{_told(low)} and {_told(high)} lie {apart} apart, more than {percent(most)}; the lower one counts"
    )
    yield flag("valuations_disagree", detail, answer, Severity.SERIOUS)


def _told(each: dict[str, str | int]) -> str:
    by = f" by {each['vendor']}" if each["vendor"] else ""
    return f"{each['method']}{by} of {each['valued_on']}: {dollars(int(each['value_cents']))}"


def _price_gap(answer: ToolAnswer) -> tuple[Flag, ...]:
    gap = answer.result["price_cents"] - answer.result["appraised_value_cents"]
    if gap <= 0:
        return ()
    return (flag("appraisal_gap", f"the price is {dollars(gap)} above the valuation", answer),)


def _flood(answer: ToolAnswer) -> tuple[Flag, ...]:
    if not answer.result["flood_zone"]:
        return ()
    return (flag("flood_zone", "a valuation puts the property in a flood zone", answer),)


def _another_dwelling(answer: ToolAnswer) -> tuple[Flag, ...]:
    """The application states one dwelling and the valuation found another: the valuation's counts."""
    result = answer.result
    stated = f"{result['stated_property_type'].replace('_', ' ')} of {result['stated_units']} units"
    found = f"{result['property_type'].replace('_', ' ')} of {result['units']} units"
    if stated == found:
        return ()
    return (
        flag("dwelling_contradicted", f"the application states a {stated}, a valuation a {found}", answer),
    )


SPECIALIST = Specialist(
    job="collateral_assessor",
    worker="mortgage",
    provides=(
        "appraised_value_cents",
        "ltv_bps",
        "cltv_bps",
        "valuation_method",
        "valuation_confidence",
        "property_type",
        "dwelling_units",
        "occupancy",
        "flood_zone",
        "title_status",
    ),
    needs=(),
    tools=("valuation", "title_report"),
    required=("valuation", "title_report"),
    records=("valuation", "title_report"),
    gather=gather,
    conclude=conclude,
    limits=("avm_min_confidence_bps", "avm_max_range_bps", "valuation_tolerance_bps"),
    raises=("weak_valuation", "second_valuation", "valuations_disagree", "appraisal_gap", "flood_zone"),
)
