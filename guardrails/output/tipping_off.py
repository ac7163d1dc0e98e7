"""Forbids anything that tells of a filing, or of what only a filing is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from domain.guard import Passage, Ruling, Stage, Verdict
from domain.identity import IdentityKind
from domain.leaving import Audience, Kind, Leaving, leaving_of
from domain.numerals import numbers
from guardrails.folding import fold
from guardrails.occurring import readable
from guardrails.wording import first_met, rules

WORDS = rules(
    filing_named=r"\bsars?\b|\bctrs?\b|\bfincen\b|\bsuspicious[- _]?(activity|transaction|matter)|\bcurrency "
    r"(transaction )?report|\b(activity|transaction) report\b|\bactivity[ _]alert|\bcash[ _]transactions?\b",
    filing_done=r"\b(we|the bank) (((have|has|had|need|needed) to|have|has|had|must|(are|were) required to) )?"
    r"(filed?|reported|report) (it|this|that|you|your [a-z]+|a report|these [a-z]+)\b[^.]{0,60}\b"
    r"(authorit|government|regulator|treasury|police|law enforcement)",
    filing_told=r"\b(police|law enforcement|fincen|treasury|authorit(y|ies)|regulators?|government) (have been|"
    r"has been|was|were|are) (told|notified|informed|contacted)\b|\b(notified|informed|told|contacted|alerted) the "
    r"(police|treasury|authorities|government|regulators?)\b|\b(reported|flagged) you\b|"
    r"\btrigger(s|ed)? (a|the) report\b",
    filing_suspected=r"\b(structuring|money[- ]launder|launder(ing|ed)?|terrorist financ|bank secrecy|"
    r"financial crime|law enforcement)|\b(looks?|looked|seems?|seemed) suspicious\b",
    filing_reviewed=r"\b(compliance|anti[- ]money[- ]laundering|aml|fraud) (\w+ )?(is|are|was|has|team|department|"
    r"unit|review|investigat|hold)|\b(is|are) with (compliance|the (aml|fraud))\b",
)
REFERENCE = re.compile(
    r"\b(?=[\w-]*\d)[A-Za-z]{1,6}-[\w-]{3,}\b"
)  # of an alert; case and party references have none
AMOUNT = re.compile(r"(?:\$|\bUSD) ?(\d[\d,]*(?:\.\d+)?)")
LEAST_DOLLARS = Decimal(1_000)  # a smaller amount stands somewhere by accident
LEAST_SIGNS = 24  # letters of a sealed sentence that is looked for as it is


class TippingOff:
    """Stage: output. Refuses words about a filing to outsiders and in chats, sealed facts to all but compliance.

    Nobody involved may learn of a report, nor of what would reveal that there is one (31 U.S.C. 5318(g)(2), 12 CFR
    21.11(k)). Facts are taken from what the case has sealed: whole sentences, references, amounts and days that
    nothing else of the case gives. Fails closed: whoever runs it treats an error as a refusal. False positives:
    none on the letters, notices and readings of the demo; other languages and hints without a fact are not seen.
    """

    name = "tipping_off"
    version = "2"
    stage: Stage = "output"

    async def check(self, passage: Passage) -> Verdict:
        """Refuse or pass; what is sealed is never repeated."""
        leaving = leaving_of(passage)
        if leaving is None or leaving.audience in (Audience.COMPLIANCE, Audience.SYSTEM):
            return Verdict(Ruling.PASS, "TI0")
        met = first_met(fold(_told(leaving)).text, WORDS)
        if met is not None:
            return Verdict(Ruling.REFUSE, met, "it speaks of a filing, or of what leads to one")
        sealed = _sealed_fact(leaving)
        if sealed is not None:
            return Verdict(Ruling.REFUSE, sealed, "a fact that is for compliance alone stands in it")
        return Verdict(Ruling.PASS, "TI1")


def _told(leaving: Leaving) -> str:
    """What must not speak of a filing: all that goes outside, and what a model words in a chat."""
    if leaving.audience is Audience.APPLICANT:
        return leaving.text
    return "\n".join(leaving.own) if leaving.kind is Kind.ANSWER else ""


def _sealed_fact(leaving: Leaving) -> str | None:
    """The rule of the first sealed fact that stands in the text."""
    if not leaving.sealed:
        return None
    text = readable(leaving.text)
    for sentence in (each for piece in leaving.sealed for each in _sentences(piece)):
        if text.holds(IdentityKind.DOCUMENT, sentence):
            return "sealed_sentence"
    for reference in (each for piece in leaving.sealed for each in REFERENCE.findall(piece)):
        if text.holds(IdentityKind.DOCUMENT, reference):
            return "sealed_reference"
    amounts = {each for each in _amounts(leaving.sealed) if each not in (leaving.known or ())}
    if amounts & set(numbers(leaving.text)):
        return "sealed_amount"
    return None


def _sentences(piece: str) -> Iterator[str]:
    """Sentences long enough to be nothing else, without the dates in them."""
    for each in re.split(r"(?<=[.;:!?])\s+", piece):
        if sum(sign.isalpha() for sign in each) >= LEAST_SIGNS:
            yield each


def _amounts(pieces: Iterable[str]) -> Iterator[Decimal]:
    """Amounts of money, in dollars and in cents."""
    for found in (each for piece in pieces for each in AMOUNT.findall(piece)):
        dollars = Decimal(found.replace(",", ""))
        if dollars >= LEAST_DOLLARS:
            yield from (dollars, dollars * 100)
