"""Commands of the time machine: history, show, fork."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.client import As, Json, ask
from api.cli.client import show as put
from domain.errors import BadInput

At = Annotated[int, typer.Option("--at", help="number of the moment, see `countersign history`")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (history, show, fork):
        app.command()(command)


def history(case_id: str, who: As = "", as_json: Json = False) -> None:
    """List the moments of a case in plain words."""
    found = ask("GET", f"/v1/cases/{case_id}/moments", who)
    table = Table("at", "what had just happened", "next", "when")
    for each in found:
        table.add_row(str(each["number"]), each["done"], ", ".join(each["next"]), each["at"][:19])
    put(found, as_json, table)


def show(case_id: str, at: At, who: As = "", as_json: Json = False) -> None:
    """Show what was known at one moment. Example: countersign show CASE --at 5 --as auditor."""
    found = ask("GET", f"/v1/cases/{case_id}/moments/{at}", who)
    table = Table("fact", "value", "source", title=found["moment"]["done"])
    for name, known in sorted(found["facts"].items()):
        table.add_row(name, str(known["value"]), known["source"])
    put(found, as_json, table)


def fork(
    case_id: str,
    at: At,
    changes: Annotated[list[str], typer.Option("--set", help="fact=value; may be given several times")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """What if? Example: countersign fork CASE --at 9 --set credit_score=580 --as auditor.

    Makes a copy marked simulation, with effects impossible; the original never moves.
    """
    body = {"at": at, "set": dict(_pair(each) for each in changes)}
    found = ask("POST", f"/v1/cases/{case_id}/forks", who, body)
    put(found, as_json, f"simulation {found['id']}; follow it with `countersign history {found['id']}`")


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadInput(f"{text!r} is no change", field="set", remedy="write fact=value")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
