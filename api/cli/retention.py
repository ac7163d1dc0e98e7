"""Commands of keeping and erasing: retention case | due | holds | hold | lift | ended | erase."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, show, whole

retention = typer.Typer(
    help="What keeps the records of cases, legal holds, and erasing what nothing keeps any more (two people)."
)
Reason = Annotated[str, typer.Option(help="why, in a sentence about nobody; it stands in the ledger")]
Target = Annotated[str, typer.Argument(help="everything, kind:home_loan or case:ID")]
Matter = Annotated[str, typer.Option(help="the bank's own name of the matter, e.g. LIT-2026-014")]
CarryOut = Annotated[
    bool, typer.Option("--carry-out", help="destroy the key that somebody else asked to destroy")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(retention, name="retention")


@retention.command("case")
def what_keeps(case_id: str, who: As = "", as_json: Json = False) -> None:
    """What keeps a case, for how long, by which law. Example: countersign retention case CASE --as records-1."""
    found = ask("GET", f"/v1/cases/{case_id}/retention", who)
    show(found, as_json, _told(found))


@retention.command("due")
def due(who: As = "", as_json: Json = False) -> None:
    """Cases that no duty keeps any more. Example: countersign retention due --as records-1."""
    found = ask("GET", "/v1/retention/due", who)
    table = Table(whole("case"), "kind", "ended", "erasable from", "held by", "asked by")
    for each in found:
        held = ", ".join(hold["matter"] for hold in each["holds"])
        row = (each["case"], each["kind"], each["ended"], each["erasable_from"], held, each["asked_by"] or "")
        table.add_row(*row)
    show(found, as_json, table if found else "every case is kept by a duty, or was erased")


@retention.command("holds")
def holds(who: As = "", as_json: Json = False) -> None:
    """Legal holds, those in force first."""
    found = ask("GET", "/v1/legal-holds", who)
    table = Table(whole("target"), "matter", "by", "since", "why", "lifted")
    for each in found:
        lifted = f"{each['lifted_at'][:10]} by {each['lifted_by']}" if each["lifted_at"] else ""
        table.add_row(each["target"], each["matter"], each["by"], each["at"][:10], each["reason"], lifted)
    show(found, as_json, table if found else "there are no legal holds")


@retention.command("hold")
def hold(target: Target, matter: Matter, reason: Reason, who: As = "", as_json: Json = False) -> None:
    """Let nothing of a target be erased for the sake of a matter.

    Example: countersign retention hold kind:home_loan --matter EXAM-2026-3 --reason "Examination" --as counsel-1.
    """
    body = {"target": target, "matter": matter, "reason": reason}
    ask("POST", "/v1/legal-holds", who, body)
    show(
        body | {"held": True},
        as_json,
        f"{matter} holds {target}: nothing of it is erased until the hold is lifted",
    )


@retention.command("lift")
def lift(target: Target, matter: Matter, reason: Reason, who: As = "", as_json: Json = False) -> None:
    """Lift a legal hold; another person than the one who placed it."""
    body = {"target": target, "matter": matter, "reason": reason}
    ask("POST", "/v1/legal-holds/lift", who, body)
    show(body | {"held": False}, as_json, f"{matter} holds {target} no more")


@retention.command("ended")
def ended(
    case_id: str,
    on: Annotated[str, typer.Option(help="the day, e.g. 2026-03-02")],
    reason: Reason,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Tell that the account of a case was closed or its loan repaid: periods that count from there begin."""
    found = ask("POST", f"/v1/cases/{case_id}/relationship-end", who, {"on": on, "reason": reason})
    show(found, as_json, _told(found))


@retention.command("erase")
def erase(
    case_id: str,
    reason: Annotated[str, typer.Option(help="why, in a sentence about nobody; needed to ask")] = "",
    carry_out: CarryOut = False,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Ask to erase a case; another person carries it out. Its key is destroyed for good; its record still verifies.

    Example: countersign retention erase CASE --reason "Every duty has run out" --as records-1, then
    countersign retention erase CASE --carry-out --as records-2.
    """
    if carry_out:
        done = ask("POST", f"/v1/cases/{case_id}/erasure/carry-out", who)
        gone = ", ".join(done["erased"])
        show(done, as_json, f"the key is destroyed: {gone} can be verified, and not be read, from now on")
        return
    found = ask("POST", f"/v1/cases/{case_id}/erasure", who, {"reason": reason})
    show(found, as_json, f"asked; another person: countersign retention erase {case_id} --carry-out")


def _told(found: dict[str, Any]) -> Table:
    table = Table("record class", "until", "row", "because", "source", title=_headline(found))
    for each in found["classes"]:
        until = each["until"] or "kept on"
        table.add_row(each["keeps"], until, each["row"] or "", each["because"], each["source"] or "")
    for each in found["holds"]:
        table.add_row("everything", "held", each["matter"], f"legal hold on {each['target']}", each["reason"])
    return table


def _headline(found: dict[str, Any]) -> str:
    if found["erased_at"]:
        return f"{found['case']} was erased on {found['erased_at'][:10]} by {found['erased_by']}"
    if not found["ended"]:
        return f"{found['case']} has not ended"
    day = found["erasable_from"]
    asked = f"; {found['asked_by']} asked to erase it" if found["asked_by"] else ""
    return f"{found['case']} ended on {found['ended']}; {f'erasable from {day}' if day else 'kept on'}{asked}"
