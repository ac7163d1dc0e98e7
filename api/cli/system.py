"""Commands that set up and run the system: keygen, migrate, up, serve, runner, bank, demo."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.assembly import database_url
from api.demo.core_bank import main as bank_main
from api.demo.show import demo as run_demo
from api.runner import run
from api.serve import serve as run_api
from api.settings import Settings
from api.telemetry import start_logs, tracing
from api.up import prepare, started
from checkpoints import keys
from checkpoints.migrate import migrate as run_migrations
from checkpoints.migrate import pending_sql

Home = Annotated[Path | None, typer.Option(help="folder of keys and the embedded database")]
BankUrl = Annotated[str | None, typer.Option(help="address of the core banking system")]
say = Console(stderr=True).print


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (demo, up, serve, runner, bank, keygen, migrate):
        app.command()(command)


def demo(
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON object on stdout instead of a story")
    ] = False,
) -> None:
    """Run four bundled applications to the end: people decide through the API with their own tokens."""
    run_demo(Settings(), as_json)


def up(bank_port: Annotated[int, typer.Option(help="port of the stand-in core bank")] = 8702) -> None:
    """Start the stand-in core bank, the API and a runner; stop them with Ctrl-C."""
    settings = Settings()
    say("Setting up (database, keys, demo people) …")
    prepare(settings)
    with started(settings, settings.port, bank_port) as running:
        say(
            f"API: {running.api}/docs   tokens: {settings.home}/tokens/   logs: {settings.home}/*.log   stop: Ctrl-C"
        )
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def serve(home: Home = None, bank_url: BankUrl = None, port: int | None = None) -> None:
    """Serve the HTTP API on 127.0.0.1."""
    settings = _settings(home=home, bank_url=bank_url, port=port)
    start_logs(settings.log_level)
    with tracing(settings):
        asyncio.run(run_api(settings))


def runner(home: Home = None, bank_url: BankUrl = None) -> None:
    """Advance cases until stopped; start as many as you need."""
    settings = _settings(home=home, bank_url=bank_url)
    start_logs(settings.log_level)
    with tracing(settings):
        asyncio.run(run(settings))


def bank(
    port: int = 8702,
    database: Path = Path(".state/bank.sqlite"),
    token_file: Path = Path(".state/bank.token"),
) -> None:
    """Start the stand-in core bank alone (demonstrations only)."""
    bank_main(["--port", str(port), "--database", str(database), "--token-file", str(token_file)])


def keygen() -> None:
    """Make the vault's key file (32 bytes, mode 0600); an existing one is left alone."""
    file = Settings().vault_key
    keys.generate(file)
    say(f"key file: {file}")


def migrate(
    show: Annotated[bool, typer.Option("--show", help="print the SQL instead of running it")] = False,
) -> None:
    """Bring the database to the newest revision. Example: countersign migrate --show | less."""
    if show:
        typer.echo(pending_sql())
        return
    say(f"database is at revision {run_migrations(database_url(Settings()))}")


def _settings(**given: object) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
