"""Commands of the queues of referrals and of incidents: read them, settle one."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, show, whole
from domain.referral import Settlement


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(referrals)
    app.command()(settle)
    app.command()(incidents)


def referrals(who: As = "", as_json: Json = False) -> None:
    """Cases that left the automatic path and are yours to settle, most urgent first."""
    found = ask("GET", "/v1/referrals", who)
    table = Table(whole("case"), "what it needs", "of")
    for each in found:
        due = each["due_at"][:16].replace("T", " ")
        needs = "; ".join(each["missing"]) or "see the dossier"
        table.add_row(f"{each['case_id']}\ndue {due}", needs, ", ".join(each["owners"]))
    show(found, as_json, table if found else "no referral is yours to settle")


def settle(
    case_id: str,
    settled_as: Annotated[Settlement, typer.Argument(help="what became of it")],
    reason: Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Take a case off the queue. Example: countersign settle CASE decided_elsewhere --reason "by letter"."""
    ask("POST", f"/v1/referrals/{case_id}/settle", who, {"settled_as": settled_as, "reason": reason})
    show({"case_id": case_id, "settled_as": settled_as}, as_json, f"{case_id} is off the queue")


def incidents(
    settled: Annotated[str, typer.Option("--settle", help="the id of one that is dealt with")] = "",
    reason: Annotated[str, typer.Option(help="with --settle: what was done, in a sentence")] = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """What failed beside cases and is yours: golden sets, sweeps, given-up jobs, what was halted by itself.

    Example: countersign incidents --as sre; then countersign incidents --settle incident-… --reason "…".
    """
    if settled:
        ask("POST", f"/v1/incidents/{settled}/settle", who, {"reason": reason})
        show({"id": settled}, as_json, f"{settled} is off the queue")
        return
    found = ask("GET", "/v1/incidents", who)
    table = Table(whole("incident"), "what failed", "of")
    for each in found:
        due = each["due_at"][:16].replace("T", " ")
        often = f" ({each['times']} times)" if each["times"] > 1 else ""
        told = f"{each['kind'].replace('_', ' ')}: {each['subject']}{often}\n{each['what']}"
        table.add_row(f"{each['id']}\ndue {due}", told, ", ".join(each["owners"]))
    show(found, as_json, table if found else "no incident is yours to settle")
