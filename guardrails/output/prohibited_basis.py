"""Forbids a prohibited basis as a reason, and words that discourage on one."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

WHY = r"(?<!not\s)(?<!never\s)\b(because( of)?|due to|owing to|on account of|based on|on the basis of|given)"
WHOSE = r"(your|his|her|their|the (customer|applicant|borrower|owner)('s|s')?)"
WHO = r"(you|he|she|they|the (customer|applicant|borrower|owner)s?) (is|are|was|were|has|have)"
BASIS = (
    r"(race|colou?r|skin|religion|faith|church|national origin|nationality|ethnicity|sex|gender|marital status|"
    r"marriage|divorce|age|pregnancy|public assistance|welfare|food stamps)"
)
TRAIT = (
    r"(married|unmarried|divorced|widowed|pregnant|elderly|too old|too young(?! to contract)|"
    r"a (single )?(mother|woman)|black|white|hispanic|asian|muslim|jewish|christian|"
    r"an immigrant|on (welfare|public assistance|food stamps))"
)
RULES = rules(
    basis_reason=rf"{WHY} {WHOSE} {BASIS}\b",
    basis_trait=rf"{WHY} {WHO} {TRAIT}\b",
    basis_plans=r"\b(may|might|could|will|likely to|plans? to|planning to) (soon )?"
    r"(have (a )?(child|children|baby|babies)|(start|raise) a family|"
    r"(get|become) pregnant|(go|leave) on (maternity|parental) leave)\b",
    basis_place=r"\b(minority|black|hispanic|latino|asian|jewish|muslim|immigrant|ethnic|racially changing) "
    r"(neighbou?rhood|area|block|community)\b",
    basis_discouraged=r"\b(people|families|women|men|someone|somebody|a person) (like (you|them|him|her)|of "
    r"(your|that|their) (kind|age|race|faith|religion|origin))\b|\bat (your|his|her|their) age\b",
)


class ProhibitedBasis:
    """Stage: output. Refuses text that gives a prohibited basis as a reason, or discourages on one.

    Race, colour, religion, national origin, sex, marital status, age, public assistance (12 CFR 1002.2(z)), family
    plans, make-up of the neighbourhood; discouragement (1002.4(b)). Naming a basis is no reason and passes. Fails
    closed: whoever runs it treats an error as a refusal. False positives: none on the 16 ordinary sentences of its
    test, which are our own and few; words in other languages and hints are not seen.
    """

    name = "prohibited_basis"
    version = "1"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "a prohibited basis is given as a reason or to discourage")
        return Verdict(Ruling.PASS, "PB0")
