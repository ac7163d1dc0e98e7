"""Finds a task for an assistant in a text about something else: it asks for what no letter to a bank asks for.

Such a request is ordinary in itself ("Write a poem about the sea."); it gives itself away by where it stands: among
sentences that share no word with it. Owns what a task looks like and when it has nothing to do with the text around
it. Judges no meaning; a request about the bank's business, or in the writer's own affairs, is never one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrails.injection.detection import NOTHING, Detection

RULE, SAYS = "PI7", "asks for something that has nothing to do with the text around it"
FEWEST, MOST = 4, 120  # sentences of a text that is looked at
LONGEST = 240  # signs of a task
SHORTEST = 4  # signs of a word that says what a sentence is about
STEM = 5  # signs by which words are compared
SAYS_ENOUGH = 2  # words of a task beside the one that orders it
SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[^\W\d_]+")
IDLE = re.compile(
    r"\b(?:about|been|deal|explain|going|happen|know|please|point|problem|thing|what|wrong)[a-z]*"
)
DO = (
    "write|draft|compose|translate|explain|describe|define|summari[sz]e|calculate|compute|convert|name|develop|create|"
    "generate|invent|outline|analy[sz]e|classify|compare|paraphrase|rewrite|solve|design|recommend|suggest|list|"
    "provide|show me|tell me|give me|teach me|break down|come up with|help me|organi[sz]e|schedule|plan|automate"
)
BEGINS = (
    r"(?:\W*(?:please|kindly|now|then|also|finally|and|first|next|by the way)\b,? )*"
    r"(?:(?:can|could|would|will) you (?:please )?)?"
)
TASK_BEGINS = re.compile(rf"{BEGINS}[a-z]+")
TASK = re.compile(
    rf"{BEGINS}(?:(?:{DO})(?= )|"
    r"(?:what(?:'s| is| are| was| were| does| do| did)|who (?:is|was|were|wrote|won|invented|discovered|painted|made)|"
    r"which [a-z]+ (?:is|are|was|has|have)|where (?:is|are|was|were)|when (?:is|was|did|were)|"
    r"why (?:is|are|do|does|did)|how (?:do|does|did|is|are|can|many|far|old|would)) .*\?$)"
)
OWN = re.compile(  # the writer's affairs, the bank's, something that was spoken of before, or a command's syntax
    r"[$|\\_]|\b(?:i|i'm|i've|my|mine|we|our|ours|us|your|yours|he|she|they|his|her|their|this|these|those|it|its|here|"
    r"enclosed|attached|below|same)\b"
)
BUSINESS = re.compile(
    r"\b(?:"
    r"account|acqui|address|advis|amend|amount|applica|apprais|approv|asset|atm|audit|balance|bank|"
    r"benefici|bill|borrow|branch|broker|budget|business|buyer|card|cash|charge|check|cheque|"
    r"client|closing|collateral|compan|complian|condition|confirm|contract|copy|cost|covenant|credit|"
    r"currenc|custom|date|deadline|debt|decline|deed|default|delay|deliver|denie|deny|deposit|"
    r"discharge|document|due|earn|employ|equity|escrow|estate|exchange|expens|fee|file|financ|form|"
    r"fraud|fund|guarant|home|house|identi|income|instal|insur|interest|invest|invoice|job|"
    r"landlord|lease|ledger|lend|letter|licen|lien|limit|loan|mastercard|maturity|money|month|"
    r"mortgage|neighbo|notar|offer|office|overdraft|overtime|own|paid|passport|pay|penalt|pending|"
    r"pension|phone|policy|portfolio|premium|price|principal|profit|propert|purchas|rate|receipt|"
    r"receiv|record|refinanc|refund|register|rent|repair|repay|report|requir|revenue|risk|salar|"
    r"sale|saving|schedul|sell|send|settle|share|sign|statement|stock|submit|supplier|tax|tenant|"
    r"term|title|top-? ?up|transact|transfer|trust|underwrit|valuation|value|verif|visa|wage|"
    r"withdraw|work|year"
    r")[a-z]*\b"
)


def by_place(reading: str) -> Detection:
    """Whether one sentence of a reading is a task that has nothing to do with the others."""
    said = SENTENCE.split(reading)
    if not FEWEST <= len(said) <= MOST:
        return NOTHING
    return next((Detection(RULE, SAYS) for n in _tasks(said) if _foreign(said, n)), NOTHING)


def _tasks(said: Sequence[str]) -> Iterator[int]:
    for n, each in enumerate(said):
        if len(each) <= LONGEST and TASK.match(each) and not OWN.search(each) and not BUSINESS.search(each):
            yield n


def _foreign(said: Sequence[str], number: int) -> bool:
    """Whether a sentence shares hardly a word with the others; one that says next to nothing is not foreign."""
    about = _stems(TASK_BEGINS.sub("", said[number], count=1))
    others = {stem for n, each in enumerate(said) if n != number for stem in _stems(each)}
    return len(about - others) >= max(SAYS_ENOUGH, 2 * len(about & others))


def _stems(sentence: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(IDLE.sub("", sentence)) if len(word) >= SHORTEST}
