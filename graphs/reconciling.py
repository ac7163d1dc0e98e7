"""Reconciles a case, or all of them: stores against each other, the checkpoint, and the system of record.

Effects are looked at where they were done, as they show now: the outcome, not the attempt. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from audit.reconciliation import RULES, Holdings, Looked, Standing, Unexplained, reconcile
from audit.stamps import Flaw
from audit.tree import Tree, tree_flaws
from checkpoints.holdings import every_case, holdings, nobodys
from checkpoints.saver import CaseSaver
from domain.errors import NotFound, Refused
from graphs.catalog import case_graph
from graphs.services import Services

RESTORE = "restore the tree from a backup; compare it with a copy of the notes that somebody else keeps"
ORPHAN = "no case owns them: a what-if copy that failed half-way, or rows that were put there; find out, then delete"
UNSENT = ("intended", "held", "waiting")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was compared and what nothing explains."""

    cases: int
    compared: dict[str, int]  # how often each two were compared
    found: tuple[Unexplained, ...]


async def reconcile_case(services: Services, case_id: str) -> Reconciled:
    """One case, and the tree that it is anchored in."""
    return await _reconciled(services, [case_id], [])


async def reconcile_all(services: Services) -> Reconciled:
    """Every case, and what belongs to none."""
    orphans = [
        Unexplained(owner, f"{store} ↔ cases", f"rows of {store} belong to {owner}, which is no case", ORPHAN)
        for store, owner in await nobodys(services.database)
    ]
    return await _reconciled(services, await every_case(services.database), orphans)


async def _reconciled(services: Services, cases: list[str], found: list[Unexplained]) -> Reconciled:
    async with services.proofs.view() as connection:
        tree = await services.anchors.tree(connection)
    flaws = [_of_tree(flaw) for flaw in tree_flaws(tree)]
    for case_id in cases:
        found = [*found, *reconcile(await held_of(services, case_id, tree))]
    return Reconciled(len(cases), {between: len(cases) for between, _ in RULES}, (*flaws, *found))


async def held_of(services: Services, case_id: str, tree: Tree) -> Holdings:
    """Everything about one case, the system of record included."""
    ancestors = await services.cases.ancestors(case_id)
    async with services.proofs.view() as connection:
        held = await holdings(connection, case_id, ancestors, tree)
    looked = {row["key"]: await _looked(services, row) for row in held.effects if _shows(row)}
    return replace(held, looked=looked, standing=await _standing(services, held.case))


def _shows(row: Mapping[str, Any]) -> bool:
    """Whether what shows there tells of this order: nothing was sent, or a later unwinding got what it did not."""
    later = row["status"] == "refused" and row["undone"]
    return row["status"] not in UNSENT and not later


async def _looked(services: Services, row: Mapping[str, Any]) -> Looked:
    try:
        return Looked(await services.outbox.look(row))
    except (Refused, NotFound) as error:
        return Looked(None, error.message)


async def _standing(services: Services, case: Any) -> Standing | None:
    graph = case_graph(case["kind"]).copy(update={"checkpointer": CaseSaver(services.database.pool)})
    state = await graph.aget_state({"configurable": {"thread_id": case["id"]}})
    if state.created_at is None:
        return None
    waits = state.interrupts[0].value if state.interrupts else {}
    return Standing(tuple(state.next), state.values.get("outcome"), waits.get("approval_id"))


def _of_tree(flaw: Flaw) -> Unexplained:
    return Unexplained("", "tree ↔ signed notes", f"{flaw.where}: {flaw.reason}", RESTORE)
