"""Every specialist, on one screen. To add one: its module, its prompt and a line here."""

from __future__ import annotations

from agents.contract import Specialist
from agents.credit import bureau_analyst, credit_rater, memo_writer, ratio_analyst, statement_spreader
from agents.kyc import document_verifier, filing_preparer, risk_rater, sanctions_screener, ubo_tracer
from agents.mortgage import (
    collateral_assessor,
    income_verifier,
    market_analyst,
    pricing_analyst,
    repayment_assessor,
)
from tools.catalog import TOOLS

ROSTER: dict[str, Specialist] = {
    "document_verifier": document_verifier.SPECIALIST,
    "sanctions_screener": sanctions_screener.SPECIALIST,
    "ubo_tracer": ubo_tracer.SPECIALIST,
    "risk_rater": risk_rater.SPECIALIST,
    "filing_preparer": filing_preparer.SPECIALIST,
    "bureau_analyst": bureau_analyst.SPECIALIST,
    "statement_spreader": statement_spreader.SPECIALIST,
    "ratio_analyst": ratio_analyst.SPECIALIST,
    "credit_rater": credit_rater.SPECIALIST,
    "memo_writer": memo_writer.SPECIALIST,
    "income_verifier": income_verifier.SPECIALIST,
    "collateral_assessor": collateral_assessor.SPECIALIST,
    "market_analyst": market_analyst.SPECIALIST,
    "pricing_analyst": pricing_analyst.SPECIALIST,
    "repayment_assessor": repayment_assessor.SPECIALIST,
}


def rows_read_by(each: Specialist) -> frozenset[str]:
    """The parameters of the book that a specialist's work may rest on: its own limits, and what its tools read."""
    return frozenset(each.limits).union(*(TOOLS[tool].parameters for tool in each.tools))
