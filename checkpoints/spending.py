"""What models have cost a case so far: summed from ledger and journal, so that a crash forgets nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from checkpoints.database import Database
from checkpoints.queries import load

SQL = load("spending")


@dataclass(frozen=True, slots=True)
class CaseSpending:
    """Sums over every assignment of one case."""

    tokens: int  # prompt and completion
    cost_microusd: int
    waited: timedelta


async def case_spending(database: Database, case_id: str, longest: timedelta) -> CaseSpending:
    """The sums; ``longest`` is what a call that was never answered counts as."""
    charged = await database.row(SQL["charged"], case_id)
    waited = await database.row(SQL["waited"], longest, case_id)
    if charged is None or waited is None:
        raise RuntimeError("a sum without a row")
    return CaseSpending(charged["tokens"], charged["cost_microusd"], waited["waited"])
