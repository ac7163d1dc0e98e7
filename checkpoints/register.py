"""Register entries as rows, for whoever writes the file of a year. The effect ``register_entry`` writes them."""

from __future__ import annotations

from psycopg.rows import DictRow

from checkpoints.database import Database
from checkpoints.queries import load

SQL = load("register")


async def entries_of(database: Database, year: int) -> list[DictRow]:
    """The entries whose action was taken in a calendar year, each with its case's tokenised application."""
    return await database.rows(SQL["of_year"], year)
