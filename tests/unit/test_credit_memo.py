"""The credit memo: every figure leads to its computation or source, nothing is left out, and bytes repeat."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from api.documents.markdown import markdown
from api.documents.typeset import pdf, source
from domain.document import Document, anchors, texts
from domain.records import BureauFile, FinancialFiling, FinancialStatement, ManagementCommentary
from tests.fakes.companies import FY2024, FY2025, WEAK2025, commentary, csv, filing, instance, statement
from tests.fakes.memos import company_context, memo_evidence
from tools.credit.memo.contents import write
from tools.credit.memo.evidence import Signature

FILED = FinancialFiling.model_validate(filing())
OTHER = FinancialStatement.model_validate(statement(csv({"2025-12-31": FY2025 | {"ebit": 1_200_000}})))
SAID = ManagementCommentary.model_validate(commentary())
WEAK = FinancialFiling.model_validate(filing(instance({"2024-12-31": FY2024, "2025-12-31": WEAK2025})))


def bureau(late: int = 0) -> BureauFile:
    told = {"score": 745, "monthly_debts_cents": 40_000, "delinquencies_24m": late}
    return BureauFile.model_validate(
        {"kind": "bureau_file", "party": "party:1", "pulled_on": "2026-03-01", **told}
    )


async def memo(*records: Any, late: int = 0, **changes: Any) -> Document:
    return write(await memo_evidence(company_context(bureau(late), *records, **changes)))


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


async def test_every_link_leads_somewhere_and_every_ratio_has_one() -> None:
    written = await memo(FILED, OTHER, SAID, late=1)
    assert {each.to for each in texts(written) if each.to} <= anchors(written)
    row = next(
        line for line in markdown(written).splitlines() if line.startswith("| Debt service coverage with")
    )
    assert "[1.69x](#s-ratio-dscr-pro-forma-2025-12-31)" in row


async def test_computation_shows_formula_and_inputs_that_lead_to_the_filed_amounts() -> None:
    shown = section(markdown(await memo(FILED)), "Appendix B: how each ratio is worked out")
    quick = next(line for line in shown.splitlines() if "Quick ratio" in line)
    assert "(current assets - inventory) / (current liabilities)" in quick
    assert "[inventory USD 1,500,000.00](#s-amount-inventory-2025-12-31)" in quick


async def test_filed_amount_leads_to_its_fact_in_the_filing() -> None:
    text = markdown(await memo(FILED))
    assert '<a id="s-amount-ebit-2025-12-31"></a>[USD 1,700,000.00](#' in section(
        text, "Appendix A: statements as spread"
    )
    assert "us-gaap:OperatingIncomeLoss f-OperatingIncomeLoss-d2025-12-31" in section(
        text, "Appendix C: sources"
    )


async def test_dissent_shows_both_sides_and_what_becomes_of_it() -> None:
    shown = section(markdown(await memo(FILED, OTHER)), "Dissent")
    assert "USD 1,700,000.00" in shown
    assert "USD 1,200,000.00" in shown
    assert "**Escalated: a person decides.**" in shown


async def test_weakness_that_nothing_answers_says_so() -> None:
    shown = section(markdown(await memo(WEAK)), "Weaknesses and mitigants")
    assert "Cash flow covers the debt service asked for with little room" in shown
    assert "**nothing answers it**" in shown


async def test_judgement_that_nobody_made_stands_under_what_is_unknown() -> None:
    text = markdown(await memo(FILED, SAID))
    assert "Does management's commentary fit the statements" in section(text, "What is unknown")
    assert section(text, "Judgements").strip() == "*None was made by a model.*"


async def test_company_without_statements_has_a_memo_that_says_what_is_lacking() -> None:
    text = markdown(await memo())
    assert "No ratio is known: no filing or statement of the company." in section(text, "Key figures")
    assert "no filing or statement of the company" in section(text, "What is unknown")


async def test_countersignatures_stand_under_the_memo() -> None:
    evidence = await memo_evidence(company_context(bureau(), FILED))
    signed = replace(
        evidence, signatures=(Signature("officer-1", "approve", "2026-03-03T09:00+00:00", "agreed"),)
    )
    assert "- **officer-1: approve**, 2026-03-03T09:00+00:00: agreed" in section(
        markdown(write(signed)), "Signatures"
    )


async def test_text_of_the_case_becomes_no_markup() -> None:
    evidence = await memo_evidence(company_context(bureau(), FILED))
    hostile = 'a|b <script>x</script> [link](http://x) #panic("x") "quoted" \\'
    spoiled = write(replace(evidence, title=hostile))
    text, set_by_typst = markdown(spoiled), source(spoiled)
    assert "<script>" not in text
    assert r"a\|b &lt;script&gt;x&lt;/script&gt; \[link\]" in text
    assert r'#text("a|b <script>x</script> [link](http://x) #panic(\"x\") \"quoted\" \\' in set_by_typst


async def test_same_case_gives_the_same_pdf_bytes_in_archival_form() -> None:
    pytest.importorskip("typst", reason="the documents extra is not installed")
    written = await memo(FILED, OTHER, SAID, late=1)
    first, second = pdf(written), pdf(written)
    assert first == second
    assert first.startswith(b"%PDF-1.7")
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A</pdfaid:conformance>", first)
