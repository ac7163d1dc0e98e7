"""Source records: evidence from systems of record, apart from the application; late, missing or contradictory.

To add a kind: its class in the file of its desk, and a line in both registries here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.records.activity import ActivityAlert, CashTransaction
from domain.records.bureau import BureauFile
from domain.records.conditions import ConditionMet
from domain.records.credit import FinancialFiling, FinancialStatement, ManagementCommentary
from domain.records.identity import IdentityDocument
from domain.records.income import (
    EmploymentRecord,
    Lease,
    PayStub,
    RentalSchedule,
    TaxReturn,
    WageStatement,
)
from domain.records.ownership import OwnershipRecord
from domain.records.property import HousingCosts, MarketReport, PortfolioReport, TitleReport, Valuation

SourceRecord = Annotated[
    PayStub
    | WageStatement
    | EmploymentRecord
    | TaxReturn
    | Lease
    | RentalSchedule
    | Valuation
    | TitleReport
    | HousingCosts
    | MarketReport
    | PortfolioReport
    | BureauFile
    | IdentityDocument
    | OwnershipRecord
    | CashTransaction
    | ActivityAlert
    | FinancialFiling
    | FinancialStatement
    | ManagementCommentary
    | ConditionMet,
    Field(discriminator="kind"),
]
RECORD_KINDS = (
    "pay_stub",
    "wage_statement",
    "employment_record",
    "tax_return",
    "lease",
    "rental_schedule",
    "valuation",
    "title_report",
    "housing_costs",
    "market_report",
    "portfolio_report",
    "bureau_file",
    "identity_document",
    "ownership_record",
    "cash_transaction",
    "activity_alert",
    "financial_filing",
    "financial_statement",
    "management_commentary",
    "condition_met",
)
