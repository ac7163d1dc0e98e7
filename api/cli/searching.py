"""The audit search: events of all cases by actor, kind, time, policy row and agent; as a table, CSV or JSONL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.table import Table

from api.cli.client import As, Json, ask, fetch, show, whole
from api.cli.documents import write
from domain.errors import BadInput

TIMES = ("since", "until")
TERMS = ("actor", "kind", "case", "row", "agent", *TIMES)
SHOWN = 100  # characters of a body in the table


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)


def search(
    terms: Annotated[
        list[str] | None,
        typer.Argument(help="actor=, kind=, case=, row=, agent=, since=, until=; all have to fit"),
    ] = None,
    limit: Annotated[int, typer.Option(help="events on the screen", min=1, max=1000)] = 100,
    out: Annotated[
        Path | None, typer.Option("--out", help="write everything that fits to this .csv or .jsonl file")
    ] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Search the record of all cases. Example: countersign search kind=decision_reached row=D4 --as auditor.

    By agent and day: countersign search agent=income_verifier since=2026-03-01 until=2026-03-02 --out day.csv.
    Who read what: countersign search kind=record_read actor=demo-auditor. A search is on record itself.
    """
    asked = dict(_term(each) for each in terms or ())
    if out is not None:
        form = _form(out)
        write(out, fetch(f"/v1/record/events?{urlencode(asked | {'form': form})}", who, "*/*"))
        show({"file": str(out)}, as_json, f"written to {out}")
        return
    found = ask("GET", f"/v1/record/events?{urlencode(asked | {'limit': str(limit)})}", who)
    show(found, as_json, _table(found))


def _term(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if name not in TERMS or not value:
        raise BadInput(f"{text!r} is no term", remedy=f"write name=value with one of {', '.join(TERMS)}")
    return name, _moment(name, value) if name in TIMES else value


def _form(file: Path) -> str:
    form = file.suffix.lower().removeprefix(".")
    if form not in ("csv", "jsonl"):
        raise BadInput(
            "events are written as .csv or .jsonl", file=str(file), remedy="give it one of these extensions"
        )
    return form


def _table(found: dict[str, Any]) -> Table:
    more = "more with --limit or --out" if found["next"] else None
    table = Table("at", whole("stream"), "event", "by", "kind", "what", caption=more)
    for each in found["events"]:
        told = json.dumps({k: v for k, v in each["body"].items() if k != "stamps"}, ensure_ascii=False)
        table.add_row(
            each["at"][:19], each["stream"], str(each["seq"]), each["actor"], each["kind"], told[:SHOWN]
        )
    return table


def _moment(name: str, text: str) -> str:
    """A day or a moment as one with its offset; without one it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no day and no moment", field=name, remedy="write 2026-03-02") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
