"""What the application states of one applicant: the yardstick that records are held against, never evidence."""

from __future__ import annotations

from typing import Any

from domain.errors import BadInput
from tools.contract import ToolContext


def stated_of(reference: str, context: ToolContext) -> dict[str, Any]:
    """Party, employment and stated monthly income.

    Raises:
        BadInput: when the party is not one of the case.
    """
    borrowers = {f"party:{number}": b for number, b in enumerate(context.application["borrowers"], start=1)}
    if reference not in borrowers:
        raise BadInput(
            f"The case has no {reference}.", field="party", remedy=f"Use one of {', '.join(borrowers)}."
        )
    stated = borrowers[reference]
    return {
        "party": reference,
        "employment": stated["employment"],
        "stated_monthly_income_cents": stated["stated_monthly_income_cents"],
    }
