"""Forbids effects of a high rating that no person decided."""

from __future__ import annotations

from domain.bounds import Intended
from domain.guard import Passage, Ruling, Stage, Verdict
from domain.rating import rank


class UnattendedRisk:
    """Stage: execution, over effects. Holds one that no person decided and whose rating is above the book's row.

    The rating is computed from the effect's manifest, never written down. Fails closed: the outbox treats an error
    as a refusal. Deterministic: no false positives.
    """

    name = "unattended_risk"
    version = "1"
    stage: Stage = "execution"

    async def check(self, passage: Passage) -> Verdict:
        """Hold or pass; a tool call is none of its matter."""
        intended: Intended | None = passage.context.get("intended")
        if intended is None or intended.attended:
            return Verdict(Ruling.PASS, "UR0")
        found, allowed = rank(intended.rated.rating), rank(intended.unattended_at_most)
        if found <= max(allowed, intended.released.get("UR1", allowed)):
            return Verdict(Ruling.PASS, "UR0")
        why = (
            f"UR1: {intended.effect} is rated {intended.rated.rating} ({', '.join(intended.rated.because)}); "
            f"without a person the book allows {intended.unattended_at_most}"
        )
        return Verdict(Ruling.HOLD, "UR1", why, measures={"UR1": found})
