"""Forbids text that would tell a customer of a decision, or anybody of a filing."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

RULES = rules(
    denial=r"\b(you|your (application|loan|request|credit))\b.{0,20}\b(has|have|had|is|are|was|were|been)\b.{0,20}"
    r"\b(denied|declined|rejected|turned down)\b|\bwe (are unable|regret|cannot) (to )?(approve|offer|grant|extend)\b",
    filing=r"\bsars?\b|\bsuspicious[- ]activity\b",
    advice=r"\byou should (buy|sell|invest|sue|deduct)\b",
)


class DenialWording:
    """Stage: output. Refuses an answer that words a denial to a customer, mentions a filing, or advises.

    Denials are worded by the adverse-action notice alone (12 CFR 1002.9); filings are confidential. Fails closed:
    whoever runs it treats an error as a refusal. False positives: none of the certified answers, 2 of 10,003
    customers' questions (``docs/guardrails.md``).
    """

    name = "denial_wording"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "an answer must not word a denial, a filing or advice")
        return Verdict(Ruling.PASS, "DW0")
