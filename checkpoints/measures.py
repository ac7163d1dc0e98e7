"""Reads what the fleet's metrics say, out of the tables that every process writes to. Never writes.

Counters and histograms count from midnight UTC, so that a scrape reads one day and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg.rows import DictRow

from audit.metrics import BOUNDS, Reading, Readings
from checkpoints.approvals import SQL as APPROVALS
from checkpoints.breakers import SQL as BREAKERS
from checkpoints.cases import SQL as CASES
from checkpoints.database import Connection, Database
from checkpoints.jobs import SQL as JOBS
from checkpoints.queries import load
from domain.case import CaseStatus
from domain.clock import Clock

SQL = load("metrics")
OVERDUE = timedelta(minutes=15)  # longer than any gateway waits for an answer
COUNTED: tuple[tuple[str, LiteralString, tuple[str, ...], str], ...] = (  # metric, query, labels, value
    ("countersign_jobs", JOBS["depth"], ("status",), "jobs"),
    ("countersign_approvals_pending", APPROVALS["waits"], ("boundary",), "pending"),
    ("countersign_breaker_open", BREAKERS["states"], ("name",), "open"),
    ("countersign_halts", SQL["halts"], ("scope",), "n"),
    ("countersign_calls_unanswered", SQL["unanswered"], ("gateway", "target"), "n"),
    ("countersign_findings", SQL["findings"], ("specialist", "produced_by", "degraded"), "n"),
    ("countersign_refusals", SQL["refusals"], ("gate", "control"), "n"),
    ("countersign_model_calls", SQL["model_use"], ("model",), "calls"),
    ("countersign_model_tokens", SQL["model_use"], ("model",), "tokens"),
    ("countersign_model_spend_microusd", SQL["model_use"], ("model",), "cost_microusd"),
    ("countersign_effects", SQL["effects"], ("effect", "ended"), "n"),
)
TIMED: tuple[tuple[str, LiteralString, tuple[str, ...]], ...] = (  # metric, query, labels
    ("countersign_approval_wait_seconds", SQL["approval_waits"], ("boundary",)),
    ("countersign_gateway_seconds", SQL["gateway_seconds"], ("gateway", "target")),
    ("countersign_specialist_seconds", SQL["specialist_seconds"], ("specialist",)),
)


class Measures:
    """The numbers of the whole fleet at one moment."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def fleet(self) -> Readings:
        """Every fleet metric, read in one transaction."""
        now = self._clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        given = {
            "since": midnight,
            "since_text": midnight.isoformat(timespec="milliseconds"),  # as the ledger writes times
            "overdue": now - OVERDUE,
        }
        async with self._database.transaction() as connection:
            await connection.execute("set transaction isolation level repeatable read, read only")
            rows = {each[1]: await _rows(connection, each[1], given) for each in COUNTED}
            found = {name: _counted(rows[query], labels, value) for name, query, labels, value in COUNTED}
            for name, query, labels in TIMED:
                bounds = {"bounds": list(BOUNDS[name])}
                found[name] = _timed(await _rows(connection, query, given | bounds), labels)
            found["countersign_cases"] = _cases(await _rows(connection, CASES["depth"], given))
            waits = rows[APPROVALS["waits"]]
            found["countersign_approval_oldest_seconds"] = [_oldest(row, now) for row in waits]
        return found


async def _rows(connection: Connection, query: LiteralString, given: dict[str, Any]) -> list[DictRow]:
    return await (await connection.execute(query, given)).fetchall()


def _counted(rows: Sequence[DictRow], labels: tuple[str, ...], value: str) -> list[Reading]:
    return [Reading(_labels(row, labels), float(row[value])) for row in rows]


def _timed(rows: Sequence[DictRow], labels: tuple[str, ...]) -> list[Reading]:
    counts: dict[tuple[str, ...], dict[int, int]] = {}
    sums: dict[tuple[str, ...], float] = {}
    for row in rows:
        key = _labels(row, labels)
        counts.setdefault(key, {})[row["bucket"]] = row["n"]
        sums[key] = sums.get(key, 0.0) + row["seconds"]
    return [Reading(key, sums[key], counts[key]) for key in counts]


def _cases(rows: Sequence[DictRow]) -> list[Reading]:
    found = {row["status"]: row["cases"] for row in rows}
    return [Reading((status.value,), float(found.get(status, 0))) for status in CaseStatus]


def _oldest(row: DictRow, now: datetime) -> Reading:
    return Reading((row["boundary"],), (now - row["oldest"]).total_seconds())


def _labels(row: DictRow, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in names)
