"""What the record vouches for: every column of every table that has a line, and every table is found."""

from __future__ import annotations

import re

import psycopg

from checkpoints.rows import SQL

FROM = re.compile(r"(?:from|join) ((?:countersign|source|public)\.\w+)")
WHOSE = {"case_id", "thread_id"}  # said by the stream that holds the stamp
TOLD_NOT_EACH_TIME = {
    f"countersign.incidents.{name}" for name in ("what", "seen_at", "times")
}  # while it is open
QUERY = (  # columns that the database works out from others say nothing of their own
    "select table_schema || '.' || table_name, column_name from information_schema.columns"
    " where is_generated = 'NEVER'"
)


def lines() -> dict[str, str]:
    """For each table the text of every select that makes lines of its rows."""
    found: dict[str, str] = {}
    for select in SQL["lines"].split("union all"):
        for table in FROM.findall(select):
            found[table] = found.get(table, "") + select
    return found


def test_every_column_of_a_table_that_has_a_line_stands_in_it(database_url: str) -> None:
    vouched = lines()
    with psycopg.connect(database_url) as connection:
        columns = [row for row in connection.execute(QUERY) if row[0] in vouched]
    assert {table for table, _ in columns} == set(vouched)
    missing = [
        f"{table}.{column}"
        for table, column in columns
        if not re.search(rf"\b{column}\b", vouched[table]) and column not in WHOSE
    ]
    assert {*missing} == TOLD_NOT_EACH_TIME
