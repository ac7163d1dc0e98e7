"""Salaried income in depth: variable pay, wage statements, employments and what contradicts what."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.identity import Record, identity_fields
from domain.records import TaxReturn, WageStatement
from tests.fakes.context import borrower, codes, facts, home_loan, run_tool, tool_context
from tests.fakes.earners import LIMITS, SELF_EMPLOYED, paid, verify, worked
from tools import employment_records, letter

pytestmark = pytest.mark.asyncio
_, WAGES = employment_records.TOOLS
(LETTER,) = letter.TOOLS


def variable(year: int, **cents: int) -> dict[str, int]:
    return {"year": year} | {f"{pay}_cents": paid for pay, paid in cents.items()}


def wages(year: int, cents: int, employer: str = "tok_employer") -> WageStatement:
    return WageStatement(
        kind="wage_statement", party="party:1", employer=employer, year=year, wages_cents=cents
    )


async def test_variable_pay_is_averaged_over_two_full_years_beside_base_pay() -> None:
    years = [variable(2024, overtime=6_000_00), variable(2025, overtime=8_400_00)]
    conclusion = await verify(paid(), worked("2020-01-06", variable_pay=years))
    assert facts(conclusion)["monthly_income_cents"] == 650_000 + 60_000
    assert facts(conclusion)["variable_income_cents"] == 60_000
    assert conclusion.asks == ("variable_income_continues",)
    assert not codes(conclusion)


async def test_overtime_in_the_latest_stub_is_no_base_pay() -> None:
    conclusion = await verify(paid(350_000, overtime_cents=50_000), worked("2020-01-06"))
    assert facts(conclusion)["monthly_income_cents"] == 650_000
    assert codes(conclusion) == ("variable_pay_too_short",)


async def test_declining_variable_pay_counts_at_the_later_year_and_wants_a_reason() -> None:
    years = [variable(2024, bonus=12_000_00), variable(2025, bonus=6_000_00)]
    conclusion = await verify(paid(), worked("2020-01-06", variable_pay=years))
    assert facts(conclusion)["variable_income_cents"] == 50_000
    assert codes(conclusion) == ("declining_variable_pay", "unexplained:income")


async def test_one_year_of_commission_is_too_short_to_count() -> None:
    conclusion = await verify(
        paid(), worked("2020-01-06", variable_pay=[variable(2025, commission=24_000_00)])
    )
    assert facts(conclusion)["variable_income_cents"] == 0
    assert codes(conclusion) == ("variable_pay_too_short",)
    assert not conclusion.asks


async def test_variable_pay_that_the_employer_ends_does_not_count() -> None:
    years = [variable(2024, overtime=6_000_00), variable(2025, overtime=6_000_00)]
    conclusion = await verify(
        paid(), worked("2020-01-06", variable_pay=years, variable_pay_continues="unlikely")
    )
    assert facts(conclusion)["variable_income_cents"] == 0
    assert codes(conclusion) == ("variable_pay_ends",)


async def test_wages_of_last_year_far_from_todays_pay_are_shown_by_both_sources() -> None:
    conclusion = await verify(paid(), worked("2020-01-06"), wages(2025, 60_000_00))
    assert codes(conclusion) == ("income_sources_disagree", "income_sources_disagree", "unexplained:income")
    assert {flag.source for flag in conclusion.flags} == {"e1", "e2"}
    assert "USD 5,000.00 a month, pay stubs USD 6,500.00" in conclusion.flags[0].detail
    assert facts(conclusion)["monthly_income_cents"] == 650_000  # neither replaced nor averaged


async def test_wages_of_a_year_worked_in_part_are_brought_to_the_months_in_work() -> None:
    answer = await run_tool(
        WAGES,
        tool_context(worked("2025-07-02"), wages(2025, 39_000_00), parameters=LIMITS),
        {"party": "party:1"},
    )
    assert answer.result["years"][0]["monthly_income_cents"] == 648_224  # 183 of 365 days


async def test_wages_that_contain_the_variable_pay_do_not_contradict_base_pay() -> None:
    years = [variable(2024, overtime=12_000_00), variable(2025, overtime=14_400_00)]
    conclusion = await verify(paid(), worked("2020-01-06", variable_pay=years), wages(2025, 92_400_00))
    assert not codes(conclusion)


async def test_two_employers_of_a_year_are_summed_and_a_corrected_statement_replaces_the_first() -> None:
    statements = (
        wages(2025, 1_00),
        wages(2025, 50_000_00, "tok_same_employer"),
        wages(2025, 10_000_00, "tok_other_employer"),
    )
    answer = await run_tool(WAGES, tool_context(*statements, parameters=LIMITS), {"party": "party:1"})
    assert answer.result["years"][0]["wages_cents"] == 60_000_00
    assert answer.result["years"][0]["employers"] == 2


async def test_a_year_to_date_below_the_base_pay_of_its_periods_wants_a_reason() -> None:
    conclusion = await verify(paid(ytd_gross_cents=530_000), worked("2020-01-06"))
    assert codes(conclusion) == ("year_to_date_below_pay", "unexplained:income")
    assert "11.67 %" in conclusion.flags[0].detail


async def test_a_year_to_date_of_a_job_begun_this_year_counts_from_its_start() -> None:
    conclusion = await verify(paid(ytd_gross_cents=300_000), worked("2026-01-26"))
    assert "year_to_date_below_pay" not in codes(conclusion)


async def test_wages_in_the_return_against_the_wage_statement_of_that_year() -> None:
    filed = [
        TaxReturn(kind="tax_return", party="party:1", year=year, net_income_cents=0, wages_cents=cents)
        for year, cents in ((2024, None), (2025, 60_000_00))
    ]
    conclusion = await verify(paid(), worked("2020-01-06"), wages(2025, 78_000_00), *filed)
    assert codes(conclusion)[:2] == ("income_sources_disagree", "income_sources_disagree")
    assert "the return of 2025" in conclusion.flags[0].detail


async def test_pay_of_a_second_employer_is_not_added_up() -> None:
    second = paid(100_000, employer="tok_other_employer", period_end="2026-02-13")
    conclusion = await verify(second, paid(employer="tok_employer"), worked("2020-01-06"))
    assert facts(conclusion)["monthly_income_cents"] == 650_000
    assert codes(conclusion) == ("another_employer",)


async def test_an_employer_on_the_stub_that_verified_nothing_is_shown_by_both_sources() -> None:
    conclusion = await verify(paid(employer="tok_other_employer"), worked("2020-01-06"))
    assert codes(conclusion) == ("employer_contradicted", "employer_contradicted", "unexplained:income")


async def test_a_gap_beyond_the_limit_is_measured_and_wants_an_explanation() -> None:
    conclusion = await verify(
        paid(), worked("2020-01-06", "2025-03-31"), worked("2025-06-01", employer="tok_other_employer")
    )
    assert facts(conclusion)["employment_gap_days"] == 61
    assert "from 2025-04-01 to 2025-05-31: 61 days (2 months)" in conclusion.flags[0].detail
    assert codes(conclusion) == ("employment_gap", "unexplained:employment")


async def test_a_gap_with_a_letter_asks_whether_it_explains_the_gap_and_nothing_else() -> None:
    conclusion = await verify(
        paid(),
        worked("2020-01-06", "2025-03-31"),
        worked("2025-06-01", employer="tok_other_employer"),
        letter_of_explanation="I cared for my mother in spring; Demo Mills then hired me.",
    )
    assert conclusion.asks == ("employment_gap_explained",)
    assert codes(conclusion) == ("employment_gap",)


async def test_a_gap_within_the_limit_is_stated_and_not_flagged() -> None:
    conclusion = await verify(
        paid(), worked("2020-01-06", "2025-03-31"), worked("2025-05-01", employer="tok_other_employer")
    )
    assert facts(conclusion)["employment_gap_days"] == 30
    assert not codes(conclusion)


@pytest.mark.parametrize(
    ("records", "history", "flags"),
    [
        ((worked("2020-01-06"),), "documented", ()),
        ((worked("2025-01-06"),), "short", ("employment_history_short",)),
        (
            (worked("2020-01-06", "2025-12-31"), worked("2026-01-01", employer="tok_other_employer")),
            "new_job",
            ("new_job",),
        ),
    ],
)
async def test_a_history_is_documented_short_or_of_a_new_job(
    records: tuple[Record, ...], history: str, flags: tuple[str, ...]
) -> None:
    conclusion = await verify(paid(), *records)
    assert facts(conclusion)["employment_history"] == history
    assert codes(conclusion) == flags


async def test_nobody_on_a_salary_has_no_employment_to_verify() -> None:
    filed = [
        TaxReturn(kind="tax_return", party="party:1", year=year, net_income_cents=78_000_00)
        for year in (2024, 2025)
    ]
    assert facts(await verify(*filed, people=(SELF_EMPLOYED,)))["employment_history"] == "not_applicable"


async def test_an_employment_that_ended_leaves_nobody_in_work() -> None:
    conclusion = await verify(paid(), worked("2020-01-06", "2026-02-15"))
    assert "not_employed_now" in codes(conclusion)
    assert facts(conclusion)["employment_gap_days"] == 15


async def test_the_weakest_history_of_two_applicants_counts() -> None:
    people = (borrower(), borrower(2))
    second = paid().model_copy(update={"party": "party:2"})
    conclusion = await verify(paid(), second, worked("2020-01-06"), people=people)
    assert facts(conclusion)["employment_history"] == "not_documented"


async def test_a_self_employed_year_adds_back_what_is_not_cash_and_takes_out_what_will_not_return() -> None:
    more = {
        "depletion_cents": 1_000_00,
        "amortization_cents": 2_000_00,
        "home_office_cents": 3_000_00,
        "nonrecurring_income_cents": 6_000_00,
    }
    filed = [
        TaxReturn.model_validate(
            {"kind": "tax_return", "party": "party:1", "year": year, "net_income_cents": 78_000_00} | more
        )
        for year in (2024, 2025)
    ]
    assert facts(await verify(*filed, people=(SELF_EMPLOYED,)))["monthly_income_cents"] == 650_000


async def test_an_employers_name_does_not_come_out_of_the_letter() -> None:
    text = "I left DEMO  WORKS LIMITED in March."
    context = tool_context(
        worked("2020-01-06", employer="tok_same_employer"), application=home_loan(letter_of_explanation=text)
    )
    answer = await run_tool(LETTER, context, {})
    assert answer.result["text"] == "I left [employer] in March."


async def test_impossible_dates_and_parts_are_refused_with_the_reason() -> None:
    with pytest.raises(ValidationError, match="ended_on is before started_on"):
        worked("2025-01-01", "2024-12-31")
    with pytest.raises(ValidationError, match="above gross_cents"):
        paid(100_000, overtime_cents=100_001)
    with pytest.raises(ValidationError, match="a year twice"):
        worked("2020-01-06", variable_pay=[variable(2025, bonus=1), variable(2025, bonus=2)])


@pytest.mark.parametrize(
    "record",
    [paid(employer="DEMO WORKS"), worked("2020-01-06", employer="DEMO WORKS"), wages(2025, 1, "DEMO WORKS")],
    ids=lambda record: str(record.kind),
)
async def test_the_employer_of_every_record_goes_to_the_vault(record: Record) -> None:
    assert [(path, value) for path, _, value in identity_fields(record)] == [("employer", "DEMO WORKS")]
