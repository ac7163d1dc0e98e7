"""The command that unwinds a case: preview it, start it."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

import typer

from api.cli.client import As, Json, ask, show
from domain.errors import BadInput
from domain.money import dollars


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(unwind)


def unwind(  # noqa: PLR0913, PLR0917 - each one is an option of the command
    case_id: str,
    reason: Annotated[
        str, typer.Option(help="code of the defect: wrong_document, consent_revoked, sanctions_hit, …")
    ] = "",
    evidence: Annotated[str, typer.Option(help="what shows it, in a sentence; approvers read it")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="show what it would do; nothing is done")
    ] = False,
    key: Annotated[str | None, typer.Option(help="idempotency key; default: from the content")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Take back what a case did, the last thing first, after a defect was found. Others countersign it.

    Example: countersign unwind CASE --preview --as underwriter-1; then countersign unwind CASE
    --reason wrong_document --evidence "The employer says it issued no such pay stub." --as underwriter-1.
    What cannot be taken back becomes a referral with the facts (countersign referrals).
    """
    if preview:
        found = ask("GET", f"/v1/cases/{case_id}/unwinding", who)
        show(found, as_json, _previewed(found))
        return
    if not reason or not evidence:
        missing = "reason" if not reason else "evidence"
        remedy = f"give --{missing}; --preview shows the reasons that the book knows"
        raise BadInput(f"--{missing} is missing", field=missing, remedy=remedy)
    headers = {"idempotency-key": key or sha256(f"{case_id} {reason} {evidence}".encode()).hexdigest()[:32]}
    body = {"reason": reason, "evidence": evidence}
    opened = ask("POST", f"/v1/cases/{case_id}/unwinding", who, body, headers)
    show(opened, as_json, _begun(opened, case_id))


def _begun(opened: dict[str, Any], case_id: str) -> str:
    if opened["status"] in ("closed", "referred"):
        ended = opened["outcome"] or opened["status"]
        return f"case {opened['id']} was opened by this report before and ended as {ended}; --key for another one"
    return f"case {opened['id']} unwinds {case_id}; its plan goes to countersignature (countersign inbox)"


def _previewed(found: dict[str, Any]) -> str:
    lines = [f"{n}. {_named(each)}: {_fate(each)}" for n, each in enumerate(found["steps"], 1)]
    for code, text in found["defects"].items():
        groups, many = found["countersigned_by"][code]
        lines.append(f"{code}: {text}; countersigned by {many} of {groups}")
    planned = {each["by"]["name"] for each in found["steps"] if each["by"]}
    alone = [name.replace("_", " ") for name in found["one_by_one"] if name in planned]
    lines += [f"countersigned by itself, after the plan: {', '.join(alone)}"] if alone else []
    lines += [f"unwound before or now by {', '.join(found['unwound_by'])}"] if found["unwound_by"] else []
    return "\n".join(lines)


def _named(step: dict[str, Any]) -> str:
    money = f", {dollars(step['cents'])}" if step["cents"] else ""
    shows = f" (shows as {step['shows']})" if step["shows"] else ""
    return f"{step['effect'].replace('_', ' ')} {step['receipt'] or 'without a receipt'}{money}{shows}"


def _fate(step: dict[str, Any]) -> str:
    match step["fate"]:
        case "undo":
            return f"taken back by {step['by']['name'].replace('_', ' ')}"
        case "undone":
            return "was taken back before"
        case _:
            return f"stays: {step['why']}"
