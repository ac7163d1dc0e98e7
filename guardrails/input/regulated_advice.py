"""Forbids questions whose answer would be regulated advice, or confidential by law."""

from __future__ import annotations

from domain.guard import Passage, Ruling, Stage, Verdict
from guardrails.wording import first_met, rules

SECURITIES = (
    r"(stocks?|shares?|bonds?|etfs?|mutual funds?|securit(y|ies)|crypto\w*|bitcoin|portfolio|annuit(y|ies))"
)
RULES = rules(
    securities=rf"\b(invest|buy|sell|hold|recommend|pick|allocate)\b.{{0,60}}\b{SECURITIES}\b"
    rf"|\b{SECURITIES}\b.{{0,60}}\b(should|would you|recommend|better|buy|sell|invest)\b",
    tax=r"\b(tax(es)?)\b.{0,40}\b(deduct\w*|write off|save|avoid|advice|owe|return advice|bracket)\b"
    r"|\b(deduct\w*|write off)\b.{0,40}\btax(es)?\b|\btax[- ]deductible\b",
    legal=r"\blegal (advice|opinion|position|risk)\b|\b(sue|lawsuit|litigat\w+|liable|liability in court)\b"
    r"|\bis (it|this|that) legal\b|\bcan (he|she|they|we|i|the customer) (sue|be sued)\b",
    denial=r"\b(tell|write|draft|word|send|inform|notify|let)\b.{0,80}\b(den(y|ied|ial)|declined?|reject(ed|ion)?|"
    r"turned down|adverse action)\b|\b(denial|adverse action|rejection) (letter|notice|wording|mail|e-mail)\b",
    filing=r"\bsars?\b|\bsuspicious[- ]activity\b|\bcurrency transaction report\b|\btip(ping)?[- ]off\b",
)


class RegulatedAdvice:
    """Stage: input. Refuses requests for securities, tax or legal advice, denial wording, and filings.

    The rule names the sort of request, so that policy can say why and what to do instead. Fails closed: whoever
    runs it treats an error as a refusal. False positives: none of the certified questions, 18 of 10,003 customers'
    questions (``docs/guardrails.md``); a question about a case that happens to use such words is refused too, and
    says so.
    """

    name = "regulated_advice"
    version = "1"
    stage: Stage = "input"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass."""
        met = first_met(passage.text, RULES)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "the answer would be regulated advice or is confidential")
        return Verdict(Ruling.PASS, "RA0")
