"""Measures the guardrails on labelled sets: ``countersign eval-guardrails``. Needs the repository, not a database."""

from __future__ import annotations

import asyncio
import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.cli.client import Json, show
from domain.errors import BadInput, NotFound

FILE = Path("build/guardrails.json")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("eval-guardrails")(measured)


def measured(
    data: Annotated[
        Path,
        typer.Option("--data", help="folder with injection/, pii/, screening/, fuzz/, wording/, or some"),
    ],
    out: Annotated[Path, typer.Option(help="file to write")] = FILE,
    as_json: Json = False,
) -> None:
    """Measure what the guardrails find and raise wrongly. Example: countersign eval-guardrails --data sets.

    Per guardrail and data set: n, recall, false-positive rate, precision, and the time that 95 % of the texts stay
    within. How each set is written: docs/guardrails.md.
    """
    run = _measurements()
    say = Console(stderr=True, highlight=False).print
    report = asyncio.run(run.measure(data, say, own=run.OWN))
    _keep(report, out)
    show(report, as_json, run.tables(report))
    say(f"written to {out}")


def _measurements() -> Any:
    """The measurements lie beside the packages in the repository and are not installed with them."""
    try:
        return import_module("evals.guardrails.run")
    except ModuleNotFoundError as error:
        remedy = "run it in a checkout of the repository"
        raise NotFound("the measurements are not part of what is installed", remedy=remedy) from error


def _keep(report: dict[str, Any], out: Path) -> None:
    """Whole or not at all: a measurement that was stopped leaves the file as it was."""
    beside = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        beside.replace(out)
    except OSError as error:
        remedy = "choose another file with --out"
        raise BadInput(f"it cannot be written: {error.strerror}", file=str(out), remedy=remedy) from error
