"""The command ``replay``: a case through the API, a history that was written down here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from api.cli.client import As, Json, about, ask, read_bytes, show
from domain.errors import BadInput
from graphs.time_machine import CaseRecord
from graphs.time_machine import replay as carried_out


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(replay)


def replay(
    case: Annotated[str, typer.Argument(help="id of a case, or a history file (*.json)")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Carry a case out again from its record. Example: countersign replay CASE --as auditor.

    In memory: no model and no tool is asked, no effect performed, nothing written. Every event of every assignment
    must come out as it is on record; else the first that does not is named. Exit code 1 when one does not.
    """
    found = _of_file(Path(case)) if case.endswith(".json") else ask("GET", f"/v1/cases/{case}/replay", who)
    show(found, as_json, _came(found))
    if not found["identical"]:
        raise typer.Exit(1)


def _of_file(file: Path) -> dict[str, Any]:
    """A history that was written down: replayed here, without a database."""
    with about(file):
        try:
            record = CaseRecord.model_validate_json(read_bytes(file))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            remedy = "write it again with `python -m evals.histories`"
            raise BadInput(f"it is no history: {first['msg']}", field=where, remedy=remedy) from error
        return asyncio.run(carried_out(record)).told()


def _came(found: dict[str, Any]) -> str:
    if not found["identical"]:
        return f"It diverges. {found['divergence']['message']}"
    return (
        f"Identical: {found['events']} events in {found['streams']} streams under {found['policy_version']}.\n"
        f"{found['answers']} answers came from the journal and {found['effects']} effects from the record; "
        "nothing was asked and nothing was performed."
    )
