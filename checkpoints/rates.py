"""Rates as rows: how many effects and tool calls each window holds, counted by all runners together.

Owns ``countersign.rate_windows``. A place is taken by compare-and-set, in one order of rows everywhere; who could
not take every place gives those back that it took. Never decides: a guardrail does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from checkpoints.database import Connection
from checkpoints.queries import load
from domain.rate import Pace, Rate

SQL = load("rates")
KEPT = timedelta(days=2)  # the longest window is a day


async def take(
    connection: Connection, concerned: Iterable[tuple[Rate, str]], now: datetime
) -> tuple[Pace, ...]:
    """Take a place in each of these windows, in the caller's transaction; which of them were full."""
    paces = []
    for row, subject in sorted(concerned, key=lambda each: (each[0].id, each[1])):
        values = (row.id, subject, row.begins(now), row.at_most)
        taken = await (await connection.execute(SQL["take"], values)).fetchone()
        paces.append(Pace(row, subject, taken is not None, row.ends(now)))
    return tuple(paces)


async def give_back(connection: Connection, paces: Iterable[Pace]) -> None:
    """Give the places back that were taken; what was looked at does not happen now."""
    for each in paces:
        if each.taken:
            begins = each.opens - timedelta(seconds=each.row.seconds)
            await connection.execute(SQL["give_back"], (each.row.id, each.subject, begins))


async def forget(connection: Connection, now: datetime) -> None:
    """Drop windows that nobody counts in any more; part of every runner's sweep."""
    await connection.execute(SQL["forget"], (now - KEPT,))
