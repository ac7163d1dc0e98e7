"""What the use of language models may cost a case, and what it is charged with: budgets and price rows.

Owns the shapes that a book fills in and a mandate carries. Never counts what was spent (gateways do).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record

Tier = Literal["routine", "standard", "advanced"]
TIERS: tuple[Tier, ...] = ("routine", "standard", "advanced")
Count = Annotated[int, Field(ge=0)]


class PriceRow(Record):
    """One row of the price book; a row that names the model goes before one that names the tier only."""

    id: str  # as ``ModelCalled`` names it
    model: str | None = None  # exactly as the endpoint is asked for it; none: any
    tier: Tier | None = None  # none: any
    prompt: Count  # microdollars for a million prompt tokens
    completion: Count  # microdollars for a million completion tokens
    source: str | None = None  # the contract or list that the price was read from
    source_status: Literal["primary", "secondary", "unverified"] | None = None

    def fits(self, model: str, tier: Tier) -> bool:
        """Whether the row prices this model on this tier."""
        return self.model in (None, model) and self.tier in (None, tier)

    def cost_microusd(self, tokens_in: int, tokens_out: int) -> int:
        """What a call costs, in microdollars; a part of one counts as a whole (rounded up)."""
        return -(-(tokens_in * self.prompt + tokens_out * self.completion) // 1_000_000)


def price_of(rows: Iterable[PriceRow], model: str, tier: Tier) -> PriceRow | None:
    """The row that prices a model on a tier: by model first, then by tier, then as written."""
    fitting = [row for row in rows if row.fits(model, tier)]
    return min(fitting, key=lambda row: (row.model is None, row.tier is None), default=None)


class CaseBudget(Record):
    """What all assignments of one case together may use, over its whole life."""

    max_tokens: Count = 400_000  # prompt and completion
    max_cost_microusd: Count = 4_000_000
    max_seconds: Count = 3_600  # spent waiting for models; a call that never answered counts in full


class JudgementRules(Record):
    """What a model's judgement must be worth before it counts."""

    sure_enough_percent: Annotated[int, Field(ge=0, le=100)] = 60  # below: a gap for a person
    judge: bool = False  # an independent judge looks at what code cannot check
    overturned: Literal["gap", "refer"] = "gap"  # what becomes of a judgement that the judge does not uphold
