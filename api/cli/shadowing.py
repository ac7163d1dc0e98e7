"""A candidate beside the live book on new cases: policy shadow start | list | show | stop."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Group
from rich.table import Table

from api.cli import changing
from api.cli import policy as books
from api.cli.changing import Reason
from api.cli.client import As, Json, ask, show, whole

shadow = typer.Typer(
    help="A candidate runs beside the live book on new cases, without influence; counts differ."
)
changing.policy.add_typer(shadow, name="shadow")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    changing.register(app)


@shadow.command("start")
def start(candidate: Path, reason: Reason, who: As = "", as_json: Json = False) -> None:
    """Let a candidate run beside the live book from now on.

    Example: countersign policy shadow start candidate.yaml --reason "…" --as risk-officer.
    """
    body = {"source": books.text_of(candidate), "reason": reason}
    found = ask("POST", "/v1/policy/shadows", who, body)
    show(
        found,
        as_json,
        f"{found['id']} runs beside the live book; see `countersign policy shadow show {found['id']}`",
    )


@shadow.command("list")
def listed(who: As = "", as_json: Json = False) -> None:
    """List shadows with their counts. Example: countersign policy shadow list --as auditor."""
    found = ask("GET", "/v1/policy/shadows", who)
    table = Table(whole("shadow"), whole("version"), "decisions", "otherwise", "runs")
    for each in found:
        runs = "no" if each["ended_at"] else "yes"
        table.add_row(each["id"], each["version"], str(each["decisions"]), str(each["otherwise"]), runs)
    show(found, as_json, table if found else "no shadow was started yet")


@shadow.command("show")
def shown(shadow_id: str, who: As = "", as_json: Json = False) -> None:
    """Show how a candidate would have decided new cases: counts by decision and by row, and which differ."""
    found = ask("GET", f"/v1/policy/shadows/{shadow_id}", who)
    turns = Table("live book", "candidate", "decisions")
    for each in found["turns"]:
        turns.add_row(each["live"], each["shadow"], str(each["decisions"]))
    lines = [
        f"{found['version']}: {found['otherwise']} of {found['decisions']} decisions otherwise, "
        f"{found['other_terms']} with other conditions, reasons or people, {found['not_compared']} not compared"
    ]
    lines += [f"row {each['row']} turned {each['decisions']}" for each in found["rows"]]
    lines += [f"{each['case_id']}: {each['live']} → {each['shadow']}" for each in found["differing"]]
    show(found, as_json, Group(turns, *lines))


@shadow.command("stop")
def stop(shadow_id: str, who: As = "", as_json: Json = False) -> None:
    """Let a shadow run no more; what it saw is kept. Example: countersign policy shadow stop ID --as risk-officer."""
    found = ask("POST", f"/v1/policy/shadows/{shadow_id}/stop", who)
    show(found, as_json, f"{shadow_id} runs no more")
