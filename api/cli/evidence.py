"""Makes a source record of a file that is none by itself: a filing, a statement, a commentary.

Owns which fields each kind needs beside the text. Never looks into the text: the API reads and refuses it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from api.cli.client import read_bytes
from domain.errors import BadInput

FORMS = {".csv": "csv", ".json": "json"}


class Evidence(StrEnum):
    """Kinds of record whose file is the evidence itself."""

    FINANCIAL_FILING = "financial_filing"
    FINANCIAL_STATEMENT = "financial_statement"
    MANAGEMENT_COMMENTARY = "management_commentary"


def as_record(file: Path, kind: Evidence, dated: str | None, prepared: str | None) -> dict[str, Any]:
    """The record of one file; ``BadInput`` when it needs a date or an extension that says its form."""
    if dated is None:
        raise BadInput(
            f"a {kind} needs its date", file=str(file), field="dated", remedy="add --dated 2026-02-20"
        )
    try:
        text = read_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8 text", file=str(file), remedy="save the file as UTF-8") from error
    if kind is Evidence.MANAGEMENT_COMMENTARY:
        return {"kind": kind, "received_on": dated, "text": text}
    body = {"kind": kind, "file": file.name, "filed_on": dated, "document": text}
    if kind is Evidence.FINANCIAL_STATEMENT:
        body |= {"form": _form(file), "prepared": "internal"}
    return body | ({"prepared": prepared} if prepared else {})


def _form(file: Path) -> str:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise BadInput(
            "a statement is a .csv or .json file", file=str(file), remedy="give it the extension of its form"
        )
    return form
