"""Commands on registers: register, review. Handing one in is ``countersign submit FILE --format lar``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from api.cli.client import As, Json, ask, show
from domain.errors import BadInput

SHOWN = 20  # notices in the text; --json has all


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("register")(written)
    app.command()(review)


def written(
    year: Annotated[int, typer.Argument(help="calendar year in which action was taken")],
    out: Annotated[Path | None, typer.Option(help="file to write; default: register_YEAR.txt")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Write the register of a year to a file. Example: countersign register 2026 --as compliance-1."""
    found = ask("GET", f"/v1/registers/{year}", who)
    file = out or Path(found["file"])
    try:
        file.write_text(found.pop("text"), encoding="utf-8", newline="")
    except OSError as error:
        remedy = "choose another file with --out"
        raise BadInput(f"it cannot be written: {error.strerror}", file=str(file), remedy=remedy) from error
    show(found | {"file": str(file)}, as_json, _told(found, file))


def _told(found: dict[str, Any], file: Path) -> Group:
    lines = [f"{file}: {found['rows']} rows of {found['year']}, SHA-256 {found['sha256']}"]
    lines += [f"no address in parts: {uli}" for uli in found["without_address"]]
    lines += [f"{each['edit']}, row {each['row']}: {each['text']}" for each in found["failed_edits"]]
    return Group(*lines)


def review(case_id: str, who: As = "", as_json: Json = False) -> None:
    """Show the review of a register: exceptions, owed notices, monitoring. Example: countersign review CASE."""
    found = ask("GET", f"/v1/cases/{case_id}/review", who)
    show(found, as_json, Group(_facts(found), _exceptions(found), _notices(found), _monitoring(found)))


def _facts(found: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, title=found["report"]["file"])
    for name, value in found["facts"].items():
        table.add_row(name.replace("_", " "), str(value))
    return table


def _exceptions(found: dict[str, Any]) -> Table:
    table = Table("exception", "kind", "rows", "first loan rows", "what has to hold")
    for each in found["exceptions"]:
        first = ", ".join(map(str, each["first_rows"]))
        table.add_row(each["code"], each["kind"], str(each["rows"]), first, each["text"])
    return table


def _notices(found: dict[str, Any]) -> Table:
    owed = found["notices"]
    table = Table("loan row", "due", "principal reasons", title=f"{len(owed)} adverse action notices owed")
    for each in owed[:SHOWN]:
        table.add_row(str(each["row"]), each["due"] or "open", "; ".join(r["text"] for r in each["reasons"]))
    if len(owed) > SHOWN:
        table.add_row("…", "", f"{len(owed) - SHOWN} more with --json")
    return table


def _monitoring(found: dict[str, Any]) -> Table:
    seen = found["report"]["monitoring"]
    table = Table(show_header=False, title=seen.get("label", "monitoring: nothing to compare"))
    for name, value in seen.items():
        if name != "label":
            table.add_row(name.replace("_", " "), str(value))
    return table
