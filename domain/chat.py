"""What passes between an advisor and the chat: an answer in segments, what it cites, and what it leads to.

Plain types. Text here is tokenised: an identity stands as its vault token.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.identity import Record

CHAT = "advisor"  # the case kind of a chat thread


class Citation(Record):
    """Where something that an answer says can be looked up."""

    ref: str  # as segments cite it, e.g. ``home_loan-0123456789ab#dti_back_bps``
    case: str | None = None  # the case it belongs to; none for the bank's own sheet
    what: str  # in words: the figure, the policy row, the request
    value: str = ""  # as people read it; empty for what has no value
    source: str  # journal entry, ``application``, approval id, or book version with the row's source


class Segment(Record):
    """A piece of an answer that was checked as a whole, with what it rests on."""

    text: str
    cites: tuple[str, ...] = ()


class Lead(Record):
    """The governed way to what was asked to be done: opened, or shown to whoever may do it."""

    kind: Literal["opened", "decide", "fork"]
    what: str  # in words
    case: str | None = None
    link: str = ""  # address under ``/v1``
    command: str = ""  # the same at a terminal


class ChatAnswer(Record):
    """One answer; ``refused`` carries the code of the reason when policy did not let it be given."""

    segments: tuple[Segment, ...]
    citations: tuple[Citation, ...] = ()
    leads: tuple[Lead, ...] = ()
    refused: str | None = None
    produced_by: Literal["model", "certified", "policy", "none"] = "none"
    degraded: bool = False  # a model was configured and its answer could not be used
    tools: tuple[str, ...] = ()
    traced: bool = True  # every figure and reference comes from a tool result

    @property
    def text(self) -> str:
        """The whole answer as one text."""
        return "\n\n".join(segment.text for segment in self.segments)


class AmendmentWish(Record):
    """A change to a loan that somebody asked for in words: references only, values stay in the vault."""

    product: Literal["due_date_change", "fee_refund"]
    like: str  # the case whose borrowers and consent it is for
    thread: str  # where it was asked
    account: str | None = None  # token of the loan account in the thread's vault; none: that of the case
    amount_cents: int = 0
    new_due_day: int | None = None


class Turn(Record):
    """One message of a thread with its answer, if it has one by now."""

    thread: str
    n: int  # from 1
    message: str  # tokenised
    person: str  # who asked
    groups: tuple[str, ...]  # their directory groups when they asked
    asked_at: datetime
    answer: ChatAnswer | None = None
