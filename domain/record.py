"""Source records: evidence from systems of record, apart from the application; late, missing or contradictory."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Identity, IdentityKind, Record

Cents = Annotated[int, Field(ge=0, le=10**13)]


class PayStub(Record):
    """One pay period as the employer's payroll reports it."""

    kind: Literal["pay_stub"]
    party: str  # party:1 …
    period: Literal["weekly", "biweekly", "semimonthly", "monthly"]
    period_end: date
    gross_cents: Cents


class TaxReturn(Record):
    """Net self-employment income of one year as filed."""

    kind: Literal["tax_return"]
    party: str
    year: Annotated[int, Field(ge=1990, le=2100)]
    net_income_cents: Annotated[int, Field(ge=-(10**13), le=10**13)]
    depreciation_cents: Cents = 0


class Valuation(Record):
    """An appraisal or automated valuation of the property."""

    kind: Literal["valuation"]
    method: Literal["appraisal", "avm"]
    valued_on: date
    value_cents: Annotated[int, Field(gt=0, le=10**13)]
    confidence_bps: Annotated[int, Field(ge=0, le=10_000)] = 10_000
    flood_zone: bool = False


class MarketReport(Record):
    """House-price trend of the county."""

    kind: Literal["market_report"]
    area: str
    reported_on: date
    trend_bps: Annotated[int, Field(ge=-10_000, le=10_000)]  # change over twelve months


class BureauFile(Record):
    """A consumer report of one party."""

    kind: Literal["bureau_file"]
    party: str
    pulled_on: date
    score: Annotated[int, Field(ge=300, le=850)]
    monthly_debts_cents: Cents
    delinquencies_24m: Annotated[int, Field(ge=0, le=999)]
    bankruptcies_7y: Annotated[int, Field(ge=0, le=99)] = 0


class IdentityDocument(Record):
    """A travel document as scanned: the machine-readable zone, line by line."""

    kind: Literal["identity_document"]
    party: str
    mrz: Annotated[str, Field(max_length=200), Identity(IdentityKind.DOCUMENT)]
    received_on: date


SourceRecord = Annotated[
    PayStub | TaxReturn | Valuation | MarketReport | BureauFile | IdentityDocument,
    Field(discriminator="kind"),
]
RECORD_KINDS = ("pay_stub", "tax_return", "valuation", "market_report", "bureau_file", "identity_document")
