"""The queries by which a compensation finds what it takes back, answered over rows in memory as their SQL would."""

from __future__ import annotations

from typing import Any

from checkpoints.compensating import SQL
from checkpoints.in_memory.tables import Row, Statement, Tables

UNWOUND = "unwound"  # the table of what the unwound case did, as the plan read it


def _to_be_undone(tables: Tables, given: Any) -> list[Row]:
    return [{**row, "unwinds": row["case_id"]} for row in tables[UNWOUND] if row["key"] == given[1]]


def _undone(tables: Tables, given: Any) -> int:
    rows = [row for row in tables[UNWOUND] if row["key"] == given[0]]
    for row in rows:
        row["status"] = "compensated"
    return len(rows)


UNDOING: dict[str, Statement] = {SQL["to_be_undone"]: _to_be_undone, SQL["undone"]: _undone}
