"""Repayment assessor: the eight factors of the ability-to-repay rule, each with its evidence.

Owns how the documented factors become facts and what a person must see of them. Never decides that a loan can
be repaid and never takes a statement for a record.
"""

from __future__ import annotations

from typing import Any

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap, Severity
from tools.ability_to_repay import NEEDS
from tools.gateway import ToolAnswer
from tools.repayment_factors import PARAGRAPHS, RECORDS


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The factors, then the letter that may explain a low amount."""
    await call("ability_to_repay", {})
    await call("letter_of_explanation", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """A status for each factor, whether all are documented and how many rest on a statement.

    A missing factor is a warning, every other an information that explains its figure. Taxes and insurance
    that are low for the price ask for the letter to be judged; without a letter a person asks.
    """
    answer = evidence.first("ability_to_repay")
    if answer is None:
        gap = Gap(code="no_repayment", detail="the factors of repayment were not documented", needs="person")
        return Conclusion("Ability to repay is not documented.", gaps=(gap,))
    documented = answer.result["documented"]
    low = answer.result["low_obligations"]
    letter = evidence.first("letter_of_explanation")
    explained = letter is not None and letter.result["found"]
    return Conclusion(
        "All eight factors are documented." if documented else "A factor of repayment is missing.",
        figures=_figures(answer),
        flags=tuple(_flag(factor, answer) for factor in answer.result["factors"]) + _low(answer),
        gaps=(_unexplained(),) if low and not explained else (),
        asks=("low_obligations_explained",) if low and explained else (),
    )


def _figures(answer: ToolAnswer) -> tuple[Figure, ...]:
    status = {factor["name"]: factor["status"] for factor in answer.result["factors"]}
    return (
        figure("atr_documented", answer.result["documented"], "flag", answer),
        figure("atr_unverified", answer.result["unverified"], "count", answer),
        *(figure(f"atr_{name}", status[name], "code", answer) for name in PARAGRAPHS),
    )


def _flag(factor: dict[str, Any], answer: ToolAnswer) -> Flag:
    """Named like its figure, so that the packet shows statement, citation and records beside the status."""
    detail = f"{factor['statement']} ({factor['cite']})"
    if factor["records"]:
        detail += f"; from {', '.join(factor['records'])}"
    if factor["missing"]:
        detail += f"; missing: {factor['missing']}"
    severity = Severity.WARNING if factor["status"] == "missing" else Severity.INFO
    return flag(f"atr_{factor['name']}", detail, answer, severity)


def _low(answer: ToolAnswer) -> tuple[Flag, ...]:
    if not answer.result["low_obligations"]:
        return ()
    return (flag("low_obligations", "stated taxes and insurance are low for the price of the home", answer),)


def _unexplained() -> Gap:
    detail = "no letter explains why taxes and insurance are low for the price of the home"
    return Gap(code="unexplained:obligations", detail=detail, needs="person")


SPECIALIST = Specialist(
    job="repayment_assessor",
    worker="mortgage",
    provides=("atr_documented", "atr_unverified", *(f"atr_{name}" for name in PARAGRAPHS)),
    needs=NEEDS,
    tools=("ability_to_repay", "letter_of_explanation"),
    required=("ability_to_repay", "letter_of_explanation"),
    records=tuple(sorted(RECORDS)),
    gather=gather,
    conclude=conclude,
)
