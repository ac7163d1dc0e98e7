"""Forbids the last step of effects that are each allowed alone and in this order are not."""

from __future__ import annotations

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.sequence import Walked


class ForbiddenSequence:
    """Stage: execution, over effects. Holds or refuses, as the row says, what would complete a sequence of the book.

    The steps may lie in different cases of one customer, employee or counterparty. What a person released passes as
    long as no newer step was done since. One whose subject nobody knows is refused at any step. Fails closed: the
    outbox treats an error as a refusal. Deterministic: no false positives.
    """

    name = "forbidden_sequence"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold, refuse or pass; a tool call is none of its matter."""
        intended: Intended | None = passage.context.get("intended")
        if intended is None:
            return Verdict(Ruling.PASS, "FS0")
        if intended.untraced:
            rows = "+".join(intended.untraced)
            return Verdict(Ruling.REFUSE, rows, f"{rows}: nobody is known whose steps this could be one of")
        completed = [each for each in intended.walked if not _released(each, intended)]
        return _ruled(intended, completed) if completed else Verdict(Ruling.PASS, "FS0")


def _released(each: Walked, intended: Intended) -> bool:
    return each.row.breach == "hold" and each.seen <= intended.released.get(each.row.id, -1)


def _ruled(intended: Intended, completed: list[Walked]) -> Verdict:
    refused = [each for each in completed if each.row.breach == "refuse"]
    told = refused or completed
    measures: dict[str, int] = {}
    for each in told:
        measures[each.row.id] = max(each.seen, measures.get(each.row.id, 0))
    return Verdict(
        Ruling.REFUSE if refused else Ruling.HOLD,
        "+".join(measures),
        "; ".join(_sentence(each, intended) for each in told),
        measures=measures,
    )


def _sentence(each: Walked, intended: Intended) -> str:
    steps = ", ".join(f"{done.effect} {done.sort}".strip() + f" of {done.case_id}" for done in each.steps)
    now = f"{intended.effect} {intended.sort}".strip()
    return (
        f"{each.row.id}: {each.row.scope} {each.subject} had {steps}, and {now} would complete the sequence"
    )
