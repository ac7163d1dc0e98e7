"""Changes of policy as governed cases: policy propose | publish | rollback | proposals | versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli import simulating
from api.cli.client import As, Json, ask, show, whole
from api.cli.drawing import Document
from api.cli.simulating import ExamplesFile, Monitoring, On, question
from domain.errors import Conflict

policy = simulating.policy
Reason = Annotated[str, typer.Option("--reason", help="why, in a sentence; it stands in the ledger")]
Acknowledge = Annotated[
    str | None,
    typer.Option("--acknowledge", help="digest of the rows whose source is not primary, as simulated"),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    simulating.register(app)


@policy.command("propose")
def propose(  # noqa: PLR0913, PLR0917 - each one is an option of the command
    candidate: Path,
    reason: Reason,
    acknowledge: Acknowledge = None,
    on: On = None,
    monitoring: Monitoring = None,
    examples: ExamplesFile = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Propose that a candidate comes into force: it is simulated, and two other people sign it with the report.

    Rows whose source is not primary have to be acknowledged by the digest that `policy simulate` ends with.
    Example: countersign policy propose candidate.yaml --reason "…" --acknowledge DIGEST --as risk-officer.
    """
    body = question(candidate, on, monitoring, examples) | {"reason": reason, "acknowledges": acknowledge}
    _waits(ask("POST", "/v1/policy/proposals", who, body), as_json)


@policy.command("rollback")
def rollback(
    version: Annotated[str, typer.Argument(help="as `countersign policy versions KIND` shows it")],
    reason: Reason,
    acknowledge: Acknowledge = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Propose that an earlier version comes into force again; it is simulated and signed like every other.

    Example: countersign policy rollback home_loan@2026.1:d10d0bc5a3c0 --reason "…" --as risk-officer.
    """
    body = {"version": version, "reason": reason, "acknowledges": acknowledge}
    _waits(ask("POST", "/v1/policy/rollbacks", who, body), as_json)


@policy.command("publish")
def publish(
    case_id: Annotated[str, typer.Argument(help="of the proposal")],
    digest: Annotated[
        str | None, typer.Option(help="of the request as you read it; without it, it is shown")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="why, in a sentence; it stands in the ledger")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Sign a proposal. First without --digest: read candidate, report and digest; then with it, to sign exactly that.

    With the last signature that the book asks for it is in force, in every process, for new cases.
    Example: countersign policy publish CASE --digest DIGEST --reason "…" --as policy-owner-1.
    """
    item = _waiting(case_id, who)
    if digest is None or reason is None:
        found = ask("GET", f"/v1/approvals/{item['id']}", who)
        told = (
            f'{found["markdown"]}\n\nTo sign exactly this: --digest {found["request"]["digest"]} --reason "…"'
        )
        show(found, as_json, Document(told))
        return
    body = {"verb": "approve", "reason": reason, "digest": digest}
    found = ask("POST", f"/v1/approvals/{item['id']}/decide", who, body)
    signed = "signed; more signatures are needed" if found["status"] == "pending" else "signed by all"
    show(found, as_json, f"{item['id']}: {signed}")


@policy.command("proposals")
def proposals(who: As = "", as_json: Json = False) -> None:
    """List proposals with where they stand. Example: countersign policy proposals --as auditor."""
    found = ask("GET", "/v1/policy/proposals", who)
    table = Table(whole("case"), whole("version"), "by", "stands")
    for each in found:
        table.add_row(
            each["case_id"], each["version"], each["proposed_by"], each["outcome"] or each["status"]
        )
    show(found, as_json, table if found else "nothing was proposed yet")


@policy.command("versions")
def versions(kind: str, who: As = "", as_json: Json = False) -> None:
    """What came into force of a kind, newest first. Example: countersign policy versions home_loan --as auditor."""
    found = ask("GET", f"/v1/policy/kinds/{kind}/publications", who)
    table = Table("no.", whole("version"), "how", "why")
    for each in found:
        table.add_row(str(each["n"]), each["version"], each["action"], each["reason"])
    show(found, as_json, table)


def _waiting(case_id: str, who: str) -> dict[str, Any]:
    waiting: list[dict[str, Any]] = ask("GET", "/v1/approvals", who)
    for each in waiting:
        if each["case_id"] == case_id and each["boundary"] == "publish":
            return each
    raise Conflict(
        f"nothing of {case_id} waits for your signature",
        remedy="see `countersign policy proposals` and `inbox`",
    )


def _waits(case: dict[str, Any], as_json: bool) -> None:
    show(case, as_json, f"{case['id']} is open; who may sign finds it in `countersign inbox`")
