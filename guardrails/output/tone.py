"""Forbids words that demean or threaten a customer."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

WHO = (
    r"(you|he|she|they|these people|those people|this (man|woman|couple|family)|that (man|woman|couple|family)|"
    r"(the )?(man|woman|couple|customer|applicant|borrower|owner|guarantor)s?)"
)
HOW = r"((just|simply|clearly|obviously|too|very|really|so|plain|only) )?((a|an|another|such a) )?"
MEAN = (
    r"(stupid|dumb|lazy|dishonest|pathetic|worthless|ignorant|greedy|irresponsible|crazy|insane|hopeless|useless|"
    r"liars?|crooks?|fools?|cheats?|thie(f|ves)|losers?|freeloaders?|parasites?|idiots?)"
)
RULES = rules(
    tone_demeaning=rf"\b{WHO} (is|are|was|were|seems?|must be) {HOW}{MEAN}\b"
    r"|\b(deadbeats?|idiots?|morons?|imbeciles?|scumbags?|lowlifes?|freeloaders?|dimwits?|jerks?)\b"
    r"|\b(only|just) (a |an )?(fools?|losers?|idiots?)\b"
    r"|\b(what a|such a|another) (pathetic|stupid|ridiculous|laughable|miserable)\b"
    r"|\byou people\b|\bshut up\b|\b(stop|quit) (whining|moaning|crying|bothering)\b"
    r"|\bwast(e|ing) (our|my) time\b|\b(this|such|your) (rubbish|garbage|nonsense)\b",
    tone_threat=r"\byou('ll| will) (soon )?(regret\b|be (arrested|jailed|sorry|ruined)|go to (jail|prison))"
    r"|\b(pay|sign|do it|send it)( now| today| up)?,? or (else|we|you)\b"
    r"|\bor (you('ll| will) (regret|be sorry)|else we)\b|\bhad better [^.]{0,40}\bor you\b"
    r"|\bwe('ll| will| can) (ruin|destroy|come after|tell your (employer|boss|family|neighbou?rs)|"
    r"make sure (that )?(nobody|no one|you)|have you (arrested|jailed|deported|evicted)|see you in jail)\b"
    r"|\bwe know where you (live|work)\b|\bdo not (you )?(dare|try anything)\b",
)


class Tone:
    """Stage: output. Refuses text that demeans a customer or threatens one.

    What a note or the law provides for (a fee, a sale by the court) is no threat. Fails closed: whoever runs it treats
    an error as a refusal. False positives and recall: ``docs/output.md``; irony and other languages are not seen.
    """

    name = "tone"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "the words demean or threaten a customer")
        return Verdict(Ruling.PASS, "TO0")
