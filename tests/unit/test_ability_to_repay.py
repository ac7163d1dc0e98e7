"""The eight factors of ability to repay, one by one: figure, source, verified or not, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agents.contract import Conclusion
from agents.mortgage.repayment_assessor import SPECIALIST
from domain.canonical import digest
from domain.finding import Fact, Severity
from domain.identity import Record
from domain.records.bureau import BureauFile
from domain.records.income import EmploymentRecord, PayStub, TaxReturn
from domain.records.property import HousingCosts, TitleLien, TitleReport
from tests.fakes.context import borrower, codes, facts, home_loan, run_playbook, run_tool, tool_context
from tools.catalog import TOOLS
from tools.repayment_factors import PARAGRAPHS

pytestmark = pytest.mark.asyncio
KNOWN: dict[str, Fact] = {
    "monthly_income_cents": 6_500_00,
    "monthly_payment_cents": 1_769_79,
    "monthly_debts_cents": 300_00,
    "dti_back_bps": 3_800,
    "credit_score": 740,
    "delinquencies_24m": 0,
}
BOOK: dict[str, Any] = {"employment_recent_days": 60, "low_obligations_bps": 60}
STUB = PayStub(
    kind="pay_stub", party="party:1", period="monthly", period_end=date(2026, 2, 27), gross_cents=6_500_00
)
REPORT = BureauFile(
    kind="bureau_file", party="party:1", pulled_on=date(2026, 3, 2), score=740, monthly_debts_cents=300_00,
    delinquencies_24m=0,
)  # fmt: skip
TITLE = TitleReport(kind="title_report", reported_on=date(2026, 2, 26))
COSTS = HousingCosts(
    kind="housing_costs",
    reported_on=date(2026, 2, 26),
    monthly_tax_cents=300_00,
    monthly_insurance_cents=100_00,
)
WHOLE: tuple[Record, ...] = (STUB, REPORT, TITLE, COSTS)


async def assessed(
    *records: Record, known: dict[str, Fact] | None = None, people: tuple[Any, ...] = (), **application: Any
) -> Conclusion:
    context = tool_context(
        *records,
        application=home_loan(*people, **application),
        inputs=KNOWN if known is None else known,
        parameters=BOOK,
    )
    return await run_playbook(SPECIALIST, tuple(TOOLS.values()), context)


def without(kind: str) -> tuple[Record, ...]:
    return tuple(each for each in WHOLE if each.kind != kind)  # type: ignore[attr-defined]


def missing(conclusion: Conclusion) -> dict[str, str]:
    return {
        flag.code: flag.detail.partition("missing: ")[2]
        for flag in conclusion.flags
        if flag.severity is Severity.WARNING
    }


async def test_all_eight_factors_of_a_documented_loan_have_a_status() -> None:
    conclusion = await assessed(*WHOLE)
    assert facts(conclusion) == {
        "atr_documented": True,
        "atr_unverified": 0,
        "atr_income": "verified",
        "atr_employment": "verified",
        "atr_payment": "computed",
        "atr_simultaneous_loans": "verified",
        "atr_obligations": "verified",
        "atr_debts": "verified",
        "atr_debt_to_income": "computed",
        "atr_credit_history": "verified",
    }


async def test_each_factor_cites_its_paragraph_and_names_figure_and_record() -> None:
    context = tool_context(*WHOLE, application=home_loan(), inputs=KNOWN, parameters=BOOK)
    result = (await run_tool(TOOLS["ability_to_repay"], context, {})).result
    assert [each["cite"] for each in result["factors"]] == [
        f"12 CFR 1026.43(c)(2)({paragraph})" for paragraph in PARAGRAPHS.values()
    ]
    income = result["factors"][0]
    assert income["figures"] == {"monthly_income_cents": 6_500_00}
    assert income["records"] == [f"pay_stub:{digest(STUB.model_dump(mode='json'))[:12]}"]


async def test_every_status_is_explained_beside_its_figure() -> None:
    conclusion = await assessed(*WHOLE)
    explained = {flag.code: flag for flag in conclusion.flags}
    assert set(explained) == {f"atr_{name}" for name in PARAGRAPHS}
    assert "USD 6,500.00 a month" in explained["atr_income"].detail
    assert {flag.severity for flag in explained.values()} == {Severity.INFO}


@pytest.mark.parametrize(
    ("records", "factor", "needed"),
    [
        (without("pay_stub"), "atr_income", "income records of party:1"),
        (without("bureau_file"), "atr_credit_history", "a consumer report of party:1"),
        (without("bureau_file"), "atr_debts", "a consumer report of party:1"),
    ],
)
async def test_factor_without_its_records_is_missing_and_says_what_is_needed(
    records: tuple[Record, ...], factor: str, needed: str
) -> None:
    conclusion = await assessed(*records)
    assert facts(conclusion)["atr_documented"] is False
    assert missing(conclusion)[factor] == needed


@pytest.mark.parametrize("name", ["monthly_income_cents", "monthly_payment_cents", "dti_back_bps"])
async def test_factor_without_its_figure_is_missing(name: str) -> None:
    known = {fact: value for fact, value in KNOWN.items() if fact != name}
    assert facts(await assessed(*WHOLE, known=known))["atr_documented"] is False


async def test_old_pay_stub_does_not_show_that_somebody_still_works() -> None:
    old = STUB.model_copy(update={"period_end": date(2025, 12, 31)})
    conclusion = await assessed(old, REPORT, TITLE, COSTS)
    assert facts(conclusion)["atr_employment"] == "missing"
    assert "since 2026-01-01" in missing(conclusion)["atr_employment"]


async def test_employment_verified_lately_shows_that_somebody_still_works() -> None:
    old = STUB.model_copy(update={"period_end": date(2025, 12, 31)})
    verified = EmploymentRecord(
        kind="employment_record", party="party:1", employer="DEMO EMPLOYER", started_on=date(2019, 1, 1),
        verified_on=date(2026, 2, 20),
    )  # fmt: skip
    assert facts(await assessed(old, verified, REPORT, TITLE, COSTS))["atr_employment"] == "verified"
    left = verified.model_copy(update={"ended_on": date(2026, 2, 1)})
    assert facts(await assessed(old, left, REPORT, TITLE, COSTS))["atr_employment"] == "missing"


async def test_employment_of_the_retired_is_not_relied_on() -> None:
    conclusion = await assessed(*WHOLE, people=(borrower(employment="retired"),))
    assert facts(conclusion)["atr_employment"] == "not_relied_on"


async def test_tax_returns_show_that_the_self_employed_work() -> None:
    returns = TaxReturn(kind="tax_return", party="party:1", year=2025, net_income_cents=80_000_00)
    people = (borrower(employment="self_employed"),)
    conclusion = await assessed(returns, REPORT, TITLE, COSTS, people=people)
    assert facts(conclusion)["atr_employment"] == "verified"


async def test_second_applicant_needs_records_of_their_own() -> None:
    conclusion = await assessed(*WHOLE, people=(borrower(), borrower(2)))
    assert missing(conclusion)["atr_income"] == "income records of party:2"


@pytest.mark.parametrize(
    ("application", "status"),
    [
        ({"other_liens_cents": 20_000_00}, "missing"),
        ({"other_liens_cents": 20_000_00, "other_liens_monthly_cents": 150_00}, "stated"),
    ],
)
async def test_other_lien_needs_its_monthly_payment(application: dict[str, int], status: str) -> None:
    assert facts(await assessed(*WHOLE, **application))["atr_simultaneous_loans"] == status


async def test_mortgage_of_record_that_stays_is_a_loan_to_be_paid_too() -> None:
    lien = TitleLien(lien="mortgage", amount_cents=20_000_00, settled="subordinated")
    title = TITLE.model_copy(update={"liens": (lien,)})
    conclusion = await assessed(STUB, REPORT, title, COSTS)
    assert missing(conclusion)["atr_simultaneous_loans"] == "the monthly payment of that loan"


async def test_housing_costs_above_those_that_the_ratio_counts_are_not_documented() -> None:
    dear = COSTS.model_copy(update={"monthly_tax_cents": 900_00})
    conclusion = await assessed(STUB, REPORT, TITLE, dear)
    assert "USD 1,000.00" in missing(conclusion)["atr_obligations"]


async def test_stated_taxes_and_support_are_counted_as_unverified() -> None:
    conclusion = await assessed(*without("housing_costs"), monthly_support_cents=250_00)
    known = facts(conclusion)
    assert (known["atr_documented"], known["atr_unverified"]) == (True, 2)
    assert (known["atr_obligations"], known["atr_debts"]) == ("stated", "stated")


async def test_low_taxes_and_insurance_ask_for_the_letter_to_be_judged() -> None:
    low = {"monthly_tax_insurance_cents": 100_00}
    told = await assessed(
        STUB, REPORT, TITLE, **low, letter_of_explanation="The home is exempt for ten years."
    )
    assert told.asks == ("low_obligations_explained",)
    untold = await assessed(STUB, REPORT, TITLE, **low)
    assert "unexplained:obligations" in codes(untold)
    assert untold.gaps[0].needs == "person"
