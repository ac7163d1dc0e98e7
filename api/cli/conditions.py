"""Commands on the conditions of an approval: show them, ask to waive one."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from api.cli.client import As, Json, ask, show, whole

SHOW = "show"


class ShownByDefault(TyperGroup):
    """``conditions CASE`` shows the case's conditions, as ``conditions show CASE`` does."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``show`` in front of a case."""
        words = args or ["--help"]
        named = words[0] in self.commands or words[0] == "--help"
        return super().parse_args(ctx, words if named else [SHOW, *words])


conditions = typer.Typer(cls=ShownByDefault)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    about = "Conditions of an approval: show them (countersign conditions CASE), ask to waive one."
    app.add_typer(conditions, name="conditions", help=about)


@conditions.command(SHOW)
def shown(case_id: str, who: As = "", as_json: Json = False) -> None:
    """Show the conditions, open, met and waived. Example: countersign conditions CASE --as advisor."""
    found = ask("GET", f"/v1/cases/{case_id}/conditions", who)
    table = Table(whole("condition"), "met by", "stands")
    for each in found:
        stage, needs = each["stage"].replace("_", " "), each["satisfied_by"].replace("_", " ")
        table.add_row(f"{each['code']}: {each['text']}\n{stage}", needs, _stands(each))
    show(found, as_json, table if found else "this case has no conditions")


@conditions.command("waive")
def waive(
    case_id: str,
    code: Annotated[str, typer.Argument(help="of the condition, as `countersign conditions CASE` shows it")],
    reason_code: Annotated[str, typer.Option(help="one of the book's reasons for a waiver")],
    reason: Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Ask to waive a condition; others countersign it (countersign inbox, packet, decide).

    Example: countersign conditions waive CASE reserves --reason-code compensating_factors --reason "…".
    """
    body = {"reason_code": reason_code, "reason": reason}
    asked = ask("POST", f"/v1/cases/{case_id}/conditions/{code}/waive", who, body)
    show(asked, as_json, f"{asked['id']} waits for {' or '.join(asked['candidate_groups'])}")


def _stands(condition: dict[str, Any]) -> str:
    if not condition["met_at"]:
        return f"open, due {condition['due_at'][:10]}"
    ended = "waived" if condition["waived"] else "met"
    return f"{ended} {condition['met_at'][:10]} by {condition['met_by']}"
