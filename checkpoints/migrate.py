"""Brings the database to the newest revision: numbered SQL files, run by Alembic, forward only."""

from __future__ import annotations

import psycopg
from alembic import command, op
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from checkpoints.revision import FOLDER


def migrate(url: str) -> str:
    """Run what is missing, under an advisory lock; gives the revision that is reached."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("select pg_advisory_lock(7301001)")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        return str(MigrationContext.configure(connection).get_current_revision())


def pending_sql() -> str:
    """Every SQL file in order, to be read before it is run."""
    return "\n".join(
        f"-- {file.name}\n{file.read_text(encoding='utf-8')}" for file in sorted(FOLDER.glob("*.sql"))
    )


def run_sql(file: str) -> None:
    """Run one file of the migrations folder inside the current revision."""
    run_text((FOLDER / file).read_text(encoding="utf-8"))


def run_text(sql: str) -> None:
    """Run several statements as they are (no parameters)."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
    cursor.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
