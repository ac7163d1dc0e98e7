"""Source records of a company's credit: filings, statements and what its management says about them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from domain.identity import Identity, IdentityKind, Prose, Record

FileName = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f]{1,200}$")]
Document = Annotated[str, Field(min_length=1, max_length=20_000_000), Identity(IdentityKind.DOCUMENT)]
Prepared = Literal["audited", "reviewed", "compiled", "internal"]


class _Filed(Record):
    """A document kept whole: its text goes to the vault, its SHA-256 stands in the record."""

    model_config = ConfigDict(str_strip_whitespace=False)  # the digest is over every byte

    file: FileName
    filed_on: date  # decides which of two documents of one year is the later one
    sha256: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$")
    ]  # of the document in UTF-8; filled in when left out
    document: Document

    @model_validator(mode="before")
    @classmethod
    def _digested(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not isinstance(given.get("document"), str):
            return given
        digest = hashlib.sha256(given["document"].encode("utf-8", "surrogatepass")).hexdigest()
        if given.get("sha256", digest) != digest:
            raise ValueError("sha256 is not that of the document")
        return {**given, "sha256": digest}


class FinancialFiling(_Filed):
    """An annual report as an SEC XBRL instance."""

    kind: Literal["financial_filing"]
    prepared: Prepared = "audited"


class FinancialStatement(_Filed):
    """Annual statements as lines of fiscal year end, account and amount."""

    kind: Literal["financial_statement"]
    form: Literal["csv", "json"]
    prepared: Prepared


class ManagementCommentary(Record):
    """What management says about its figures: a statement to be judged, not evidence of a figure."""

    kind: Literal["management_commentary"]
    received_on: date
    text: Annotated[str, Field(min_length=1, max_length=8_000), Prose()]
