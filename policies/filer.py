"""Who files the loan application register, as a book names it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator
from stdnum import lei

from domain.identity import Record

Text = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^|\n]+$")]


class Filer(Record):
    """The transmittal sheet's fields (12 CFR 1003.5(a)(3)) and how the bank's codes read in the register."""

    lei: str
    institution: Text
    contact_name: Text
    contact_telephone: Annotated[str, Field(pattern=r"^\d{3}-\d{3}-\d{4}$")]
    contact_email: Text
    street: Text
    city: Text
    state: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    zip_code: Annotated[str, Field(pattern=r"^\d{5}(-\d{4})?$")]
    agency_code: Annotated[str, Field(pattern="^[1-9]$")]
    tax_number: Annotated[str, Field(pattern=r"^\d{2}-\d{7}$")]
    partially_exempt: Literal[
        True
    ]  # 12 CFR 1003.3(d): loan costs, originator and points are not collected here
    score_model: Annotated[
        str, Field(pattern="^[1-9]$|^1[1-5]$")
    ]  # of the consumer reports that are relied on
    score_model_text: Annotated[str, Field(max_length=100)] = ""
    denials: dict[str, Annotated[str, Field(pattern="^[1-9]$")]]  # reason code of the book -> HMDA reason

    @field_validator("lei")
    @classmethod
    def _checked(cls, value: str) -> str:
        if not lei.is_valid(value):
            raise ValueError("this is no legal entity identifier: its check digits do not agree (ISO 17442)")
        return value

    def sheet(self) -> dict[str, str]:
        """The fields of the transmittal sheet under the names of the layout."""
        return {
            "inst_name": self.institution,
            "contact_name": self.contact_name,
            "contact_tel": self.contact_telephone,
            "contact_email": self.contact_email,
            "contact_street_address": self.street,
            "office_city": self.city,
            "office_state": self.state,
            "office_zip": self.zip_code,
            "federal_agency": self.agency_code,
            "tax_id": self.tax_number,
            "lei": self.lei,
        }
