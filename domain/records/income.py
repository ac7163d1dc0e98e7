"""Source records of what people earn, from whom and since when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.identity import Identity, IdentityKind, Record
from domain.records.amounts import Cents

EmployerName = Annotated[str, Field(min_length=2, max_length=200)]
Employer = Annotated[EmployerName, Identity(IdentityKind.EMPLOYER)]
Year = Annotated[int, Field(ge=1990, le=2100)]
RentalReference = Annotated[str, Field(pattern="^rental:[1-9][0-9]?$")]  # rental:1 …, never an address


class PayStub(Record):
    """One pay period as the employer's payroll reports it; for the retired, one pension payment."""

    kind: Literal["pay_stub"]
    party: str  # party:1 …
    employer: Annotated[EmployerName | None, Identity(IdentityKind.EMPLOYER)] = None
    period: Literal["weekly", "biweekly", "semimonthly", "monthly"]
    period_end: date
    gross_cents: Cents  # all of it; base pay is what the three below leave
    overtime_cents: Cents = 0
    bonus_cents: Cents = 0
    commission_cents: Cents = 0
    ytd_gross_cents: Cents | None = None  # since 1 January or since the start of the employment

    @model_validator(mode="after")
    def _parts_of_the_whole(self) -> PayStub:
        if self.overtime_cents + self.bonus_cents + self.commission_cents > self.gross_cents:
            raise PydanticCustomError(
                "impossible", "overtime, bonus and commission together are above gross_cents"
            )
        return self


class WageStatement(Record):
    """Wages of one year by one employer, as on Form W-2 (box 5)."""

    kind: Literal["wage_statement"]
    party: str
    employer: Employer
    year: Year
    wages_cents: Cents


class VariablePayYear(Record):
    """Pay beside base pay in one full calendar year."""

    year: Year
    overtime_cents: Cents = 0
    bonus_cents: Cents = 0
    commission_cents: Cents = 0


class EmploymentRecord(Record):
    """One employment as the employer verified it (Form 1005)."""

    kind: Literal["employment_record"]
    party: str
    employer: Employer
    started_on: date
    ended_on: date | None = None
    verified_on: date
    variable_pay: Annotated[tuple[VariablePayYear, ...], Field(max_length=10)] = ()
    variable_pay_continues: Literal["likely", "unlikely", "not_stated"] = "not_stated"

    @model_validator(mode="after")
    def _in_order(self) -> EmploymentRecord:
        if self.ended_on is not None and self.ended_on < self.started_on:
            raise PydanticCustomError("impossible", "ended_on is before started_on")
        if len({each.year for each in self.variable_pay}) < len(self.variable_pay):
            raise PydanticCustomError("impossible", "variable_pay has a year twice")
        return self


class TaxReturn(Record):
    """Net self-employment income of one year as filed, with what is added back and taken out."""

    kind: Literal["tax_return"]
    party: str
    year: Year
    net_income_cents: Annotated[int, Field(ge=-(10**13), le=10**13)]
    depreciation_cents: Cents = 0
    depletion_cents: Cents = 0
    amortization_cents: Cents = 0  # and casualty loss
    home_office_cents: Cents = 0  # business use of home
    nonrecurring_income_cents: Cents = 0  # other income that will not come again: taken out
    wages_cents: Cents | None = None  # line 1a of the return, if the filer also had wages


class Lease(Record):
    """A lease of a property that a party owns and lets."""

    kind: Literal["lease"]
    party: str
    property: RentalReference
    monthly_rent_cents: Cents
    starts_on: date
    ends_on: date | None = None  # none: month to month

    @model_validator(mode="after")
    def _in_order(self) -> Lease:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise PydanticCustomError("impossible", "ends_on is before starts_on")
        return self


class RentalSchedule(Record):
    """One let property in one year's return, as on Schedule E."""

    kind: Literal["rental_schedule"]
    party: str
    property: RentalReference
    year: Year
    months_rented: Annotated[int, Field(ge=1, le=12)]
    rents_cents: Cents
    expenses_cents: Cents  # all of them
    addbacks_cents: Cents = 0  # of those: depreciation, mortgage interest, taxes, insurance, dues

    @model_validator(mode="after")
    def _part_of_the_whole(self) -> RentalSchedule:
        if self.addbacks_cents > self.expenses_cents:
            raise PydanticCustomError("impossible", "addbacks_cents is above expenses_cents")
        return self
