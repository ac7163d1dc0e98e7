"""Pricing analyst: the price of the loan and the ratios and regulatory tests that follow from it.

Owns which facts are taken from a price. Never sets a rate, never makes an exception and never decides
whether a ratio is acceptable.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag, missing
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap, Unit
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
    "fees_limit_cents": "cents",
    "rate_spread": "code",  # percentage points with three places, as the register files it
    "higher_priced": "flag",
    "hpml_appraisal_required": "flag",
    "high_cost": "flag",
    "conforming_status": "code",
    "conforming_limit_cents": "cents",
    "conforming_limit_source": "code",
}


async def gather(assignment: Assignment, call: CallTool) -> None:
    """One price for the loan as applied for."""
    await call("price_loan", {})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """The figures of the price as the tool gave them; without a price, gaps.

    What waits for facts waits for the records they come from, so that it is priced again when one
    arrives; a loan that cannot be priced on known facts goes to a person. Anything but a safe harbour
    asks whether a pricing exception is warranted. What the price does not settle (the limit of a county
    that is not known) is no figure.
    """
    answer = evidence.first("price_loan")
    if answer is None or not answer.result["priced"]:
        return Conclusion("The loan has no price.", gaps=_unpriced(answer))
    safe = answer.result["qm_status"] == "safe_harbour"
    return Conclusion(
        "The loan is priced.",
        _figures(answer),
        _flags(answer),
        asks=() if safe else ("pricing_exception_warranted",),
    )


def _flags(answer: ToolAnswer) -> tuple[Flag, ...]:
    """What a person must see beside the figures; what follows from it is the decision table's."""
    result, flags = answer.result, []
    if result.get("higher_priced"):
        flags.append(
            flag(
                "higher_priced",
                f"higher-priced: {result['rate_spread']} points above the prime offer rate",
                answer,
            )
        )
    if result.get("conforming_status") == "undetermined":
        flags.append(
            flag(
                "county_limit_unknown", "no list of this year says the conforming limit of the county", answer
            )
        )
    return tuple(flags)


def _unpriced(answer: ToolAnswer | None) -> tuple[Gap, ...]:
    if answer is None:
        return (Gap(code="no_price", detail="the loan was not priced", needs="person"),)
    reason, awaits = answer.result["reason"], answer.result["awaits"]
    waiting = tuple(missing(kind, f"the loan is not priced: {reason}") for kind in awaits)
    return waiting or (Gap(code="no_price", detail=reason, needs="person"),)


def _figures(answer: ToolAnswer) -> tuple[Figure, ...]:
    known = {name: answer.result[name] for name in UNITS if answer.result.get(name) is not None}
    return tuple(figure(name, value, UNITS[name], answer) for name, value in known.items())


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
