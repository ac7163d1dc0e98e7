"""Loads the named queries of ``sql/*.sql``: ``-- name: a_name`` and one ``-- sentence`` above each."""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString

FOLDER = Path(__file__).parent / "sql"


def load(file: str) -> dict[str, LiteralString]:
    """The queries of one file by name; a query without a description is refused."""
    queries: dict[str, LiteralString] = {}
    for block in (FOLDER / f"{file}.sql").read_text(encoding="utf-8").split("-- name: ")[1:]:
        name, described, body = [*block.split("\n", 2), "", ""][:3]
        if not described.startswith("-- ") or not body.strip():
            raise ValueError(f"{file}.sql: query {name.strip()!r} needs a description and a body")
        queries[name.strip()] = body.strip()
    return queries
