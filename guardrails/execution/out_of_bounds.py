"""Forbids going on when effects or refusals of one kind are more than the book expects of healthy work."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from domain.tripwire import Counted


class OutOfBounds:
    """Stage: execution, over what happened lately. Refuses when a tripwire is passed: its target is then halted.

    Asked after an effect that did not happen and in every sweep. Fails closed: an error counts as a refusal, and what
    was looked at is halted. Deterministic; what is no accident and looks like one is resumed by a person.
    """

    name = "out_of_bounds"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass; effects and calls by themselves are none of its matter."""
        counted: Counted | None = passage.context.get("counted")
        if counted is None or not counted.beyond:
            return Verdict(Ruling.PASS, "OB0")
        row = counted.row
        what = row.event.replace("_", " ")
        why = (
            f"{row.id}: {counted.events} times {what} for {counted.name} in {row.within_minutes} minutes, "
            f"{row.at_most} are allowed"
        )
        return Verdict(Ruling.REFUSE, row.id, why, measures={row.id: counted.events})
