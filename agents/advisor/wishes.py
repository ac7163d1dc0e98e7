"""What a message asks to have done. Reads the wish, never grants it: code offers the governed way. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from agents.advisor.reading import Message
from domain.identity import Record

REFUND = re.compile(r"\b(refund|waive|reverse|give back|pay back|credit back|return)\b.{0,40}\bfees?\b", re.I)
DUE_DATE = re.compile(
    r"\b(change|move|shift|set|push|postpone|put)\b.{0,40}\b(due[- ]?(date|day)|payment (date|day))\b", re.I
)
ASKING = r"(?:^|[.!;,]\s*|\band )(?:please |now |just |go ahead and |can you |could you |would you |i want you to )*"
DECIDE = re.compile(rf"{ASKING}(approve|countersign|sign|reject|decline|deny|clear|confirm|release)\b", re.I)
DO = re.compile(
    rf"{ASKING}(change|set|raise|lower|increase|reduce|waive|delete|cancel|close|update|correct|submit|book|fund|pay|"
    r"transfer|override|escalate|reassign|remove)\b",
    re.I,
)
QUESTION = re.compile(
    r"^\s*(what|which|where|why|who|how|is|are|was|were|does|did|do|has|have|would)\b", re.I
)
DAY = re.compile(r"\b(?:to|on|the|day) (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*%)", re.I)
LAST_DUE_DAY = 28


class Wish(Record):
    """Something that is to be done, as it was said."""

    kind: Literal["fee_refund", "due_date_change", "decide", "other"]
    verb: str
    amount_cents: int | None = None
    new_due_day: int | None = None
    account: str | None = None  # token


def read_wish(message: Message) -> Wish | None:
    """The first wish of a message; nothing when it only asks questions."""
    wishes = (_wish(each.text, message) for each in message.clauses)
    return next((each for each in wishes if each is not None), None)


def _wish(text: str, message: Message) -> Wish | None:
    if QUESTION.match(text):
        return None
    account = next((each for each in message.tokens if "_account_number_" in each), None)
    if match := REFUND.search(text):
        return Wish(kind="fee_refund", verb=match[1].lower(), amount_cents=_amount(message), account=account)
    if match := DUE_DATE.search(text):
        return Wish(kind="due_date_change", verb=match[1].lower(), new_due_day=_day(text), account=account)
    if match := DECIDE.search(text):
        return Wish(kind="decide", verb=match[1].lower())
    match = DO.search(text)
    return Wish(kind="other", verb=match[1].lower()) if match else None


def _amount(message: Message) -> int | None:
    reference = message.figure("amount")
    figure = next((each for each in message.figures if each.reference == reference), None)
    if figure is None:
        return None
    cents = Decimal(figure.value) * (1 if figure.unit == "cents" else 100)
    return int(cents) if cents == int(cents) and cents > 0 else None


def _day(text: str) -> int | None:
    match = DAY.search(text)
    day = int(match[1]) if match else 0
    return day if 1 <= day <= LAST_DUE_DAY else None
