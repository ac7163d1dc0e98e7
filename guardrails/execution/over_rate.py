"""Forbids more effects or tool calls in a window of time than the book lets all runners do together."""

from __future__ import annotations

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.rate import Pace


class OverRate:
    """Stage: execution, over effects and tool calls. Holds what finds its window full until the next one begins.

    One that a row names and that can be counted for nobody is refused. Fails closed: outbox and tool gateway treat an
    error as a refusal. Deterministic: no false positives.
    """

    name = "over_rate"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold until the next window, refuse or pass."""
        intended: Intended | None = passage.context.get("intended")
        paces: tuple[Pace, ...] = intended.paces if intended else passage.context.get("paces", ())
        if intended and intended.unpaced:
            rows = "+".join(intended.unpaced)
            return Verdict(Ruling.REFUSE, rows, f"{rows}: nobody is known whom this could be counted for")
        full = [each for each in paces if not each.taken]
        if not full:
            return Verdict(Ruling.PASS, "OR0")
        rows = "+".join(dict.fromkeys(each.row.id for each in full))
        until = max(each.opens for each in full)
        return Verdict(Ruling.HOLD, rows, "; ".join(map(_sentence, full)), until=until)


def _sentence(pace: Pace) -> str:
    row = pace.row
    whose = row.scope if row.scope in ("bank", "case") else f"{row.scope} {pace.subject}"
    return (
        f"{row.id}: {row.at_most} in {row.seconds} seconds are all that the {whose} may have; "
        f"the next ones from {pace.opens:%Y-%m-%d %H:%M:%S} UTC on"
    )
