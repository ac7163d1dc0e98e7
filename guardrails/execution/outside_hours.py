"""Forbids effects outside the hours that the book opens for them, after a cut-off and in a freeze."""

from __future__ import annotations

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.hours import Freeze, Row, opening, stamp


class OutsideHours:
    """Stage: execution, over effects. Holds an effect until every row that names it is open.

    A person may let it go before where every row that is shut says so, up to the opening that they saw. One that
    does not open within a year is refused. Fails closed: the outbox treats an error as a refusal. Deterministic:
    no false positives.
    """

    name = "outside_hours"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold until it opens, refuse or pass; a tool call is none of its matter."""
        intended: Intended | None = passage.context.get("intended")
        shut = _shut(intended) if intended else ()
        if not intended or not shut:
            return Verdict(Ruling.PASS, "OH0")
        rows, until = "+".join(row.id for row in shut), opening(shut, intended.now)
        told = ", ".join(map(_named, shut))
        if until is None:
            return Verdict(Ruling.REFUSE, rows, f"{told}: {intended.effect} does not open within a year")
        why = f"{told}: {intended.effect} waits until {until:%Y-%m-%d %H:%M} UTC"
        return Verdict(Ruling.HOLD, rows, why, measures=_releasable(intended, shut), until=until)


def _shut(intended: Intended) -> tuple[Row, ...]:
    """Rows that are shut now and that nobody let it pass."""
    now, released = intended.now, intended.released
    opens = {row: row.opening(now) for row in intended.hours}
    return tuple(
        row
        for row, at in opens.items()
        if at is None or (at != now and not (row.releasable and stamp(at) <= released.get(row.id, -1)))
    )


def _releasable(intended: Intended, shut: tuple[Row, ...]) -> dict[str, int]:
    """Up to which opening of each row a person would let it go; nothing where a row is not theirs to open."""
    if not all(row.releasable for row in shut):
        return {}
    opens = {row.id: row.opening(intended.now) for row in shut}
    return {row: stamp(at) for row, at in opens.items() if at is not None}


def _named(row: Row) -> str:
    return f"{row.id} ({row.why if isinstance(row, Freeze) else f'hours of {row.zone}'})"
