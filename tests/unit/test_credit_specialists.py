"""Credit specialists on their playbooks: figures with sources, flags, gaps, and what is asked of a model."""

from __future__ import annotations

from typing import Any

import pytest

from domain.finding import Finding, Severity
from domain.records import BureauFile, FinancialFiling, FinancialStatement, ManagementCommentary
from tests.fakes.companies import (
    FY2024,
    FY2025,
    WEAK2025,
    YEARS,
    commentary,
    csv,
    fact,
    filing,
    instance,
    statement,
)
from tests.fakes.memos import company_context, worked

BUREAU = BureauFile.model_validate(
    {
        "kind": "bureau_file",
        "party": "party:1",
        "pulled_on": "2026-03-01",
        "score": 745,
        "monthly_debts_cents": 40_000,
        "delinquencies_24m": 0,
    }
)
SUNK = FY2025 | {"equity": 400_000, "total_liabilities": 9_600_000, "goodwill": 600_000}


def filed(latest: dict[str, int] | None = None, *extra: str) -> FinancialFiling:
    years = YEARS | ({"2025-12-31": latest} if latest else {})
    return FinancialFiling.model_validate(filing(instance(years, *extra)))


async def found(*records: Any, **changes: Any) -> dict[str, Finding]:
    return (await worked(company_context(BUREAU, *records, **changes)))[0]


def facts(finding: Finding) -> dict[str, Any]:
    return {each.name: each.value for each in finding.figures}


async def test_every_specialist_states_its_facts_with_the_entry_they_come_from() -> None:
    findings = await found(filed())
    assert facts(findings["statement_spreader"])["statement_quality"] == "audited"
    assert facts(findings["ratio_analyst"])["dscr_bps"] == 16_854
    assert facts(findings["credit_rater"])["risk_grade"] == 2
    assert facts(findings["memo_writer"]) == {"open_dissent": 0, "unmitigated_weaknesses": 0}
    assert {each.source for each in findings["credit_rater"].figures} == {
        "r2.credit.credit_rater/1/rate_credit/0",
        "r2.credit.credit_rater/1/propose_covenants/0",
    }


async def test_without_statements_either_kind_of_document_would_close_the_gap() -> None:
    findings = await found()
    for job in ("statement_spreader", "ratio_analyst", "credit_rater", "memo_writer"):
        assert {gap.needs for gap in findings[job].gaps} == {"financial_filing", "financial_statement"}, job
        assert findings[job].figures == ()


async def test_leverage_without_tangible_net_worth_is_a_gap_for_a_person_and_a_floor() -> None:
    findings = await found(filed(SUNK))
    assert "leverage_bps" not in facts(findings["ratio_analyst"])
    assert [(gap.code, gap.needs) for gap in findings["ratio_analyst"].gaps] == [
        ("missing:leverage_bps", "person")
    ]
    assert facts(findings["credit_rater"])["risk_grade"] == 8


async def test_filing_that_contradicts_itself_is_inconsistent_and_the_figure_is_not_used() -> None:
    twice = fact("InventoryNet", "i2025-12-31", 900_000)
    findings = await found(filed(None, twice.replace('id="f-', 'id="g-')))
    assert facts(findings["statement_spreader"])["statements_consistent"] is False
    (flag,) = [each for each in findings["statement_spreader"].flags if each.code == "figure_contradicted"]
    assert flag.severity is Severity.SERIOUS
    assert "USD 900000 and 1500000; neither is used" in flag.detail


async def test_declining_ratios_without_a_word_from_management_are_a_gap() -> None:
    findings = await found(filed(WEAK2025))
    assert facts(findings["ratio_analyst"])["credit_trend"] == "declining"
    assert "unexplained:trend" in {gap.code for gap in findings["ratio_analyst"].gaps}


@pytest.mark.parametrize(("latest", "asked"), [(None, False), (WEAK2025, True)])
async def test_only_declining_ratios_ask_whether_their_causes_are_temporary(
    latest: dict[str, int] | None, asked: bool
) -> None:
    said = ManagementCommentary.model_validate(commentary())
    findings = await found(filed(latest), said)
    assert (
        "judgement:trend_causes_temporary" in {gap.code for gap in findings["ratio_analyst"].gaps}
    ) is asked
    assert "judgement:commentary_fits_statements" in {gap.code for gap in findings["statement_spreader"].gaps}


async def test_revolver_is_tested_as_if_it_were_drawn_and_pays_interest_alone() -> None:
    _, answers, _ = await worked(company_context(BUREAU, filed(), product="revolver", rate_type="floating"))
    loan = answers["credit_ratios"].result["loan"]
    assert (loan["yearly_service_cents"], loan["floating"]) == (7_900_000, True)
    loss = answers["rate_credit"].result["expected_loss"]
    assert loss["ead_cents"] == 75_000_000


async def test_statements_that_only_management_prepared_say_so() -> None:
    own = FinancialStatement.model_validate(statement(csv({"2024-12-31": FY2024, "2025-12-31": FY2025})))
    assert facts((await found(own))["statement_spreader"])["statement_quality"] == "internal"
