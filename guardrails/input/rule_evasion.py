"""Forbids messages that ask for the rules to be left aside."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

RULES = rules(
    evasion=r"\b(ignore|disregard|forget|override|bypass|skip|drop)\b.{0,40}\b(rules?|instructions?|polic(y|ies)|prompt|"
    r"guardrails?|restrictions?|limits?|scope|above|previous)\b"
    r"|\b(system|developer) (prompt|message|mode)\b|\bjail ?break\w*|\bpretend (to be|you are|that you)\b"
    r"|\b(you are|act|speak|behave) (now )?(as )?(an? )?(admin\w*|root|auditor|unrestricted|"
    r"another (person|assistant))\b"
    r"|\b(reveal|print|repeat|show)\b.{0,30}\b(your (instructions|prompt|rules)|hidden|vault)\b"
    r"|\b(show|list|give|dump|export)\b.{0,20}\b(all|every|everybody'?s|everyone'?s)\b.{0,30}\b(bank'?s|other|"
    r"customers|people|advisors?|colleagues?)\b",
)


class RuleEvasion:
    """Stage: input. Refuses messages that tell the house to forget its rules or to be somebody else.

    A convenience, not the control: scope, mandate and gateways hold whatever a message says. Fails closed: whoever
    runs it treats an error as a refusal. False positives: none of the certified questions, none of 10,003 customers'
    questions; it recognises about three in ten written attempts (``docs/guardrails.md``).
    """

    name = "rule_evasion"
    version = "1"
    stage: Stage = "input"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        if first_met(passage.text, RULES) is not None:
            return Verdict(Ruling.REFUSE, "evasion", "the message asks for the rules to be left aside")
        return Verdict(Ruling.PASS, "RE0")
