"""Income verification from pay stubs, tax returns and a letter."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from agents.mortgage.income_verifier import SPECIALIST
from domain.errors import BadInput, InvalidPolicy
from domain.records import PayStub, TaxReturn
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tests.fakes.earners import LIMITS, SELF_EMPLOYED, TOOLS, verify
from tools import income_records, letter

pytestmark = pytest.mark.asyncio
PAY_STUBS, TAX_RETURNS = income_records.TOOLS
(LETTER,) = letter.TOOLS


def stub(
    gross: int,
    party: str = "party:1",
    *,
    ends: date = date(2026, 2, 20),
    period: Literal["biweekly", "monthly"] = "biweekly",
) -> PayStub:
    return PayStub(kind="pay_stub", party=party, period=period, period_end=ends, gross_cents=gross)


def tax_return(year: int, net: int, party: str = "party:1", depreciation: int = 0) -> TaxReturn:
    return TaxReturn(
        kind="tax_return", party=party, year=year, net_income_cents=net, depreciation_cents=depreciation
    )


async def test_biweekly_pay_counts_twenty_six_times_a_year() -> None:
    conclusion = await verify(stub(300_000))
    assert facts(conclusion) == {
        "monthly_income_cents": 650_000,
        "income_basis": "salary",
        "income_shortfall_bps": 0,
        "variable_income_cents": 0,
        "rental_income_cents": 0,
        "employment_gap_days": 0,
        "employment_history": "not_documented",
    }
    assert not codes(conclusion)
    assert not conclusion.asks


async def test_figures_name_the_journal_entry_of_the_pay_stubs() -> None:
    conclusion = await verify(stub(300_000))
    sources = {figure.name: figure.source for figure in conclusion.figures}
    assert sources["monthly_income_cents"] == "e1"
    assert sources["employment_history"] == "e3"


async def test_the_latest_pay_stub_counts_and_a_change_is_told() -> None:
    records = (stub(300_000), stub(310_000, ends=date(2026, 2, 6)))
    assert facts(await verify(*records))["monthly_income_cents"] == 650_000
    answer = await run_tool(PAY_STUBS, tool_context(*records), {"party": "party:1"})
    assert answer.result["pay_varies"]
    assert answer.result["latest_period_end"] == "2026-02-20"


async def test_a_corrected_pay_stub_replaces_that_of_the_same_period() -> None:
    answer = await run_tool(PAY_STUBS, tool_context(stub(900_000), stub(300_000)), {"party": "party:1"})
    assert answer.result["monthly_income_cents"] == 650_000
    assert not answer.result["pay_varies"]


async def test_rising_self_employment_income_is_averaged_over_two_years_with_depreciation() -> None:
    records = tax_return(2024, 70_000_00), tax_return(2025, 80_000_00, depreciation=6_000_00)
    conclusion = await verify(*records, people=(SELF_EMPLOYED,))
    assert facts(conclusion)["monthly_income_cents"] == 6_500_00
    assert facts(conclusion)["income_basis"] == "self_employed"


async def test_declining_self_employment_without_a_letter_needs_a_person() -> None:
    records = tax_return(2024, 90_000_00), tax_return(2025, 78_000_00)
    conclusion = await verify(*records, people=(SELF_EMPLOYED,))
    assert facts(conclusion)["monthly_income_cents"] == 6_500_00
    assert codes(conclusion) == ("declining_income", "unexplained:income")
    assert conclusion.gaps[0].needs == "person"


async def test_declining_self_employment_with_a_letter_asks_whether_it_explains() -> None:
    records = tax_return(2024, 90_000_00), tax_return(2025, 78_000_00)
    people = (SELF_EMPLOYED,)
    conclusion = await verify(*records, people=people, letter_of_explanation="The workshop was rebuilt.")
    assert conclusion.asks == ("letter_explains_income",)
    assert codes(conclusion) == ("declining_income",)


async def test_income_below_stated_beyond_tolerance_is_contradicted() -> None:
    conclusion = await verify(stub(240_000))
    assert facts(conclusion)["income_shortfall_bps"] == 2_000
    assert codes(conclusion) == ("income_contradicted", "unexplained:income")


async def test_a_shortfall_of_exactly_the_tolerance_is_no_contradiction() -> None:
    conclusion = await verify(stub(285_000))
    assert facts(conclusion)["income_shortfall_bps"] == 500
    assert not codes(conclusion)


async def test_salary_and_business_of_two_applicants_are_summed_as_mixed() -> None:
    people = (borrower(), borrower(2, employment="self_employed"))
    business = tax_return(2024, 12_000_00, "party:2"), tax_return(2025, 12_000_00, "party:2")
    conclusion = await verify(stub(600_000), *business, people=people)
    assert facts(conclusion)["monthly_income_cents"] == 1_400_000
    assert facts(conclusion)["income_basis"] == "mixed"


async def test_a_business_loss_reduces_the_salary_of_the_same_applicant() -> None:
    conclusion = await verify(stub(300_000), tax_return(2024, -12_000_00), tax_return(2025, -12_000_00))
    assert facts(conclusion)["monthly_income_cents"] == 550_000


async def test_a_documented_loss_is_a_shortfall_of_all_that_was_stated() -> None:
    conclusion = await verify(
        tax_return(2024, -12_000_00), tax_return(2025, -12_000_00), people=(SELF_EMPLOYED,)
    )
    assert facts(conclusion)["monthly_income_cents"] == -100_000
    assert facts(conclusion)["income_shortfall_bps"] == 10_000


async def test_a_pension_statement_documents_retired_income() -> None:
    conclusion = await verify(stub(650_000, period="monthly"), people=(borrower(employment="retired"),))
    assert facts(conclusion)["income_basis"] == "retired"


async def test_without_pay_stubs_there_is_a_gap_and_no_income() -> None:
    conclusion = await verify()
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:pay_stub",)


async def test_one_tax_return_is_not_enough_for_anyone() -> None:
    conclusion = await verify(stub(300_000), tax_return(2025, 12_000_00))
    assert conclusion.figures == ()
    assert codes(conclusion) == ("missing:tax_return",)


async def test_tax_years_with_a_hole_between_them_are_a_gap() -> None:
    records = tax_return(2023, 80_000_00), tax_return(2025, 80_000_00)
    conclusion = await verify(*records, people=(SELF_EMPLOYED,))
    assert codes(conclusion) == ("missing:tax_return",)


async def test_an_applicant_who_states_no_income_needs_no_pay_stub() -> None:
    people = (borrower(), borrower(2, employment="retired", stated_monthly_income_cents=0))
    assert facts(await verify(stub(300_000), people=people))["monthly_income_cents"] == 650_000


async def test_nobody_with_documented_income_is_a_gap() -> None:
    people = (borrower(employment="retired", stated_monthly_income_cents=0),)
    assert codes(await verify(people=people)) == ("missing:pay_stub",)


async def test_the_letter_carries_tokens_where_names_and_addresses_stood() -> None:
    text = "I, Demo  Applicant One, moved to 1 Demo Street, Demo Town in May."
    context = tool_context(application=home_loan(letter_of_explanation=text))
    answer = await run_tool(LETTER, context, {})
    assert answer.result == {"found": True, "text": "I, party:1, moved to tok_address in May."}


async def test_an_unknown_party_is_refused_with_the_parties_of_the_case() -> None:
    with pytest.raises(BadInput, match="party:1"):
        await run_tool(TAX_RETURNS, tool_context(), {"party": "party:7"})


async def test_no_income_is_concluded_without_a_tolerance_in_the_book() -> None:
    without = {name: value for name, value in LIMITS.items() if name != "income_tolerance_bps"}
    with pytest.raises(InvalidPolicy, match="income_tolerance_bps"):
        await run_playbook(SPECIALIST, TOOLS, tool_context(stub(300_000), parameters=without))
