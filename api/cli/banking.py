"""The command ``bank``: the stand-in core bank as a process of its own."""

from __future__ import annotations

import typer

from api.cli.options import Home, Port, settings_with
from api.demo.core_bank import main as bank_main
from api.up import BANK_PORT, bank_words


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(bank)


def bank(home: Home = None, port: Port = None) -> None:
    """Start the stand-in core bank alone (demonstrations only), from the files that `countersign up` made.

    Example: countersign bank --port 8702
    """
    bank_main(bank_words(settings_with(home=home), port or BANK_PORT))
