"""The command on registers: review. Handing one in is ``countersign submit FILE --format lar``."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Group
from rich.table import Table

from api.cli.client import As, Json, ask, show

SHOWN = 20  # notices in the text; --json has all


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(review)


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
