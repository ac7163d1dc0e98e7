"""Forbids messages that ask for more than the asker's own reach: everybody's records, other people's rights."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

RULES = rules(
    evasion=r"\b(bypass|circumvent|get (a)?round|switch off|disable)\b.{0,40}\b(scope|limits?|approvals?|controls?|"
    r"guardrails?|four[- ]eyes|countersign\w*)\b"
    r"|\b(treat me|you are|i am|act|speak|behave) (now )?(as )?(an? )?(admin\w*|root|auditor|supervisor|"
    r"another (person|advisor))\b"
    r"|\b(reveal|print|repeat|show|open)\b.{0,30}\b(hidden|vault|tokens?)\b"
    r"|\b(show|list|give|dump|export)\b.{0,20}\b(all|every|everybody'?s|everyone'?s)\b.{0,30}\b(bank'?s?|other|"
    r"customers|people|advisors?|colleagues?)\b",
)


class RuleEvasion:
    """Stage: input. Refuses messages that ask for everybody's records or for somebody else's rights.

    Orders to a model are ``prompt_injection``'s matter. A convenience, not the control: scope, mandate and gateways
    hold whatever a message says. Fails closed: whoever runs it treats an error as a refusal. Measured:
    ``docs/guardrails.md``.
    """

    name = "rule_evasion"
    version = "2"
    stage: Stage = "input"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        if first_met(passage.text, RULES) is not None:
            return Verdict(Ruling.REFUSE, "evasion", "the message asks for more than the asker's own reach")
        return Verdict(Ruling.PASS, "RE0")
