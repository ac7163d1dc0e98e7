"""Memo writer: strengths, weaknesses, mitigants and dissent, side by side, for the officer who signs.

Owns what is flagged to that officer. Never weighs one thing against another, never settles a disagreement and
never states a figure of its own; the memo itself is written by code from the journal.
"""

from __future__ import annotations

from typing import Any

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from agents.credit import lacking
from domain.assignment import Assignment
from domain.finding import Flag, Severity
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The one assessment."""
    await call("assess_credit", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """How many disagreements are open and how many weaknesses nothing answers.

    A weakness with something set against it asks whether that holds: the book names what may mitigate, not
    that it does.
    """
    answer = evidence.first("assess_credit")
    if answer is None or not answer.result["assessed"]:
        lacks = answer.result["lacks"] if answer else "nothing was assessed"
        return Conclusion("There is nothing to write a memo on.", gaps=lacking("assessment", lacks))
    result = answer.result
    bare = [each for each in result["weaknesses"] if not each["mitigants"]]
    answered = len(result["weaknesses"]) - len(bare)
    return Conclusion(
        f"{len(result['strengths'])} strengths, {len(result['weaknesses'])} weaknesses, "
        f"{len(result['dissents'])} disagreements.",
        figures=(
            figure("open_dissent", sum(each["escalated"] for each in result["dissents"]), "count", answer),
            figure("unmitigated_weaknesses", len(bare), "count", answer),
        ),
        flags=(*_weak(answer), *_dissent(answer)),
        asks=("mitigants_hold",) if answered else (),
    )


def _weak(answer: ToolAnswer) -> tuple[Flag, ...]:
    return tuple(
        flag("weakness", f"{each['says']} ({each['figure'].replace('_', ' ')} {each['value']})", answer)
        for each in answer.result["weaknesses"]
    )


def _dissent(answer: ToolAnswer) -> tuple[Flag, ...]:
    return tuple(_told(each, answer) for each in answer.result["dissents"])


def _told(dissent: dict[str, Any], answer: ToolAnswer) -> Flag:
    said = " against ".join(f"{side['who']}: {side['says']}" for side in dissent["sides"])
    severity = Severity.SERIOUS if dissent["escalated"] else Severity.WARNING
    return flag("dissent", f"{dissent['about']}: {said}. {dissent['resolution']}", answer, severity)


SPECIALIST = Specialist(
    job="memo_writer",
    worker="credit",
    provides=("open_dissent", "unmitigated_weaknesses"),
    needs=("risk_grade", "delinquencies_24m", "bankruptcies_7y"),
    tools=("assess_credit",),
    required=("assess_credit",),
    records=("financial_filing", "financial_statement"),
    gather=gather,
    conclude=conclude,
)
