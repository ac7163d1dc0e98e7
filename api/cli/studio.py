"""The command ``studio``: LangGraph's development server over a sandbox, for LangGraph Studio."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[2]  # where langgraph.json stands


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(studio)


def studio(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1", min=1, max=65535)] = 2024,
    browser: Annotated[bool, typer.Option(help="open LangGraph Studio in a browser")] = False,
) -> None:
    """Serve the graphs for LangGraph Studio in a sandbox: play, edit, fork; effects are impossible.

    Example: countersign studio --port 2025
    """
    if find_spec("langgraph_cli") is None:
        raise Misconfigured("the development server is not installed", remedy="run `make install`")
    os.chdir(ROOT)
    server = ["dev", "--host", "127.0.0.1", "--port", str(port), *([] if browser else ["--no-browser"])]
    line = ["env", "COUNTERSIGN_MODE=sandbox", sys.executable, "-m", "langgraph_cli", *server, "--no-reload"]
    os.execvp("env", line)  # noqa: S606, S607 - it becomes this process: one Ctrl-C stops it
