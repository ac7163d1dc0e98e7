"""Commands on cases: submit, cases, case, record. They speak HTTP; the API decides what you may see."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer
from rich.table import Table

from api.cli.client import As, Json, about, ask, read_bytes, read_json, show, whole
from api.cli.evidence import Evidence, as_record
from api.mismo import parse_mismo
from domain.errors import BadInput

File = Annotated[Path, typer.Argument(help="a file, UTF-8")]
Key = Annotated[str | None, typer.Option(help="idempotency key; default: derived from the content")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (submit, cases, case, requests, record):
        app.command()(command)


def submit(
    file: File,
    form: Annotated[
        Literal["json", "mismo", "lar"],
        typer.Option("--format", help="json, mismo for a MISMO 3.4 (ULAD) message, lar for a HMDA register"),
    ] = "json",
    records: Annotated[Path | None, typer.Option(help="JSON list of source records")] = None,
    key: Key = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open a case. Example: countersign submit loan.json --as advisor.

    The JSON file holds one application, or {"application": {…}, "records": […]}. A MISMO 3.4 message becomes
    a home-loan application; its records come with --records, or later with `countersign record`.
    """
    content = read_bytes(file)
    headers = {"idempotency-key": key or sha256(content).hexdigest()[:32]}
    with about(file):
        if form == "lar":
            headers |= {"content-type": "text/plain", "x-file-name": quote(file.name, safe=" ")}
            opened = ask("POST", "/v1/registers", who, content, headers)
        else:
            body = _of_mismo(content, records) if form == "mismo" else _body(file, records)
            opened = ask("POST", "/v1/cases", who, body, headers)
    show(
        opened,
        as_json,
        f"case {opened['id']} ({opened['kind']}), {opened['status']}, policy {opened['policy_version']}",
    )


def cases(
    chats: Annotated[bool, typer.Option("--chats", help="list chat threads too")] = False,
    who: As = "",
    as_json: Json = False,
) -> None:
    """List your cases, newest first (auditors see all); chat threads only with --chats."""
    found = ask("GET", f"/v1/cases?chats={str(chats).lower()}", who)
    table = Table(whole("case"), "kind", "status", "outcome", "opened")
    for each in found:
        row = (each["id"], each["kind"].replace("_", " "), each["status"], each["outcome"] or "")
        table.add_row(*row, each["opened_at"][:16])
    show(found, as_json, table)


def case(case_id: str, who: As = "", as_json: Json = False) -> None:
    """Show one case: where it stands, what waits, what was done."""
    found = ask("GET", f"/v1/cases/{case_id}", who)
    found["effects"] = ask("GET", f"/v1/cases/{case_id}/effects", who)
    found["notices"] = ask("GET", f"/v1/cases/{case_id}/notices", who)
    show(found, as_json, _described(found))


def requests(case_id: str, who: As = "", as_json: Json = False) -> None:
    """Show what the applicant is asked to send, and by when. Example: countersign requests CASE --as advisor."""
    found = ask("GET", f"/v1/cases/{case_id}/requests", who)
    table = Table("needs", "send by", "answer by", whole("statement"), "answered")
    for each in found:
        ended = each["answered_at"] or each["lapsed_at"]
        said = f"{'yes' if each['answered_at'] else 'no'}, {ended[:10]}" if ended else "waiting"
        table.add_row(
            ", ".join(each["needs"]), each["send_by"], each["answer_by"], each["body"]["statement"], said
        )
    show(found, as_json, table if found else "the applicant of this case was not asked for anything")


def record(  # noqa: PLR0913, PLR0917 - each one is an option of the command
    case_id: str,
    file: File,
    event_id: Annotated[
        str | None, typer.Option(help="the same event changes nothing; default: from the content")
    ] = None,
    kind: Annotated[
        Evidence | None, typer.Option(help="the file is the evidence itself; default: it is a JSON record")
    ] = None,
    dated: Annotated[str | None, typer.Option(help="with --kind: filed or received on, YYYY-MM-DD")] = None,
    prepared: Annotated[
        str | None, typer.Option(help="with --kind: audited, reviewed, compiled or internal")
    ] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Add a source record to a case. Example: countersign record CASE appraisal.json --as record-feed.

    A filing or statement as it is: countersign record CASE 10k.xml --kind financial_filing --dated 2026-02-20.
    """
    given = read_json(str(file)) if kind is None else as_record(file, kind, dated, prepared)
    body = {"event_id": event_id or sha256(read_bytes(file)).hexdigest()[:32], "record": given}
    with about(file):
        receipt = ask("POST", f"/v1/cases/{case_id}/records", who, body)
    show(receipt, as_json, "kept" if receipt["kept"] else "this event came before; nothing changed")


def _body(file: Path, records: Path | None) -> dict[str, Any]:
    given = read_json(str(file))
    if not isinstance(given, dict):
        raise BadInput("a JSON object is expected", file=str(file), remedy="see `countersign submit --help`")
    body = given if "application" in given else {"application": given, "records": []}
    return body | ({"records": read_json(str(records))} if records else {})


def _of_mismo(content: bytes, records: Path | None) -> dict[str, Any]:
    """Read here and sent as one request, so that case and records are kept together or not at all."""
    application = parse_mismo(content).model_dump(mode="json")
    return {"application": application, "records": read_json(str(records)) if records else []}


def _described(found: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None)
    for name in ("id", "kind", "status", "outcome", "maker", "product", "policy_version", "application_date"):
        table.add_row(name.replace("_", " "), str(found["case"][name] or ""))
    if found["halted"]:
        why = found["halted"]
        table.add_row(
            "halted", f"{why['target']} since {why['since'][:16].replace('T', ' ')}: {why['reason']}"
        )
    for each in found["unwound_by"]:
        table.add_row("unwound by", each)
    for each in found["approvals"]:
        table.add_row("approval", f"{each['id']}: {each['status']} ({', '.join(each['candidate_groups'])})")
    for each in found["effects"]:
        table.add_row("effect", _effect(each))
    for each in found["notices"]:
        table.add_row("notice", f"{each['notice']}, due {each['due_on']}")
    return table


def _effect(each: dict[str, Any]) -> str:
    """How it stands; why and until when, where it has not happened."""
    until = f" until {each['waits_until'][:16].replace('T', ' ')} UTC" if each["waits_until"] else ""
    return f"{each['effect']}: {each['status']}{until} {each['receipt'] or each['reason'] or ''}".rstrip()
