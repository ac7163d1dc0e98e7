"""Commands of the time machine: history, show, fork."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from api.cli.client import As, Json, ask, pair
from api.cli.client import show as put
from api.cli.drawing import Document

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
    put(found, as_json, _told(found))


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
    body = {"at": at, "set": dict(pair(each) for each in changes)}
    found = ask("POST", f"/v1/cases/{case_id}/forks", who, body)
    put(found, as_json, f"simulation {found['id']}; follow it with `countersign history {found['id']}`")


def _told(found: dict[str, Any]) -> Group:
    facts = Table("fact", "value", "source", title=found["moment"]["done"])
    for name, known in sorted(found["facts"].items()):
        facts.add_row(name, str(known["value"]), known["source"])
    lines = [f"{job}: {each['conclusion']}" for job, each in found["findings"].items()]
    lines += [
        f"Party found: {each['reference']} ({each['role']}, by {each['found_by']}): {each['reason']}"
        for each in found["parties"]
    ]
    lines += [
        f"Before that {each['finding']['specialist']} said: {each['finding']['conclusion']}"
        for each in found["superseded"]
    ]
    lines += [f"Not known: {gap['detail']}" for gap in found["gaps"]]
    if found["decision"]:
        decided = found["decision"]
        lines.append(f"Policy: {decided['outcome']} (rows {', '.join(decided['rows_hit'])})")
    lines += [f"Next: {each}" for each in found["moment"]["next"]]
    if found["halted"]:
        lines.append(f"Stands still: {found['halted']['target']} is halted: {found['halted']['reason']}")
    return Group(facts, *(Text(line) for line in lines), *_asked(found["waiting_for"] or {}))


def _asked(waiting_for: dict[str, Any]) -> list[Document]:
    """The evidence packet, if a person was asked."""
    return [Document(each["description"]) for each in waiting_for.get("action_requests", ())[:1]]
