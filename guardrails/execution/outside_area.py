"""Forbids effects for customers, by people or in systems outside the countries that the book names."""

from __future__ import annotations

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Stage, Verdict


class OutsideArea:
    """Stage: execution, over effects. Holds or refuses, as the book says, when a place is not on its side's list.

    A place that nobody knows is on no list. What a person released passes as long as no more places lie outside.
    Fails closed: the outbox treats an error as a refusal. Deterministic: no false positives.
    """

    name = "outside_area"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold, refuse or pass; tool calls have the regions of their mandate."""
        intended: Intended | None = passage.context.get("intended")
        row = intended.geography if intended else None
        outside = row.outside(intended.places) if intended and row else ()
        if not intended or row is None or not outside:
            return Verdict(Ruling.PASS, "OA0")
        if row.breach == "hold" and len(outside) <= intended.released.get(row.id, 0):
            return Verdict(Ruling.PASS, "OA0")
        why = f"{row.id}: {', '.join(map(str, outside))}: {intended.effect} is for the countries of the book"
        ruling = Ruling.HOLD if row.breach == "hold" else Ruling.REFUSE
        return Verdict(ruling, row.id, why, measures={row.id: len(outside)})
