"""The command ``runner``: a process that advances cases."""

from __future__ import annotations

import asyncio

import typer

from api.cli.options import BankUrl, Home, settings_with
from api.runner import run
from api.telemetry import start_logs


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(runner)


def runner(home: Home = None, bank_url: BankUrl = None) -> None:
    """Advance cases until stopped; start as many as you need, anywhere that reaches the database.

    Example: COUNTERSIGN_RUNNER_CONCURRENCY=8 countersign runner
    """
    settings = settings_with(home=home, bank_url=bank_url)
    start_logs(settings.log_level)
    asyncio.run(run(settings))
