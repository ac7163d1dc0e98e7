"""Record classes: what a case holds, as laws about keeping see it, and from when each begins to run out.

Owns the words. How long each is kept is the book's matter; whether it still is, ``policies/retention``'s.
"""

from __future__ import annotations

from enum import StrEnum


class RecordClass(StrEnum):
    """What is kept; a case falls into each class of which it holds something."""

    APPLICATION = "application"
    """What was applied for, what it was judged by, and what the applicant was told."""
    VERIFICATION = "verification"
    """How it was verified who somebody is."""
    CUSTOMER = "customer"
    """Who somebody is that became a customer."""
    CREDIT = "credit"
    """That credit was given, and on what."""
    SANCTIONS = "sanctions"
    """A match with a list of sanctions, whatever came of it."""
    REPORT = "report"
    """A draft of a report to the authorities, with what supports it."""
    REGISTER = "register"
    """An entry of a register that is handed in, or a whole register."""
    CONVERSATION = "conversation"
    """What was said in a chat."""
    GOVERNANCE = "governance"
    """How the house's own rules were changed."""


class Begins(StrEnum):
    """From when a period counts."""

    CASE_ENDED = "case_ended"
    """The case ended, its referral settled; of a chat: the last word."""
    RELATIONSHIP_ENDED = "relationship_ended"
    """The account was closed or the loan repaid, as somebody told who may; until then it does not begin."""
