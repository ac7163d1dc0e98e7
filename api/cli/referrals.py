"""Commands of the queue of referrals: read it, settle one."""

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
