"""Commands that are processes: serve, runner, bank. Each runs until it is stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from api.demo.core_bank import main as bank_main
from api.runner import run
from api.serve import serve as run_api
from api.settings import Settings
from api.telemetry import start_logs
from api.up import bank_words

Home = Annotated[Path | None, typer.Option(help="folder of keys and the embedded database")]
BankUrl = Annotated[str | None, typer.Option(help="address of the core banking system")]
Port = Annotated[int, typer.Option(help="port on 127.0.0.1", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (serve, runner, bank):
        app.command()(command)


def serve(home: Home = None, bank_url: BankUrl = None, port: Port | None = None) -> None:
    """Serve the HTTP API on 127.0.0.1; put your own proxy in front.

    Example: countersign serve --port 8800
    """
    settings = _settings(home=home, bank_url=bank_url, port=port)
    start_logs(settings.log_level)
    asyncio.run(run_api(settings))


def runner(home: Home = None, bank_url: BankUrl = None) -> None:
    """Advance cases until stopped; start as many as you need, anywhere that reaches the database.

    Example: COUNTERSIGN_RUNNER_CONCURRENCY=8 countersign runner
    """
    settings = _settings(home=home, bank_url=bank_url)
    start_logs(settings.log_level)
    asyncio.run(run(settings))


def bank(home: Home = None, port: Port = 8702) -> None:
    """Start the stand-in core bank alone (demonstrations only); `countersign up` makes what it needs.

    Example: countersign bank --port 8702
    """
    bank_main(bank_words(_settings(home=home), port))


def _settings(**given: Any) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value is not None})
