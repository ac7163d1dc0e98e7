"""Compensations: effects that take back an earlier one, and when one may happen.

Owns the tie between a compensation and the effect that it takes back: of the case that is unwound, confirmed, with
exactly this receipt and these cents, once. What did not happen stays on record as another case's refusal; the next
attempt is an order of its own. Never performs anything; the outbox asks here at the moment it acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from psycopg.rows import DictRow

from audit.unwinding import EffectCompensated
from checkpoints.database import Connection
from checkpoints.ledger import Ledger
from checkpoints.queries import load
from domain.approval import Action
from domain.canonical import digest
from domain.effect import AnyEffect, EffectOrder, EffectReceipt, EffectStatus
from domain.errors import Refused
from domain.unwinding import ATTEMPT, RECEIPT, UNDOES

SQL = load("unwinding")
MEANWHILE = "it was reported meanwhile that {}: unwind the case for that"
Effects = Mapping[str, AnyEffect]


def key_of_undoing(action: Action) -> str | None:
    """The key of a compensation's order: of what it takes back alone, whichever case asks for it."""
    args = action.args
    if UNDOES not in args:
        return None
    what = {"compensation": action.name, "of": args[UNDOES], "receipt": args.get(RECEIPT)}
    return digest({**what, "attempt": args.get(ATTEMPT)})


def require_own(known: DictRow, order: EffectOrder) -> None:
    """Pass unless another case asked for this before: that one alone says what became of it."""
    if known["case_id"] != order.case_id:
        why = f"{known['case_id']} asked for this before, and it is {known['status']} there"
        raise Refused(why, control="outbox.undoing")


async def require_undoable(connection: Connection, effects: Effects, order: EffectOrder) -> None:
    """Pass what is no compensation, and a compensation of exactly what the unwound case did; ``Refused`` otherwise."""
    args = order.action.args
    if UNDOES not in args and order.action.name not in {each.undone_by for each in effects.values()}:
        return
    cursor = await connection.execute(SQL["to_be_undone"], (order.case_id, str(args.get(UNDOES))))
    row = await cursor.fetchone()
    if row is None or row["case_id"] != row["unwinds"]:
        raise Refused("this takes back nothing that the unwound case did", control="outbox.undoing")
    if row["status"] != EffectStatus.CONFIRMED:
        raise Refused(f"what it takes back is {row['status']}", control="outbox.undoing")
    if order.action != undoing(effects, row):
        raise Refused("it is not what takes back exactly this", control="outbox.undoing")


async def overtaken(connection: Connection, case_id: str, graver: Mapping[str, Mapping[str, str]]) -> str:
    """Why what was signed for an unwinding does not count any more; empty while it does.

    A report that was answered before this transaction began to ask is always seen: both take the same lock.
    """
    if not graver:
        return ""
    await connection.execute(SQL["reporting"], (case_id,))
    row = cast("DictRow", await (await connection.execute(SQL["reported"], (case_id,))).fetchone())
    told = graver.get(str(row["reason"]), {})
    texts = [told[code] for code in sorted(row["reported"]) if code in told]
    return MEANWHILE.format(" and that ".join(texts)) if texts else ""


async def settle_undone(
    connection: Connection, ledger: Ledger, order: EffectOrder, found: EffectReceipt
) -> None:
    """The earlier effect is compensated, and its own case says by what; nothing for what is no compensation."""
    undone = order.action.args.get(UNDOES)
    if undone is None:
        return
    row = await (await connection.execute(SQL["to_be_undone"], (order.case_id, undone))).fetchone()
    await connection.execute(SQL["undone"], (undone,))
    earlier = cast("DictRow", row)
    event = EffectCompensated(
        effect=earlier["effect"],
        receipt=earlier["receipt"],
        unwinding=order.case_id,
        compensation=order.action.name,
        compensation_receipt=found.receipt,
    )
    await ledger.append(connection, earlier["case_id"], f"effect/{undone}", event)


def undoing(effects: Effects, row: DictRow) -> Action | None:
    """The one action that takes back this effect: its receipt, its cents, which attempt it is."""
    effect = effects.get(row["effect"])
    by = effects.get(effect.undone_by or "") if effect else None
    if by is None:
        return None
    moved = {by.money: cents_of(effect, row)} if by.money else {}
    args = {UNDOES: row["key"], RECEIPT: row["receipt"], ATTEMPT: row["failed"] + 1, **moved}
    return Action(name=by.name, args=args, irreversible=True)


def cents_of(effect: AnyEffect | None, row: DictRow) -> int:
    """What an effect moved, by the argument that it names."""
    cents = row["action"]["args"].get(effect.money or "", 0) if effect else 0
    return cents if isinstance(cents, int) else 0
