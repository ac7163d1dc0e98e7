"""Forbids words that demean or threaten a customer."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

RULES = rules(
    tone_demeaning=r"\b(you|he|she|they|customer|applicant|borrower|owner)s? (is|are|was|were|seems?|must be) "
    r"((just|simply|clearly|too|very|really|so) )?((a|an) )?(stupid|lazy|dishonest|pathetic|worthless|ignorant|greedy|"
    r"irresponsible|liars?|crooks?|fools?)\b|\b(deadbeats?|idiots?|morons?|scumbags?|lowlifes?)\b",
    tone_threat=r"\byou('ll| will) (regret (it|this)|be (arrested|jailed|sorry)|go to (jail|prison))\b|"
    r"\b(pay|sign|do it)( now)?,? or else\b|"
    r"\bwe('ll| will) (ruin|destroy|come after|tell your (employer|boss|family|neighbou?rs))\b",
)


class Tone:
    """Stage: output. Refuses text that demeans a customer or threatens one.

    Fails closed: whoever runs it treats an error as a refusal. False positives: none on the 16 ordinary sentences of
    its test, which are our own and few; irony and other languages are not seen.
    """

    name = "tone"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "the words demean or threaten a customer")
        return Verdict(Ruling.PASS, "TO0")
