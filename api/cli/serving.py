"""The command ``serve``: the API process."""

from __future__ import annotations

import asyncio

import typer

from api.cli.options import BankUrl, Home, Port, settings_with
from api.serve import serve as run_api
from api.telemetry import start_logs


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve(home: Home = None, bank_url: BankUrl = None, port: Port = None) -> None:
    """Serve the HTTP API on 127.0.0.1; put your own proxy in front.

    Example: countersign serve --port 8800
    """
    settings = settings_with(home=home, bank_url=bank_url, port=port)
    start_logs(settings.log_level)
    asyncio.run(run_api(settings))
