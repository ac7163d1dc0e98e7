"""Commands of the time machine: history, show, fork, compare, migrate-case."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from api.cli.client import As, Json, ask, pair
from api.cli.client import show as put
from api.cli.drawing import Document
from domain.errors import BadInput
from domain.money import dollars

Role = Annotated[str, typer.Option("--role", help="a group, or maker: as its people saw it")]
At = Annotated[int, typer.Option("--at", help="number of the moment, see `countersign history`")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (history, show, fork, compare):
        app.command()(command)
    app.command("migrate-case")(migrate_case)


def history(case_id: str, who: As = "", as_json: Json = False) -> None:
    """List the moments of a case in plain words."""
    found = ask("GET", f"/v1/cases/{case_id}/moments", who)
    table = Table("at", "what had just happened", "next", "when")
    for each in found:
        table.add_row(str(each["number"]), each["done"], ", ".join(each["next"]), each["at"][:19])
    put(found, as_json, table)


def show(case_id: str, at: At, role: Role = "", who: As = "", as_json: Json = False) -> None:
    """Show what was known at one moment. Example: countersign show CASE --at 5 --as auditor.

    With --role underwriters (or maker): what those people saw of the case then, for auditors.
    """
    asked = f"?role={quote(role)}" if role else ""
    found = ask("GET", f"/v1/cases/{case_id}/moments/{at}{asked}", who)
    put(found, as_json, _told(found))


def fork(  # noqa: PLR0913, PLR0917 - options of a command, each by its name
    case_id: str,
    at: At,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="fact=value; may be given several times")
    ] = None,
    policy: Annotated[
        str, typer.Option("--policy", help="version of the book, as `countersign case` shows it")
    ] = "",
    model: Annotated[str, typer.Option("--model", help="model to ask instead of the configured ones")] = "",
    decide: Annotated[
        list[str] | None, typer.Option("--decide", help="boundary=approve, reject or override")
    ] = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """What if? Example: countersign fork CASE --at 9 --set credit_score=580 --as auditor.

    Makes a copy marked simulation, with effects impossible; the original never moves. Change a fact (--set), the
    book (--policy), the model (--model) or what people decide (--decide offer=reject), then look at both:
    countersign compare CASE COPY.
    """
    body = {
        "at": at,
        "set": dict(pair(each) for each in changes or ()),
        "policy": policy or None,
        "model": model or None,
        "decide": dict(pair(each) for each in decide or ()),
    }
    if not any(body[name] for name in ("set", "policy", "model", "decide")):
        remedy = "give --set, --policy, --model or --decide"
        raise BadInput("nothing is changed", field="set", remedy=remedy)
    found = ask("POST", f"/v1/cases/{case_id}/forks", who, body)
    after = f"look at both with `countersign compare {case_id} {found['id']}`"
    put(found, as_json, f"simulation {found['id']}; when a runner has moved it, {after}")


def compare(case_id: str, copy_id: str, who: As = "", as_json: Json = False) -> None:
    """A case and its what-if copy side by side. Example: countersign compare CASE COPY --as auditor."""
    found = ask("GET", f"/v1/cases/{case_id}/comparisons/{copy_id}", who)
    put(found, as_json, _beside(found))


def _beside(found: dict[str, Any]) -> Group:
    table = Table("", found["original"]["case_id"], found["copy"]["case_id"])
    for name in found["differs"]:
        part, _, within = name.partition(".")
        sides = [found[side][part] for side in ("original", "copy")]
        table.add_row(
            name.replace("_", " "), *(_cell(each.get(within) if within else each) for each in sides)
        )
    supposed = ", ".join(f"{name} {value}" for name, value in found["supposed"].items())
    routes = [f"{side}: {' → '.join(found[side]['route'])}" for side in ("original", "copy")]
    nothing = [] if found["differs"] else [Text("Nothing differs.")]
    return Group(
        Text(f"Supposed: {supposed or 'nothing'}"), table, *nothing, *(Text(each) for each in routes)
    )


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {dollars(cents)}" for name, cents in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "none"
    return "not known" if value is None else str(value)


def migrate_case(
    case_id: str,
    to: Annotated[int, typer.Option("--to", help="version of the workflow to go on by")],
    preview: Annotated[
        bool, typer.Option("--preview", help="say what would change, and change nothing")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="why; needed without --preview")] = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Let a waiting case go on by another version of its workflow. Look first: --preview.

    Example: countersign migrate-case CASE --to 2 --preview --as sre. Exit code 1 when it cannot be migrated.
    """
    path = f"/v1/cases/{case_id}/migrations/{to}"
    found = ask("GET", path, who) if preview else ask("POST", path, who, {"reason": reason})
    put(found, as_json, _migration(found, done=not preview))
    if found["obstacle"]:
        raise typer.Exit(1)


def _migration(found: dict[str, Any], *, done: bool) -> Group:
    way = f"{found['from_workflow']} → {found['to_workflow']}"
    lines = [f"{found['case_id']} {'went' if done else 'would go'} from {way}."]
    lines += [f"It cannot be migrated: {found['obstacle']}."] if found["obstacle"] else []
    lines += [f"It stands here: {each}" for each in found["stands_at"]]
    for title, name in (
        ("New steps", "new_steps"),
        ("Steps that are gone", "gone_steps"),
        ("Ways", "changed_ways"),
    ):
        lines += [f"{title}: {', '.join(found[name])}"] if found[name] else []
    lines.append(
        f"From the start the other version would have differed: {found['diverges']}"
        if found["diverges"]
        else "Replayed from the start, the other version tells the same up to here."
    )
    return Group(*(Text(line) for line in lines))


def _told(found: dict[str, Any]) -> Group:
    if found.get("sees") is False:
        return Group(Text(f"{found['role']} had not been asked by then and saw nothing of the case."))
    facts = Table("fact", "value", "source", title=found["moment"]["done"])
    for name, known in sorted(found["facts"].items()):
        facts.add_row(name, str(known["value"]), known["source"])
    lines = [f"{job}: {each['conclusion']}" for job, each in found["findings"].items()]
    lines += [
        f"Party found: {each['reference']} ({each['role']}, by {each['found_by']}): {each['reason']}"
        for each in found["parties"]
    ]
    lines += [
        f"Before that {each['finding']['specialist']} said: {each['finding']['conclusion']}"
        for each in found["superseded"]
    ]
    lines += [f"Not known: {gap['detail']}" for gap in found["gaps"]]
    if found["decision"]:
        decided = found["decision"]
        lines.append(f"Policy: {decided['outcome']} (rows {', '.join(decided['rows_hit'])})")
    lines += [f"Next: {each}" for each in found["moment"]["next"]]
    if found["halted"]:
        lines.append(f"Stands still: {found['halted']['target']} is halted: {found['halted']['reason']}")
    return Group(facts, *(Text(line) for line in lines), *_asked(found["waiting_for"] or {}))


def _asked(waiting_for: dict[str, Any]) -> list[Document]:
    """The evidence packet, if a person was asked."""
    return [Document(each["description"]) for each in waiting_for.get("action_requests", ())[:1]]
