"""Hands on the parts, without a database: tool list | run, graph."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli import picture
from api.cli.client import Json, read_json, show
from api.workbench import run_tool
from domain import effect as effects
from domain.errors import BadInput
from domain.rating import Rated, rate
from graphs.catalog import GRAPHS
from tools.catalog import EFFECTS, TOOLS
from tools.manifest import manifest_of

tools = typer.Typer(help="Read-only tools, one by one.")
Input = Annotated[str, typer.Option("--input", help="a JSON file, or JSON")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(tools, name="tool")
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
    table = Table("effect", "changes", "money", "undone by", "rating")
    found = []
    for effect in EFFECTS:
        given = effects.manifest_of(effect)
        undone = effect.undone_by or f"nothing: {effect.lasting}"
        table.add_row(given.name, f"{given.writes} records", effect.money or "", undone, _rating(rate(given)))
        undoing = {"undone_by": effect.undone_by, "lasting": effect.lasting}
        found.append({"name": given.name, "manifest": asdict(given), **undoing, **asdict(rate(given))})
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
