"""The chart of accounts that statements are spread to, and the SEC concepts that stand for each account.

Owns names, signs and what must be there. Never reads a document and never adds anything up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from domain.identity import Record

Timing = Literal["instant", "duration"]


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the spread.

    Args:
        code: as statements in CSV or JSON name it.
        label: for people.
        timing: a balance at a day, or a flow over a fiscal year.
        concepts: us-gaap concepts, first choice first; the parts of one choice are added up.
        required: no ratio set is complete without it; a CSV or JSON statement that lacks it is refused.
        signed: may be below zero (a loss, a deficit).
    """

    code: str
    label: str
    timing: Timing
    concepts: tuple[tuple[str, ...], ...]
    required: bool = False
    signed: bool = False


class Line(Record):
    """One amount of one document: the account, the fiscal year it belongs to, and where it stands."""

    account: str
    period_end: str  # ISO date of the fiscal year's last day
    cents: int
    where: str  # fact id, row or element of the document


def _one(*concepts: str) -> tuple[tuple[str, ...], ...]:
    return tuple((concept,) for concept in concepts)


ACCOUNTS: tuple[Account, ...] = (
    Account("cash", "Cash", "instant", _one("CashAndCashEquivalentsAtCarryingValue", "Cash")),
    Account("receivables", "Trade receivables", "instant", _one("AccountsReceivableNetCurrent")),
    Account("inventory", "Inventory", "instant", _one("InventoryNet")),
    Account("current_assets", "Current assets", "instant", _one("AssetsCurrent"), required=True),
    Account("goodwill", "Goodwill", "instant", _one("Goodwill")),
    Account(
        "intangibles",
        "Other intangible assets",
        "instant",
        (
            ("IntangibleAssetsNetExcludingGoodwill",),
            ("FiniteLivedIntangibleAssetsNet", "IndefiniteLivedIntangibleAssetsExcludingGoodwill"),
            ("FiniteLivedIntangibleAssetsNet",),
        ),
    ),
    Account("total_assets", "Total assets", "instant", _one("Assets"), required=True),
    Account(
        "short_term_debt",
        "Short-term borrowings",
        "instant",
        _one("ShortTermBorrowings", "CommercialPaper", "LineOfCredit"),
    ),
    Account(
        "current_maturities",
        "Current maturities of long-term debt",
        "instant",
        _one("LongTermDebtCurrent", "LongTermDebtAndCapitalLeaseObligationsCurrent"),
    ),
    Account(
        "current_liabilities", "Current liabilities", "instant", _one("LiabilitiesCurrent"), required=True
    ),
    Account(
        "long_term_debt",
        "Long-term debt, less current maturities",
        "instant",
        _one("LongTermDebtNoncurrent", "LongTermDebtAndCapitalLeaseObligations"),
    ),
    Account("total_liabilities", "Total liabilities", "instant", _one("Liabilities"), required=True),
    Account(
        "retained_earnings",
        "Retained earnings",
        "instant",
        _one("RetainedEarningsAccumulatedDeficit"),
        required=True,
        signed=True,
    ),
    Account(
        "equity",
        "Equity",
        "instant",
        _one(
            "StockholdersEquity",
            "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
            "MembersEquity",
        ),
        required=True,
        signed=True,
    ),
    Account(
        "revenue",
        "Revenue",
        "duration",
        _one("RevenueFromContractWithCustomerExcludingAssessedTax", "Revenues", "SalesRevenueNet"),
        required=True,
    ),
    Account(
        "ebit",
        "Operating income (EBIT)",
        "duration",
        _one("OperatingIncomeLoss"),
        required=True,
        signed=True,
    ),
    Account(
        "depreciation_amortization",
        "Depreciation and amortization",
        "duration",
        _one(
            "DepreciationDepletionAndAmortization",
            "DepreciationAmortizationAndAccretionNet",
            "DepreciationAndAmortization",
        ),
        required=True,
    ),
    Account(
        "interest_expense",
        "Interest expense",
        "duration",
        _one("InterestExpense", "InterestExpenseDebt", "InterestExpenseNonoperating"),
        required=True,
    ),
    Account(
        "income_tax",
        "Income tax",
        "duration",
        _one("IncomeTaxExpenseBenefit"),
        required=True,
        signed=True,
    ),
    Account(
        "net_income",
        "Net income",
        "duration",
        _one("NetIncomeLoss", "ProfitLoss"),
        required=True,
        signed=True,
    ),
    Account(
        "operating_cash_flow",
        "Cash flow from operations",
        "duration",
        _one("NetCashProvidedByUsedInOperatingActivities"),
        signed=True,
    ),
    Account(
        "capital_expenditure",
        "Capital expenditure",
        "duration",
        _one("PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets"),
        required=True,
    ),
    Account(
        "distributions",
        "Dividends and distributions",
        "duration",
        _one("PaymentsOfDividends", "PaymentsOfDividendsCommonStock"),
    ),
    Account(
        "debt_repaid",
        "Long-term debt repaid",
        "duration",
        _one("RepaymentsOfLongTermDebt", "RepaymentsOfDebt"),
    ),
)
BY_CODE: dict[str, Account] = {account.code: account for account in ACCOUNTS}
REQUIRED: tuple[str, ...] = tuple(account.code for account in ACCOUNTS if account.required)


def impossible(amounts: dict[str, int]) -> Iterable[tuple[str, str]]:
    """What cannot be true of one fiscal year, as ``(account, sentence)``; amounts in cents by account.

    Signs, parts that exceed their total, and a balance sheet that does not balance. Exact: documents that
    round must be checked with their own tolerance (``xbrl`` does).
    """
    for code, cents in amounts.items():
        if cents < 0 and not BY_CODE[code].signed:
            yield code, f"{BY_CODE[code].label.lower()} cannot be negative"
    for part, whole in _PARTS:
        named = [code for code in part if code in amounts]
        if named and whole in amounts and sum(amounts[code] for code in named) > amounts[whole]:
            yield named[0], f"{' and '.join(named)} exceed {whole}"
    if {"total_assets", "total_liabilities", "equity"} <= set(amounts):
        difference = amounts["total_assets"] - amounts["total_liabilities"] - amounts["equity"]
        if difference:
            yield "total_assets", f"the balance sheet does not balance: off by {difference} cents"


_PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("cash", "receivables", "inventory"), "current_assets"),
    (("current_assets", "goodwill", "intangibles"), "total_assets"),
    (("short_term_debt", "current_maturities"), "current_liabilities"),
    (("current_liabilities", "long_term_debt"), "total_liabilities"),
)
