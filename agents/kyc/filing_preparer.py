"""Filing preparer: currency reports and drafts about activity, for compliance and for nobody else.

Owns what is put before compliance. Never files, never says that somebody did wrong, and says nothing that
another person of the case may read: its audience is compliance (31 U.S.C. 5318(g)(2)).
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from domain.assignment import Assignment
from domain.finding import Flag, Gap, Severity
from domain.money import dollars
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The one review of the case's activity."""
    await call("filing_review", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """``clear`` when nothing is due; else the drafts hold the case for compliance, which settles them.

    Rule: each currency report and each draft is a flag that holds. A draft asks whether the record explains
    the activity; whether to file is compliance's alone.
    """
    answer = evidence.first("filing_review")
    if answer is None:
        gap = Gap(code="missing:activity_review", detail="activity was not reviewed", needs="person")
        return Conclusion("Activity was not reviewed.", gaps=(gap,))
    flags = tuple(_flags(answer))
    status = "open" if flags else "clear"
    return Conclusion(
        "Activity on record is put before compliance."
        if flags
        else "No activity on record makes a filing due.",
        figures=(figure("activity_review", status, "code", answer),),
        flags=flags,
        asks=("activity_explained",) if answer.result["drafts"] else (),
    )


def _flags(answer: ToolAnswer) -> Iterable[Flag]:
    for each in answer.result["currency_reports"]:
        paid = {"in": "paid in", "out": "paid out"}[each["direction"]]
        detail = (
            f"Currency report: {each['party']}, {dollars(each['total_cents'])} {paid} on {each['day']} in "
            f"{each['transactions']} transactions; to be filed by {each['due_on']}{_late(each['overdue'])}"
        )
        yield flag("currency_report_due", detail, answer, Severity.SERIOUS, hold=True)
    for each in answer.result["drafts"]:
        detail = (
            f"Draft SAR ({each['origin']}; {', '.join(each['rules'])}). Who: {each['who']}. What: {each['what']}. "
            f"When: {each['when']}. Where: {each['where']}. Why: {each['why']}. How: {each['how']} "
            f"Detected {each['detected_on']}, to be filed by {each['due_on']}{_late(each['overdue'])}"
        )
        yield flag("activity_report_draft", detail, answer, Severity.SERIOUS, hold=True)
    if answer.result["below_threshold"]:
        detail = f"alerts below every amount of the book: {', '.join(answer.result['below_threshold'])}"
        yield flag("alert_below_threshold", detail, answer)


def _late(overdue: bool) -> str:
    return " (OVERDUE)" if overdue else ""


SPECIALIST = Specialist(
    job="filing_preparer",
    worker="kyc",
    provides=("activity_review",),
    needs=("kyc_risk",),
    tools=("filing_review",),
    required=("filing_review",),
    records=("cash_transaction", "activity_alert"),
    gather=gather,
    conclude=conclude,
    audience="compliance",
)
