"""Commands for documents of a case: dossier, memo, letter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.client import As, fetch, show
from api.cli.drawing import Document
from domain.errors import BadInput

Out = Annotated[Path | None, typer.Option("--out", help="write it to this file instead of the screen")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="write it to this file as PDF/A")]
Notice = Annotated[str, typer.Option("--notice", help="adverse_action, approval or amendment_confirmation")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(dossier)
    app.command()(memo)
    app.command()(letter)


def dossier(case_id: str, out: Out = None, pdf: Pdf = None, who: As = "") -> None:
    """Show the dossier of a case. Example: countersign dossier CASE --pdf case.pdf --as auditor."""
    _give(f"/v1/cases/{case_id}/dossier", out, pdf, who)


def memo(case_id: str, out: Out = None, pdf: Pdf = None, who: As = "") -> None:
    """Show the credit memo of a case. Example: countersign memo CASE --pdf memo.pdf --as credit-officer-1."""
    _give(f"/v1/cases/{case_id}/memo", out, pdf, who)


def letter(
    case_id: str, notice: Notice = "adverse_action", out: Out = None, pdf: Pdf = None, who: As = ""
) -> None:
    """Show a notice as the applicant's letter. Example: countersign letter CASE --notice approval --as advisor."""
    _give(f"/v1/cases/{case_id}/notices/{notice}", out, pdf, who)


def _give(path: str, out: Path | None, pdf: Path | None, who: str) -> None:
    """To the files that were named, or to the screen."""
    if pdf is not None:
        keep(pdf, fetch(path, who, "application/pdf"))
    if out is not None:
        keep(out, fetch(path, who))
    if pdf is None and out is None:
        show(None, as_json=False, text=Document(fetch(path, who).decode("utf-8")))


def keep(out: Path, content: bytes) -> None:
    """Write a document to a file and say so; ``BadInput`` when it cannot be written."""
    write(out, content)
    show(None, as_json=False, text=f"{out}: {len(content)} bytes")


def write(out: Path, content: bytes) -> None:
    """Write a file; ``BadInput`` when it cannot be written."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(
            f"it cannot be written: {error.strerror}", file=str(out), remedy="check the path"
        ) from error
