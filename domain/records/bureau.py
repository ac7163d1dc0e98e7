"""Source records of credit bureaus."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Record
from domain.records.amounts import Cents


class BureauFile(Record):
    """A consumer report of one party."""

    kind: Literal["bureau_file"]
    party: str
    pulled_on: date
    score: Annotated[int, Field(ge=300, le=850)]
    monthly_debts_cents: Cents
    delinquencies_24m: Annotated[int, Field(ge=0, le=999)]
    bankruptcies_7y: Annotated[int, Field(ge=0, le=99)] = 0
