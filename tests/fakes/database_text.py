"""The whole database as text, to search for what must not stand in it."""

from __future__ import annotations

from graphs.services import Services


async def dump(services: Services) -> str:
    """Every row of every table as text."""
    tables = await services.database.rows(
        "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables"
        " where table_schema in ('public', 'countersign', 'source') and table_type = 'BASE TABLE'"
    )
    text = []
    for table in tables:
        rows = await services.database.rows(f"select t::text as row from {table['name']} t")  # type: ignore[arg-type]
        text += [row["row"] for row in rows]
    return "\n".join(text)
