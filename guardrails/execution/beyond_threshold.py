"""Forbids effects beyond what the book lets one customer, employee or counterparty come to across cases and time."""

from __future__ import annotations

from domain.bounds import Intended, Tally
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.money import dollars


class BeyondThreshold:
    """Stage: execution, over effects. Holds or refuses, as the row says, what passes a threshold with its sums.

    A row that names the effect and can be counted for nobody refuses it. What a person released passes up to the
    number that they saw. Fails closed: the outbox treats an error as a refusal. Deterministic: no false positives.
    """

    name = "beyond_threshold"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold, refuse or pass; a tool call is none of its matter."""
        intended: Intended | None = passage.context.get("intended")
        if intended is None:
            return Verdict(Ruling.PASS, "BT0")
        if intended.uncounted:
            rows = "+".join(intended.uncounted)
            return Verdict(Ruling.REFUSE, rows, f"{rows}: nobody is known whom this could be counted for")
        beyond = [each for each in intended.tallies if each.beyond and not _released(each, intended)]
        return _ruled(beyond) if beyond else Verdict(Ruling.PASS, "BT0")


def _released(tally: Tally, intended: Intended) -> bool:
    may_be = tally.row.breach == "hold"
    return may_be and tally.after <= intended.released.get(tally.row.id, -1)


def _ruled(beyond: list[Tally]) -> Verdict:
    refused = [each for each in beyond if each.row.breach == "refuse"]
    told = refused or beyond
    measures: dict[str, int] = {}
    for each in told:
        measures[each.row.id] = max(each.after, measures.get(each.row.id, 0))
    return Verdict(
        Ruling.REFUSE if refused else Ruling.HOLD,
        "+".join(measures),
        "; ".join(map(_sentence, told)),
        measures=measures,
    )


def _sentence(tally: Tally) -> str:
    row = tally.row
    shown = dollars if row.measure == "cents" else "{} actions".format
    window = f"in {row.within_days} days" if row.within_days else "at once"
    return (
        f"{row.id}: {row.scope} {tally.subject} would come to {shown(tally.after)} {window}, "
        f"and {shown(row.at_most)} are allowed"
    )
