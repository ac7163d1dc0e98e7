"""Commands on models: what their specialists may bring about, and whether they are still what was approved."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, show, whole
from domain.autonomy import Level

Specialist = Annotated[str, typer.Argument(help="e.g. bureau_analyst; `countersign model levels` lists them")]
Workflow = Annotated[str, typer.Argument(help="kind of case, e.g. loan_amendment")]
To = Annotated[Level, typer.Argument(help="from most to least: act, sampled, advise, shadow")]
Reason = Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")]
model = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    about = "Is the model still the one we approved: levels of autonomy, drift, golden sets, fair lending."
    app.add_typer(model, name="model", help=about)


@model.command()
def levels(who: As = "", as_json: Json = False) -> None:
    """What each specialist may bring about in each workflow. Example: countersign model levels --as auditor."""
    found = ask("GET", "/v1/models/levels", who)
    table = Table("workflow", whole("specialist"), "level", "the book's", "since, by whom and why")
    for each in found:
        moved = each["moved"] or {}
        why = f"{moved['since'][:16].replace('T', ' ')} {moved['by']}: {moved['reason']}" if moved else ""
        table.add_row(each["workflow"], each["specialist"], each["level"], each["book"], why)
    show(found, as_json, table)


@model.command()
def lower(
    specialist: Specialist, workflow: Workflow, to: To, reason: Reason, who: As = "", as_json: Json = False
) -> None:
    """Take autonomy away, at once and in every process.

    Example: countersign model lower bureau_analyst loan_amendment advise --reason "…" --as model-risk.
    """
    body = {"specialist": specialist, "workflow": workflow, "level": to.value, "reason": reason}
    ask("POST", "/v1/models/lower", who, body)
    show(body, as_json, f"{specialist} in {workflow} stands at {to.value} now")


@model.command("raise")
def raise_level(
    specialist: Specialist, workflow: Workflow, to: To, reason: Reason, who: As = "", as_json: Json = False
) -> None:
    """Ask to give autonomy back; another person countersigns it (countersign inbox, packet, decide).

    Example: countersign model raise bureau_analyst loan_amendment act --reason "…" --as model-risk.
    """
    body = {"specialist": specialist, "workflow": workflow, "level": to.value, "reason": reason}
    case = ask("POST", "/v1/models/raise", who, body)
    show(case, as_json, f"{case['id']} waits for another person's countersignature")
