"""Rent from leases and Schedule E."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.records import Lease, RentalSchedule
from tests.fakes.context import borrower, codes, facts
from tests.fakes.earners import paid, verify, worked

pytestmark = pytest.mark.asyncio
IN_WORK = (paid(), worked("2020-01-06"))


def lease(rent: int, prop: str = "rental:1", start: str = "2025-06-01", end: str | None = None) -> Lease:
    return Lease.model_validate(
        {
            "kind": "lease",
            "party": "party:1",
            "property": prop,
            "monthly_rent_cents": rent,
            "starts_on": start,
            "ends_on": end,
        }
    )


def filed(rents: int, expenses: int, addbacks: int, months: int = 12, **more: Any) -> RentalSchedule:
    fields = {"kind": "rental_schedule", "party": "party:1", "property": "rental:1", "year": 2025}
    amounts = {
        "rents_cents": rents,
        "expenses_cents": expenses,
        "addbacks_cents": addbacks,
        "months_rented": months,
    }
    return RentalSchedule.model_validate(fields | amounts | more)


async def test_three_quarters_of_a_lease_in_force_count() -> None:
    conclusion = await verify(*IN_WORK, lease(2_000_00))
    assert facts(conclusion)["rental_income_cents"] == 1_500_00
    assert facts(conclusion)["monthly_income_cents"] == 650_000 + 1_500_00
    assert facts(conclusion)["income_basis"] == "mixed"


async def test_a_lease_that_is_over_or_has_not_begun_counts_for_nothing_and_says_so() -> None:
    over = await verify(*IN_WORK, lease(2_000_00, end="2026-01-31"))
    to_come = await verify(*IN_WORK, lease(2_000_00, start="2026-04-01"))
    assert facts(over)["rental_income_cents"] == facts(to_come)["rental_income_cents"] == 0
    assert codes(over) == codes(to_come) == ("lease_not_in_force",)


async def test_a_schedule_counts_cash_flow_over_the_months_let() -> None:
    conclusion = await verify(*IN_WORK, filed(20_000_00, 15_000_00, 10_000_00, months=10))
    assert facts(conclusion)["rental_income_cents"] == 1_500_00


async def test_a_loss_of_a_let_property_reduces_income() -> None:
    conclusion = await verify(*IN_WORK, filed(12_000_00, 24_000_00, 6_000_00))
    assert facts(conclusion)["rental_income_cents"] == -500_00
    assert facts(conclusion)["monthly_income_cents"] == 600_000


async def test_of_lease_and_schedule_the_lower_counts_and_both_are_shown() -> None:
    conclusion = await verify(*IN_WORK, lease(2_000_00), filed(18_000_00, 12_000_00, 6_000_00))
    assert facts(conclusion)["rental_income_cents"] == 1_000_00
    assert codes(conclusion) == ("income_sources_disagree", "unexplained:income")
    assert "the lease of rental:1" in conclusion.flags[0].detail
    assert "the return of 2025 USD 1,000.00" in conclusion.flags[0].detail


async def test_several_properties_are_summed() -> None:
    conclusion = await verify(*IN_WORK, lease(1_000_00), lease(2_000_00, "rental:2"))
    assert facts(conclusion)["rental_income_cents"] == 2_250_00


async def test_a_retired_applicant_may_live_on_rent_alone() -> None:
    people = (borrower(employment="retired", stated_monthly_income_cents=1_500_00),)
    conclusion = await verify(lease(2_000_00), people=people)
    assert facts(conclusion)["income_basis"] == "rental"
    assert not codes(conclusion)


async def test_more_added_back_than_was_spent_is_refused() -> None:
    with pytest.raises(ValidationError, match="addbacks_cents is above expenses_cents"):
        filed(12_000_00, 1_00, 2_00)
    with pytest.raises(ValidationError, match="property"):
        lease(1_00, prop="12 Demo Street")
