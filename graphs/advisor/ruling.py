"""What the book says about a message or an answer, and the words in which it is refused. Pure."""

from __future__ import annotations

from domain.chat import ChatAnswer, Segment
from domain.decision import Outcome
from domain.finding import Fact
from graphs.advisor.state import Ruled
from policies.book import InForce

CHAT_FACTS = frozenset({"asker_listed", "questions_today", "asked_for", "answer_traced", "answer_wording"})


def ruled(book: InForce, known: dict[str, Fact]) -> Ruled:
    """The table's answer: anything but a sure approval is a refusal, with the first reason of the rows hit."""
    found = book.decision.evaluate(known)
    declined = [str(each["reason"]) for each in found.answers if each["outcome"] == "decline"]
    sure = not found.unknown and not declined and bool(found.answers)
    outcome = Outcome.APPROVE if sure else Outcome.DECLINE
    reason = None if sure else (declined[0] if declined else "evasion")
    return Ruled(outcome=outcome.value, reason=reason, rows=list(found.rows_hit))


def refusal(book: InForce, reason: str) -> ChatAnswer:
    """The refusal in the book's words: why, and what to do instead."""
    offers = book.parameters.get("instead")
    rows = offers if isinstance(offers, list) else []
    offer = next((str(row["offer"]) for row in rows if row.get("reason") == reason), "")
    words = f"{book.rules.reasons[reason]} {offer}".strip()
    return ChatAnswer(segments=(Segment(text=words),), refused=reason, produced_by="policy")
