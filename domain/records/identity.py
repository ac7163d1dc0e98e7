"""Source records of who somebody is."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.identity import Identity, IdentityKind, Record


class IdentityDocument(Record):
    """A travel document as scanned: the machine-readable zone, line by line."""

    kind: Literal["identity_document"]
    party: str
    mrz: Annotated[str, Field(max_length=200), Identity(IdentityKind.DOCUMENT)]
    received_on: date
