"""What an unwinding reads of the case that it unwinds: what it did, as it stands now, and who had to do with it.

Stops it where it is still open, reads back, and changes nothing else; what is planned from it is the case graph's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from psycopg.rows import DictRow

from audit.stamps import Flaw
from audit.unwinding import DefectReported
from checkpoints.compensating import SQL, Effects, cents_of, undoing
from checkpoints.database import Connection, Database
from checkpoints.proofs import SQL as PROOFS
from checkpoints.stamps import flaws_of
from checkpoints.stopping import Stopping
from domain.approval import Action
from domain.effect import AnyEffect, EffectOrder, EffectStatus, ExternalEffect
from domain.errors import Unavailable
from domain.unwinding import UndoStep

NOT_SURE = "nobody knows whether it happened: find out in the other system, and take it back there if it did"
CHANGED = "the record of the case was changed ({}): restore it, and compare it with the other system, before anything"
TRIED = "{} ordered it to be taken back, and nobody knows whether that happened: find out in the other system"
TAKEN_BACK = "somebody took it back, and not on an order that is known here: find out who, and whether once"
SHOWS = "; now it shows as {}"


class Unwound:
    """Reads cases that are, or may be, unwound."""

    def __init__(self, database: Database, effects: Iterable[AnyEffect], stopping: Stopping) -> None:
        self._database = database
        self._stopping = stopping
        self._effects = {each.name: each for each in effects}

    async def stop(self, connection: Connection, case_id: str, by: str, reason: str) -> None:
        """It does nothing more, if it was still open; in the caller's transaction."""
        await self._stopping.stop(connection, case_id, by, reason)

    async def reported(self, unwinding: str, at: str) -> tuple[str, ...]:
        """Codes of the defects that were reported since this unwinding began. ``at``: the request that asks."""
        told = await self._stopping.ledger.of_kinds(unwinding, [DefectReported.kind()])
        return tuple(dict.fromkeys(str(entry.body["reason"]) for entry in told))

    async def steps(self, case_id: str) -> tuple[UndoStep, ...]:
        """What would undo a case, the last thing that it did first; each is read back where it stands.

        Nothing is taken back on the word of a record that was changed: a person finds out all of it.
        """
        rows, flaws = await self._database.rows(SQL["done_by"], case_id), await self._flaws(case_id)
        if flaws:
            why = CHANGED.format(f"{flaws[0].where}: {flaws[0].reason}")
            return tuple(UndoStep(fate="unknown", why=why, **_told(self._effects, row)) for row in rows)
        return tuple([await _step(self._effects, row) for row in rows])

    async def _flaws(self, case_id: str) -> tuple[Flaw, ...]:
        async with self._database.transaction() as connection:
            await connection.execute(PROOFS["one_moment"])
            return await flaws_of(connection, case_id)

    async def people(self, case_id: str) -> tuple[str, ...]:
        """Who made the case or decided anything in it."""
        rows = await self._database.rows(SQL["people"], case_id, case_id)
        return tuple(row["person"] for row in rows)


async def _step(effects: Effects, row: DictRow) -> UndoStep:
    effect = effects.get(row["effect"])
    told = _told(effects, row)
    if row["status"] == EffectStatus.COMPENSATED:
        return UndoStep(fate="undone", **told)
    if row["status"] != EffectStatus.CONFIRMED or row["open_with"]:
        why = TRIED.format(row["open_with"]) if row["open_with"] else NOT_SURE
        shows = await _shown(effect, row)
        return UndoStep(fate="unknown", shows=shows, why=why + (SHOWS.format(shows) if shows else ""), **told)
    if effect is None or effect.undone_by is None:
        why = effect.lasting if effect else "this system does not know it any more: look where it was done"
        return UndoStep(fate="stays", why=why, **told)
    return await _reversible(effects, cast("ExternalEffect", effect), row, told)


def _told(effects: Effects, row: DictRow) -> dict[str, Any]:
    named = {name: row[name] for name in ("key", "effect", "receipt")}
    return {**named, "cents": cents_of(effects.get(row["effect"]), row)}


async def _reversible(
    effects: Effects, effect: ExternalEffect, row: DictRow, told: dict[str, Any]
) -> UndoStep:
    shows = await _shown(effect, row)
    if shows in ("", effect.stands):
        return UndoStep(fate="undo", shows=shows, by=undoing(effects, row), **told)
    by = effects.get(effect.undone_by or "")
    already = by is not None and shows == getattr(by, "stands", None)
    why = TAKEN_BACK if already else effect.lasting
    return UndoStep(fate="stays", shows=shows, why=f"it shows as {shows}: {why}", **told)


async def _shown(effect: AnyEffect | None, row: DictRow) -> str:
    """How the other system shows it now; nothing when that does not answer, or it is our own record."""
    if effect is None or not hasattr(effect, "stands"):
        return ""
    try:
        found = await cast("ExternalEffect", effect).read_back(_order(row))
    except Unavailable:
        return ""
    return str(found.read_back.get("status", "")) if found else "not there"


def _order(row: DictRow) -> EffectOrder:
    action = Action.model_validate(row["action"])
    return EffectOrder(case_id=row["case_id"], step=row["step"], action=action, key=row["key"])
