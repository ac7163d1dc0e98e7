"""Reads what reconciliation compares, of one case in one view of the database. Writes nothing, judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.reconciliation import Holdings
from audit.tree import Tree
from checkpoints.database import Connection, Database
from checkpoints.proofs import examine
from checkpoints.queries import load
from checkpoints.stamps import entries_of
from domain.errors import NotFound

SQL = load("holdings")


async def holdings(connection: Connection, case_id: str, ancestors: Sequence[str], tree: Tree) -> Holdings:
    """Everything in the database about one case; the system of record and the checkpoint are looked at elsewhere.

    Raises:
        NotFound: there is no such case.
    """
    cases = await _rows(connection, "one", case_id)
    if not cases:
        raise NotFound(f"no case {case_id}")
    proof = await examine(connection, case_id, tree, [])
    inherited = await _rows(connection, "calls", list(ancestors))
    moving = await _rows(connection, "moving", case_id)
    return Holdings(
        case=cases[0],
        entries=await entries_of(connection, case_id),
        calls=await _rows(connection, "calls", [case_id]),
        inherited=frozenset(row["entry"] for row in inherited),
        approvals=await _rows(connection, "approvals", case_id),
        decisions=await _rows(connection, "decisions", case_id),
        effects=await _rows(connection, "effects", case_id),
        uses=frozenset(row["id"] for row in await _rows(connection, "uses", case_id)),
        moving=bool(moving[0]["moving"]),
        flaws=proof.flaws,
        open=proof.open,
    )


async def every_case(database: Database) -> list[str]:
    """The ids of all cases."""
    return [row["id"] for row in await database.rows(SQL["all"])]


async def nobodys(database: Database) -> list[tuple[str, str]]:
    """Rows that belong to no case: store and owner."""
    return [(row["store"], row["owner"]) for row in await database.rows(SQL["nobodys"])]


async def _rows(connection: Connection, query: str, given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(SQL[query], (given,))).fetchall()
