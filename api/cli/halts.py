"""Commands of the kill switch: halt, resume, halts."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, show, whole

Reason = Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")]
Target = Annotated[
    str,
    typer.Argument(
        help="everything, kind:home_loan, case:ID, specialist:JOB, tool:NAME, model:NAME, effect:NAME"
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (halt, resume, halts):
        app.command()(command)


def halt(target: Target, reason: Reason, who: As = "", as_json: Json = False) -> None:
    """Stop a target before the next call, in every process. Example: countersign halt tool:screen_party --reason …."""
    ask("POST", "/v1/halts", who, {"target": target, "reason": reason})
    show({"target": target, "halted": True}, as_json, f"{target} is halted")


def resume(target: Target, reason: Reason, who: As = "", as_json: Json = False) -> None:
    """Let a target go on; another person than the one who halted it. What stood still is woken."""
    ask("POST", "/v1/halts/resume", who, {"target": target, "reason": reason})
    show({"target": target, "halted": False}, as_json, f"{target} goes on")


def halts(who: As = "", as_json: Json = False) -> None:
    """What is halted, by whom, since when and why."""
    found = ask("GET", "/v1/halts", who)
    table = Table(whole("target"), "by", "since", "why")
    for each in found:
        table.add_row(each["target"], each["by"], each["at"][:16].replace("T", " "), each["reason"])
    show(found, as_json, table if found else "nothing is halted")
