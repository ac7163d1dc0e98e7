"""Pricing analyst: the price of the loan and the ratios and regulatory tests that follow from it.

Owns which facts are taken from a price. Never sets a rate, never makes an exception and never decides
whether a ratio is acceptable.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, missing
from domain.assignment import Assignment
from domain.finding import Figure, Gap, Unit
from tools.gateway import ToolAnswer
from tools.pricing import NEEDS

UNITS: dict[str, Unit] = {
    "note_rate_bps": "bps",
    "monthly_payment_cents": "cents",
    "apr_bps": "bps",
    "dti_front_bps": "bps",
    "dti_back_bps": "bps",
    "qm_status": "code",
    "fees_within_limit": "flag",
}


async def gather(assignment: Assignment, call: CallTool) -> None:
    """One price for the loan as applied for."""
    await call("price_loan", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The figures of the price as the tool gave them; without a price, gaps.

    What waits for facts waits for the records they come from, so that it is priced again when one
    arrives; a loan that cannot be priced on known facts goes to a person. Anything but a safe harbour
    asks whether a pricing exception is warranted.
    """
    answer = evidence.first("price_loan")
    if answer is None or not answer.result["priced"]:
        return Conclusion("The loan has no price.", gaps=_unpriced(answer))
    safe = answer.result["qm_status"] == "safe_harbour"
    return Conclusion(
        "The loan is priced.", _figures(answer), asks=() if safe else ("pricing_exception_warranted",)
    )


def _unpriced(answer: ToolAnswer | None) -> tuple[Gap, ...]:
    if answer is None:
        return (Gap(code="no_price", detail="the loan was not priced", needs="person"),)
    reason, awaits = answer.result["reason"], answer.result["awaits"]
    waiting = tuple(missing(kind, f"the loan is not priced: {reason}") for kind in awaits)
    return waiting or (Gap(code="no_price", detail=reason, needs="person"),)


def _figures(answer: ToolAnswer) -> tuple[Figure, ...]:
    return tuple(figure(name, answer.result[name], unit, answer) for name, unit in UNITS.items())


SPECIALIST = Specialist(
    job="pricing_analyst",
    worker="mortgage",
    provides=tuple(UNITS),
    needs=NEEDS,
    tools=("price_loan",),
    required=("price_loan",),
    records=(),
    gather=gather,
    conclude=conclude,
)
