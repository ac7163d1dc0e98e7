"""Commands on the record itself: verify, export, verifier, reconcile. Exit code 1 when it does not hold."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, fetch, show
from api.cli.documents import write
from audit.archive import verifier_source
from domain.errors import Conflict


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (verify, export, verifier, reconcile):
        app.command()(command)


def verify(
    case_id: Annotated[str | None, typer.Argument(help="a case; default: the whole record")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Verify a case, or everything: chains, stamps, anchors, signed roots. Exit code 1 when something does not hold.

    Example: countersign verify CASE --as auditor, or countersign verify --as auditor for everything.
    """
    if case_id is None:
        _everything(ask("GET", "/v1/record/verification", who), as_json)
        return
    found = ask("GET", f"/v1/cases/{case_id}/verification", who)
    _require(found, as_json, f"the record of {case_id} does not verify: {found['reason']}")
    still = f"; {len(found['open'])} rows of work under way have no stamp yet" if found["open"] else ""
    show(
        found,
        as_json,
        f"{found['events']} events, every link verified; {found['rows']} rows in other stores as the ledger says; "
        f"anchored up to event {found['anchored']} under a signed root{still}",
    )


def export(
    case_id: str,
    out: Annotated[Path | None, typer.Option("--out", help="file to write; default: CASE.tar")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Write the record of a case to one archive that anybody can verify.

    Example: countersign export CASE --as auditor. Verify it where this system is not: tar -xf CASE.tar verify.py,
    then python verify.py CASE.tar --key KEY.
    """
    content = fetch(f"/v1/cases/{case_id}/export", who, "application/x-tar")
    file = out or Path(f"{case_id}.tar")
    write(file, content)
    key = ask("GET", "/v1/record/key", who)["key"]
    made = {"file": str(file), "bytes": len(content), "sha256": sha256(content).hexdigest(), "key": key}
    made["verifier_sha256"] = sha256(verifier_source()).hexdigest()
    show(
        made,
        as_json,
        f"{file}: {made['bytes']} bytes, SHA-256 {made['sha256']}\n"
        f"verify.py inside: SHA-256 {made['verifier_sha256']}",
    )
    if not as_json:  # on one line each, however wide the screen is: they are copied
        typer.echo(f"tar -xf {file} verify.py\npython verify.py {file} --key '{key}'")


def verifier(who: As = "", as_json: Json = False) -> None:
    """Print the key that the record is signed with. Keep it outside; `verify.py` of an export asks for it.

    Example: countersign verifier --as auditor > bank.verifier
    """
    found = ask("GET", "/v1/record/key", who)
    if as_json:
        show(found, as_json)
    else:
        typer.echo(found["key"])


def reconcile(
    case_id: Annotated[str | None, typer.Argument(help="a case; default: all of them")] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Compare checkpoints, ledger, journal, approvals, effects and the system of record. Exit code 1 with findings.

    Effects are looked at where they were done. Example: countersign reconcile --as auditor.
    """
    where = "/v1/record/reconciliation" if case_id is None else f"/v1/cases/{case_id}/reconciliation"
    found = ask("GET", where, who)
    table = Table("case", "between", "what", "remedy")
    for each in found["unexplained"]:
        table.add_row(each["case"], each["between"], each["what"], each["remedy"])
    told = f"{found['cases']} cases, {len(found['compared'])} comparisons each: everything is explained"
    show(found, as_json, table if found["found"] else told)
    if found["found"]:
        raise Conflict(f"{found['found']} findings", remedy="the table says what to do about each")


def _everything(found: dict[str, Any], as_json: bool) -> None:
    first = next(iter(found["flaws"]), {"stream": "", "where": "", "reason": ""})
    told = f"{first['stream']} {first['where']}: {first['reason']}".strip()
    _require(found, as_json, f"{found['found']} flaws; the first: {told}")
    show(
        found,
        as_json,
        f"{found['streams']} streams, {found['events']} events, {found['rows']} rows, {found['leaves']} leaves "
        f"({found['signed']} under {found['notes']} signed roots): all verified",
    )


def _require(found: dict[str, Any], as_json: bool, message: str) -> None:
    if found["verified"]:
        return
    if as_json:
        show(found, as_json)
    raise Conflict(message)
