"""Source records of what customers do: cash over the counter, and alerts of transaction monitoring."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.identity import Identity, IdentityKind, Prose, Record

Amount = Annotated[int, Field(gt=0, le=10**13)]  # cents
Branch = Annotated[str, Field(pattern="^[A-Z0-9-]{2,12}$")]
Basis = Literal["structuring", "money_laundering", "no_lawful_purpose", "insider_abuse", "fraud", "other"]


class CashTransaction(Record):
    """Currency that was paid in or out by or on behalf of a party."""

    kind: Literal["cash_transaction"]
    party: str
    booked_on: date  # business day
    direction: Literal["in", "out"]
    amount_cents: Amount
    branch: Branch | None = None


class ActivityAlert(Record):
    """Activity that monitoring or a member of staff reported; whether it is reportable is open."""

    kind: Literal["activity_alert"]
    reference: Annotated[str, Field(pattern="^[A-Z0-9-]{3,20}$")]  # of the alert
    party: str | None = None  # the suspect; none while nobody is identified
    basis: Basis
    detected_on: date  # the day on which the facts were first known
    first_on: date  # of the activity
    last_on: date
    amount_cents: Amount  # in total
    instrument: Literal["currency", "wire", "ach", "cheque", "card", "other"]
    branch: Branch | None = None
    account: Annotated[str | None, Field(max_length=34), Identity(IdentityKind.ACCOUNT_NUMBER)] = None
    observed: Annotated[str, Field(min_length=10, max_length=4000), Prose()]  # what happened, and how

    @model_validator(mode="after")
    def _in_order(self) -> ActivityAlert:
        """Activity begins before it ends, and ends before it is detected."""
        if not self.first_on <= self.last_on <= self.detected_on:
            raise ValueError("first_on, last_on and detected_on are not in order")
        return self
