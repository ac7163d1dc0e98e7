"""Source records of who somebody is."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Identity, IdentityKind, Record


class IdentityDocument(Record):
    """A travel document as scanned: the machine-readable zone, line by line, and what the page says beside it."""

    kind: Literal["identity_document"]
    party: str
    mrz: Annotated[str, Field(max_length=200), Identity(IdentityKind.DOCUMENT)]
    received_on: date
    page_number: Annotated[str | None, Field(max_length=40), Identity(IdentityKind.DOCUMENT)] = None
    page_sex: Literal["M", "F", "X"] | None = None  # as printed, where it was read
