"""Commands that set the system up: demo, up, token, keygen, migrate."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from api.database import database_url
from api.demo.identities import PEOPLE, DemoIssuer, demo_token
from api.demo.show import demo as run_demo
from api.settings import Settings
from api.up import BANK_PORT, keep_up, prepare, started
from checkpoints import keys
from checkpoints.migrate import migrate as run_migrations
from checkpoints.migrate import pending_sql

say = Console(stderr=True, highlight=False, soft_wrap=True).print


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (demo, up, token, keygen, migrate):
        app.command()(command)


def demo(
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON object on stdout instead of a story")
    ] = False,
) -> None:
    """Run four bundled applications to the end: people decide through the API with their own tokens.

    Example: countersign demo --json > demo.json
    """
    run_demo(Settings(), as_json)


def up(bank_port: Annotated[int, typer.Option(help="port of the stand-in core bank")] = BANK_PORT) -> None:
    """Start the stand-in core bank, the API and a runner; stop them with Ctrl-C.

    Example: COUNTERSIGN_PORT=8800 countersign up
    """
    settings = Settings()
    say("Setting up: database, keys, demo people …")
    prepare(settings)
    with started(settings, settings.port, bank_port) as running:
        say(
            f"The API is at {running.api}/docs, the stand-in core bank at {running.bank}.\n"
            f"In another terminal: countersign inbox --as underwriter-1\n"
            f"Tokens of demo people: {settings.home}/tokens/   logs: {settings.home}/*.log   stop: Ctrl-C"
        )
        for name in keep_up(running):
            say(f"The process {name!r} ended and was started again; see {settings.home}/{name}.log")


def token(
    name: Annotated[str, typer.Argument(help=f"one of {', '.join(PEOPLE)}")],
) -> None:
    """Print where the token of a demo person is (demonstrations only).

    Example: curl -H "authorization: Bearer $(cat $(countersign token auditor))" 127.0.0.1:8700/v1/cases
    """
    settings = Settings()
    demo_token(settings, name)
    typer.echo(DemoIssuer(settings.home).token_file(name))


def keygen() -> None:
    """Make the key files of vault and record (32 bytes, mode 0600); an existing one is left alone.

    Example: COUNTERSIGN_KEY_FILE=/secure/vault.key COUNTERSIGN_RECORD_KEY_FILE=/secure/record.key countersign keygen
    """
    settings = Settings()
    for name, file in (("vault", settings.vault_key), ("record", settings.record_key)):
        keys.generate(file)
        say(f"key file of the {name}: {file}")


def migrate(
    show: Annotated[bool, typer.Option("--show", help="print the SQL instead of running it")] = False,
) -> None:
    """Bring the database to the newest revision.

    Example: countersign migrate --show | less
    """
    if show:
        typer.echo(pending_sql())
        return
    say(f"database is at revision {run_migrations(database_url(Settings()))}")
