"""Source records of what people earn."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record
from domain.records.amounts import Cents


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
