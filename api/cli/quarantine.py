"""The command on texts that were kept from agents: quarantine."""

from __future__ import annotations

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, show


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(quarantine)


def quarantine(case_id: str, who: As = "", as_json: Json = False) -> None:
    """Show the texts that agents did not get, and why. Example: countersign quarantine CASE --as underwriter-1."""
    found = ask("GET", f"/v1/cases/{case_id}/quarantine", who)
    table = Table("place", "rule", "by", "original", title=f"{len(found)} texts kept from agents")
    for each in found:
        by = f"{each['guardrail']} {each['version']}"
        table.add_row(each["place"], each["rule"], by, each["text"] or "in the vault, as identity")
    show(found, as_json, table if found else "no text was kept from agents")
