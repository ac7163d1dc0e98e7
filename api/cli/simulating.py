"""What a candidate book would have decided: policy simulate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from api.cli import policy as books
from api.cli.client import As, Json, ask, show
from domain.errors import BadInput
from domain.money import dollars, percent

policy = books.policy
On = Annotated[str | None, typer.Option("--on", help="decide every case as if applied for on this day")]
Since = Annotated[str | None, typer.Option("--since", help="only cases opened since then, ISO 8601")]
Limit = Annotated[int, typer.Option("--limit", help="the newest so many cases", min=1, max=100_000)]
Monitoring = Annotated[
    Path | None,
    typer.Option("--monitoring", help="CSV with the columns case and group; used once, never kept"),
]
ExamplesFile = Annotated[Path | None, typer.Option("--examples", help="YAML; default: the shipped ones")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    books.register(app)


@policy.command("simulate")
def simulate(
    candidate: Path,
    on: On = None,
    monitoring: Monitoring = None,
    examples: ExamplesFile = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Decide the decided cases again under a candidate: flips with their rows, money, people, work, approval rates.

    Example: countersign policy simulate candidate.yaml --as risk-officer.
    """
    body = question(candidate, on, monitoring, examples)
    report = ask("POST", "/v1/policy/simulations", who, body)
    show(report, as_json, Group(*told(report)))


def question(
    candidate: Path, on: str | None, monitoring: Path | None, examples: Path | None
) -> dict[str, Any]:
    """What is sent to be simulated."""
    body: dict[str, Any] = {"source": books.text_of(candidate)}
    body |= {"on": on} if on else {}
    body |= {"examples": books.text_of(examples)} if examples else {}
    return body | ({"groups": _groups(monitoring)} if monitoring else {})


def _groups(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for n, row in enumerate(csv.DictReader(io.StringIO(books.text_of(file))), 2):
        case, group = (row.get("case") or "").strip(), (row.get("group") or "").strip()
        if not case or not group:
            raise BadInput(
                "a row needs a case and a group", file=str(file), row=n, remedy="head the columns case,group"
            )
        found[case] = group
    return found


def told(report: dict[str, Any]) -> list[Any]:
    """A report as people read it."""
    lines: list[Any] = [
        f"{report['candidate']} beside {report['live']}: {report['compared']} of {report['cases']} decided cases "
        f"compared, {len(report['flipped'])} would be decided otherwise"
    ]
    lines += [
        f"not compared: {each['cases']} ({each['reason']}), e.g. {each['first']}"
        for each in report["skipped"]
    ]
    lines += [_turns(report), *_flips(report), _workload(report)] if report["compared"] else []
    lines += [
        f"same outcome, other conditions or reasons: {report['other_terms']}; "
        f"other people: {report['other_authority']}",
        *_impact(report["impact"]),
        f"found again under the candidate's parameters: {report['refound']} cases, "
        f"{report['refound_moved']} of them know something else; not re-found: {len(report['not_refound'])}",
        *[_rests(each) for each in report["resting"]],
        *[
            f"not re-found: {each['case']} ({', '.join(each['parameters'])}): {each['why']}"
            for each in report["not_refound"]
        ],
        *[f"not tried on decided cases, shows from new ones on: {each}" for each in report["not_tried"]],
        *[f"no case was decided on or after {each}: try --on {each}" for each in report["not_reached"]],
        *[f"example “{each['name']}”: {'; '.join(each['wrong'])}" for each in report["failed_examples"]],
        *[
            f"not primary: {each['where']}: {each['source'] or 'no source'} ({each['status']})"
            for each in report["not_primary"]
        ],
        f"rows whose source is not primary: {len(report['not_primary'])}",
        f"to acknowledge exactly them: {report['acknowledge']}",
        f"digest of this report: {report['digest']}",
    ]
    return lines


def _turns(report: dict[str, Any]) -> Table:
    table = Table("decision", "cases", "money", "people", title="Turned")
    for each in report["turns"]:
        table.add_row(each["turn"], str(each["cases"]), dollars(each["amount_cents"]), str(each["people"]))
    return table


def _flips(report: dict[str, Any]) -> Iterator[str]:
    """For each case a line, and under it what turned it."""
    for each in report["flipped"]:
        people = "1 person" if each["people"] == 1 else f"{each['people']} people"
        goes = f", goes to {each['authority_becomes']}" if each["authority_becomes"] else ""
        amount = dollars(each["amount_cents"])
        yield f"{each['case']}: {each['was']} → {each['becomes']}, {amount}, {people}{goes}"
        yield from (f"  {row['row']} {row['how']}: {row['text']}" for row in each["rows"])
        yield from (f"  {one['fact']} {one['was']} → {one['becomes']}" for one in each["moved"])
        if each["unknown"]:
            yield f"  needs {', '.join(each['unknown'])}, which nobody found out"


def _rests(each: dict[str, Any]) -> str:
    if not each["read_by"]:
        return f"parameter {each['parameter']}: no specialist and no tool reads it, so no fact shows what it does"
    return f"parameter {each['parameter']}: {each['cases']} cases rest on it ({', '.join(each['read_by'])} read it)"


def _workload(report: dict[str, Any]) -> Table:
    table = Table("authority", "cases now", "cases then", title="Work")
    for each in report["workload"]:
        table.add_row(each["authority"], str(each["was"]), str(each["becomes"]))
    return table


def _impact(impact: dict[str, Any]) -> list[str]:
    if not impact["measured"]:
        return [f"adverse impact: {impact['label']}"]
    lines = [f"adverse impact against {impact['reference']} ({impact['label']}):"]
    for each in impact["groups"]:
        was, becomes = (_ratio(each[name]) for name in ("ratio_was_bps", "ratio_becomes_bps"))
        below = ", below four fifths" if each["below_four_fifths_becomes"] else ""
        lines.append(f"  {each['group']}: {was} → {becomes}{below} ({each['cases']} cases)")
    return lines


def _ratio(bps: int | None) -> str:
    return "no rate" if bps is None else percent(bps)
