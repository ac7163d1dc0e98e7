"""Risk rater: the customer's money-laundering risk and due diligence by the rows of the book.

Owns what is said when a customer is rated or cannot be. Never weighs a factor itself and never decides
what a level means for the case.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from domain.assignment import Assignment
from domain.finding import Flag, Gap
from tools.gateway import ToolAnswer

_CLOSED_BY = {"identity_verified": "identity_document"}  # any other fact comes through a person


async def gather(assignment: Assignment, call: CallTool) -> None:
    """The one rating of the customer."""
    await call("customer_risk", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The level as the tool gave it; without the facts that it rests on a gap and no figure.

    A country that the book does not weigh asks for a judgement: silence of the book is no low risk.
    """
    answer = evidence.first("customer_risk")
    lacks = answer.result["lacks"] if answer else SPECIALIST.needs
    if answer is None or not answer.result["rated"]:
        return Conclusion("The customer is not rated.", gaps=tuple(_gap(fact) for fact in lacks))
    return Conclusion(
        f"The customer's risk is {answer.result['level']}.",
        figures=(
            figure("kyc_risk", answer.result["level"], "code", answer),
            figure("due_diligence", answer.result["due_diligence"], "code", answer),
        ),
        flags=_enhanced(answer),
        asks=("unlisted_country_acceptable",) if answer.result["unlisted_countries"] else (),
    )


def _enhanced(answer: ToolAnswer) -> tuple[Flag, ...]:
    """Why enhanced due diligence is asked for: the rows that ask for it, or the points."""
    if answer.result["due_diligence"] != "edd":
        return ()
    asked = [row["reason"] for row in answer.result["edd_reasons"]] or [f"{answer.result['points']} points"]
    return (flag("enhanced_due_diligence", f"enhanced due diligence: {'; '.join(asked)}", answer),)


def _gap(fact: str) -> Gap:
    needs = _CLOSED_BY.get(fact, "person")
    return Gap(code=f"missing:{fact}", detail=f"{fact} is not known", needs=needs)


SPECIALIST = Specialist(
    job="risk_rater",
    worker="kyc",
    provides=("kyc_risk", "due_diligence"),
    needs=("identity_verified", "sanctions_status", "pep_status", "adverse_media"),
    tools=("customer_risk",),
    required=("customer_risk",),
    records=("ownership_record",),
    gather=gather,
    conclude=conclude,
    raises=("enhanced_due_diligence",),
)
