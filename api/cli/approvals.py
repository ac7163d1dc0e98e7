"""Commands of approvers: inbox, packet, claim, release, decide; of those who look afterwards: sampled, reviewed."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, pair, show, whole
from api.cli.drawing import Document
from domain.decision import Verb


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (inbox, packet, claim, release, decide, sampled, reviewed):
        app.command()(command)


def inbox(who: As = "", as_json: Json = False) -> None:
    """What waits for your decision, most urgent first."""
    found = ask("GET", "/v1/approvals", who)
    table = Table(whole("request"), "what is asked", "of")
    for each in found:
        needed = f"{each['quorum']} of {', '.join(each['candidate_groups'])}"
        held = f"\nheld by {each['claimed_by']}" if each["claimed_by"] else ""
        due = each["due_at"][:16].replace("T", " ")
        table.add_row(f"{each['id']}\ndue {due}{held}", each["asked"], needed)
    show(found, as_json, table if found else "nothing waits for your decision")


def packet(approval_id: str, who: As = "", as_json: Json = False) -> None:
    """Read a request with its evidence before you sign: exceptions first, figures with sources."""
    found = ask("GET", f"/v1/approvals/{approval_id}", who)
    show(found, as_json, Document(found["markdown"]))


def claim(approval_id: str, who: As = "", as_json: Json = False) -> None:
    """Take a request, so that nobody else decides it meanwhile."""
    show(ask("POST", f"/v1/approvals/{approval_id}/claim", who), as_json, "yours")


def release(approval_id: str, who: As = "", as_json: Json = False) -> None:
    """Give a request back."""
    show(ask("POST", f"/v1/approvals/{approval_id}/release", who), as_json, "released")


def decide(  # noqa: PLR0913, PLR0917 - each one is an option of the command
    approval_id: str,
    verb: Verb,
    reason: Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")],
    reason_code: Annotated[
        str | None, typer.Option(help="required for override; names the reason of a reject")
    ] = None,
    edits: Annotated[list[str] | None, typer.Option("--set", help="for edit: argument=value")] = None,
    digest: Annotated[
        str | None, typer.Option(help="of the version you read; default: the one there is now")
    ] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Decide. Example: countersign decide ID approve --reason "figures agree" --as underwriter-1."""
    seen = digest or ask("GET", f"/v1/approvals/{approval_id}", who)["request"]["digest"]
    body = {"verb": verb.value, "reason": reason, "digest": seen, "reason_code": reason_code}
    body["edits"] = dict(pair(each) for each in edits or ())
    found = ask("POST", f"/v1/approvals/{approval_id}/decide", who, body)
    show(found, as_json, f"{approval_id} is {found['status']}")


def sampled(who: As = "", as_json: Json = False) -> None:
    """What ran on standing authority and was sampled for a person to review later."""
    found = ask("GET", "/v1/standing-authority/sampled", who)
    table = Table("day", whole("case"), "boundary", "cents")
    for each in found:
        table.add_row(each["day"], each["case_id"], each["boundary"], str(each["amount_cents"]))
    show(found, as_json, table)


def reviewed(
    case_id: str,
    verdict: Annotated[Literal["agreed", "disagreed"], typer.Argument(help="what you say of it")],
    reason: Annotated[str, typer.Option(help="why, in a sentence; it stands in the ledger")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Say what you found when you looked at a sampled use; it undoes nothing, and drift counts it.

    Example: countersign reviewed CASE agreed --reason "…" --as auditor.
    """
    body = {"verdict": verdict, "reason": reason}
    ask("POST", f"/v1/cases/{case_id}/sampled-review", who, body)
    show(body | {"case_id": case_id}, as_json, f"{case_id}: you {verdict}")
