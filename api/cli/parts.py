"""Hands on the parts, without a database: tool list | run, policy eval | check, graph."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from api.cli import picture
from api.cli.client import Json, read_json, show
from api.workbench import run_tool
from domain import effect as effects
from domain.errors import BadInput, InvalidPolicy
from domain.rating import Rated, rate
from graphs.catalog import GRAPHS, VOCABULARY
from policies.book import Book
from policies.loader import shipped
from policies.table import DecisionTable
from tools.catalog import EFFECTS, TOOLS
from tools.manifest import manifest_of

tools = typer.Typer(help="Read-only tools, one by one.")
policy = typer.Typer(help="Policy books and their tables.")
Input = Annotated[str, typer.Option("--input", help="a JSON file, or JSON")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(tools, name="tool")
    app.add_typer(policy, name="policy")
    app.command()(graph)


@tools.command("list")
def list_tools(as_json: Json = False) -> None:
    """Every tool: what it tells, which records it reads and how it is rated, from its manifest."""
    table = Table("tool", "tells", "reads", "rating")
    for tool in TOOLS.values():
        reads = ", ".join(sorted(tool.records))
        table.add_row(tool.name, tool.description, reads, _rating(rate(manifest_of(tool))))
    found = [
        {
            "name": tool.name,
            "description": tool.description,
            "records": sorted(tool.records),
            "arguments": tool.args.model_json_schema(),
            "result": tool.result.model_json_schema(),
            "manifest": asdict(manifest_of(tool)),
            **asdict(rate(manifest_of(tool))),
        }
        for tool in TOOLS.values()
    ]
    show(found, as_json, table)


@tools.command("effects")
def list_effects(as_json: Json = False) -> None:
    """Every effect: what it changes and how it is rated; a book says up to which rating none needs a person."""
    table = Table("effect", "changes", "money", "can be undone", "rating")
    found = []
    for effect in EFFECTS:
        given = effects.manifest_of(effect)
        undone = "yes" if given.reversible else "no"
        table.add_row(given.name, f"{given.writes} records", effect.money or "", undone, _rating(rate(given)))
        found.append({"name": given.name, "manifest": asdict(given), **asdict(rate(given))})
    show(found, as_json, table)


def _rating(rated: Rated) -> str:
    return f"{rated.rating}: {', '.join(rated.because)}"


@tools.command("run")
def run_one(name: str, given: Input = "{}", as_json: Json = False) -> None:
    """Run one tool on what you give it.

    Example: countersign tool run bureau_file --input '{"args": {"party": "party:1"}, "records": [{…}]}'.
    Input: args, application, records, facts, and a book with a date for its parameters (default home_loan, today's
    rows need "date").
    """
    result = asyncio.run(run_tool(name, read_json(given)))
    show(result, as_json)


@policy.command("eval")
def evaluate(
    book: str,
    table: str,
    given: Input,
    on: Annotated[str, typer.Option("--date", help="application date, YYYY-MM-DD")],
    as_json: Json = False,
) -> None:
    """Evaluate one table: outcome, rows hit, trace, unknown facts.

    Example: countersign policy eval loan_amendment authority --input '{"amount_cents": 100}' --date 2026-03-02.
    """
    facts = read_json(given)
    if not isinstance(facts, dict):
        raise BadInput("facts are a JSON object", field="input", remedy='write {"fact": value, …}')
    asked = _table(_book(book), table, _day(on))
    for name in asked.inputs.keys() & facts.keys():
        if not asked.inputs[name].holds(facts[name]):
            raise BadInput("no possible value", field=name, remedy=f"give {asked.inputs[name]}")
    found = asked.evaluate(facts)
    answer = {
        "outputs": found.outputs,
        "rows_hit": found.rows_hit,
        "unknown": found.unknown,
        "ignored": sorted(facts.keys() - asked.inputs.keys()),
        "trace": [step._asdict() for step in found.trace],
    }
    drawn = Table("row", "matched", "failed at")
    for step in found.trace:
        drawn.add_row(step.row, "yes" if step.matched else "", step.failed_at or "")
    show(answer, as_json, Group(*_said(answer), drawn))


@policy.command("check")
def check(as_json: Json = False) -> None:
    """Load every shipped book; a book that is incomplete, contradictory or names the unknown is refused."""
    versions = [book.version for book in shipped(VOCABULARY)]
    show(versions, as_json, "\n".join(f"{version}: complete" for version in versions))


def graph(
    name: str,
    png: Annotated[Path | None, typer.Option(help="also write a picture")] = None,
) -> None:
    """Draw a graph as Mermaid text. Example: countersign graph supervisor --png supervisor.png."""
    if name not in GRAPHS:
        raise BadInput(f"no graph {name}", field="name", remedy=f"one of {', '.join(GRAPHS)}")
    drawn = GRAPHS[name].get_graph()
    if png is not None:
        _write(png, picture.png(drawn, name))
    typer.echo(drawn.draw_mermaid())


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise BadInput(message, field="png", remedy="name a file in a folder that exists") from error


def _book(kind: str) -> Book:
    books = {book.rules.kind: book for book in shipped(VOCABULARY)}
    if kind not in books:
        raise BadInput(f"no book {kind}", field="book", remedy=f"one of {', '.join(books)}")
    return books[kind]


def _table(book: Book, name: str, day: date) -> DecisionTable:
    if name not in book.tables:
        raise BadInput(
            f"{book.version} has no table {name}", field="table", remedy=f"one of {', '.join(book.tables)}"
        )
    try:
        return book.table(name, day)
    except InvalidPolicy as error:
        raise BadInput(error.message, field="date", remedy="choose a day that the book covers") from error


def _said(answer: dict[str, Any]) -> list[str]:
    """What the table answers, and what it would need or did not use."""
    rows = ", ".join(answer["rows_hit"])
    outputs = answer["outputs"] if isinstance(answer["outputs"], list) else [answer["outputs"]]
    told = "; ".join(
        ", ".join(f"{name}: {value}" for name, value in each.items()) for each in outputs if each
    )
    lines = [f"answer: {told} (rows {rows})" if told else "no certain answer"]
    lines += [f"unknown: {', '.join(answer['unknown'])}"] if answer["unknown"] else []
    return lines + ([f"not an input, ignored: {', '.join(answer['ignored'])}"] if answer["ignored"] else [])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no date", field="date", remedy="write YYYY-MM-DD") from error
