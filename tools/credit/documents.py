"""Reads filings and statements as records carry them, and refuses at the door what cannot be read.

Owns the way from a record to a ``Document`` of the spread. Never keeps a document and never spreads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from domain.errors import BadInput
from domain.records.credit import FinancialFiling, FinancialStatement
from tools.credit.spread import Document
from tools.credit.statement import parse_statement
from tools.credit.xbrl import Contradiction, lines, parse_instance, unbalanced


@dataclass(frozen=True, slots=True)
class Read:
    """One document with what its reader noticed."""

    document: Document
    tax_number: str = ""  # of the filer, as filed
    contradictions: tuple[Contradiction, ...] = ()
    unbalanced: tuple[date, ...] = ()  # years beyond what rounding explains


def refuse_unreadable(record: BaseModel) -> None:
    """``BadInput`` with file, row, field and remedy for a document that tools could not read; others pass."""
    if isinstance(record, FinancialFiling):
        if not lines(parse_instance(record.document, record.file)):
            raise BadInput(
                "no account of the spread is reported in it", file=record.file, remedy="send an annual report"
            )
    elif isinstance(record, FinancialStatement):
        parse_statement(record.document, record.form, record.file)


def read_document(row: Mapping[str, Any], text: str) -> Read:
    """One record's row and the text that its token stands for.

    Raises:
        BadInput: the text cannot be read.
    """
    name = f"{row['kind']} {row['sha256'][:12]}"
    filed = date.fromisoformat(row["filed_on"])
    if row["kind"] == "financial_statement":
        read = parse_statement(text, row["form"], row["file"])
        return Read(Document(name, row["prepared"], filed, read))
    instance = parse_instance(text, row["file"])
    return Read(
        Document(name, row["prepared"], filed, lines(instance)),
        instance.tax_number,
        instance.contradictions,
        unbalanced(instance),
    )
