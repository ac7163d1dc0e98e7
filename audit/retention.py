"""Events of keeping and erasing, and what the record of a case says about which record classes it holds. Pure.

Never decides how long anything is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from audit.chain import Entry
from audit.events import Event
from domain.chat import CHAT
from domain.clock import parse_time
from domain.retention import Begins, RecordClass

GOVERNED = ("policy_change", "autonomy_raise")
REGISTERS = ("lar_review",)
IDENTIFIES = ("document_verifier", "ubo_tracer", "sanctions_screener", "risk_rater")
OF_SANCTIONS = frozenset({"potential_sanctions_match", "blocked_ownership"})
LENDS, ENTERS = "book_offer", "register_entry"
GOOD = "approved"
ENDS = ("case_closed", "referral_settled")
CONVERSES = ("case_opened", "question_asked", "question_answered", "question_refused", "lead_offered")


class LegalHoldPlaced(Event):
    """Nothing of the target is erased any more, for the sake of a matter."""

    vouches: ClassVar[str] = "hold/{target}/{matter}/{at}"

    target: str
    matter: str
    at: str
    reason: str


class LegalHoldLifted(Event):
    """The matter does not hold the target any more."""

    vouches: ClassVar[str] = "hold/{target}/{matter}/{at}"

    target: str
    matter: str
    at: str  # when it was placed
    reason: str


class RelationshipEnded(Event):
    """The account was closed or the loan repaid: periods that count from there begin."""

    on: str
    reason: str


class ErasureAsked(Event):
    """Somebody asks to erase the case; another person carries it out."""

    vouches: ClassVar[str] = "erasure"

    reason: str
    erasable_from: str
    duties: tuple[str, ...]  # class:row, each that was weighed


class CaseErased(Event):
    """The key of the case was destroyed: nothing that lies under it can be read again."""

    vouches: ClassVar[str] = "erasure"

    asked_by: str
    with_copies: tuple[str, ...]  # what-if copies whose keys went with it
    marks: int  # entries of the blind index that are gone


def classes_of(kind: str, entries: Iterable[Entry]) -> frozenset[RecordClass]:
    """Which record classes a case holds something of, by what its record tells."""
    if kind == CHAT:
        return frozenset({RecordClass.CONVERSATION})
    if kind in GOVERNED:
        return frozenset({RecordClass.GOVERNANCE})
    if kind in REGISTERS:
        return frozenset({RecordClass.REGISTER})
    return frozenset({RecordClass.APPLICATION}).union(*map(_told_by, entries))


def begun(kind: str, entries: Iterable[Entry]) -> dict[Begins, date]:
    """From which days periods count; what is missing has not begun."""
    told = list(entries)
    found: dict[Begins, date] = {}
    ending = CONVERSES if kind == CHAT else ENDS if _is_over(told) else ()
    if ends := [each for each in told if each.kind in ending]:
        found[Begins.CASE_ENDED] = max(parse_time(each.at).date() for each in ends)
    days = [date.fromisoformat(each.body["on"]) for each in told if each.kind == "relationship_ended"]
    if days:
        found[Begins.RELATIONSHIP_ENDED] = days[-1]  # the newest word counts: an earlier one was corrected
    return found


def _is_over(told: list[Entry]) -> bool:
    """Closed, or referred and settled by a person."""
    kinds = {each.kind for each in told}
    return "referral_settled" in kinds if "case_referred" in kinds else "case_closed" in kinds


def _told_by(entry: Entry) -> frozenset[RecordClass]:
    match entry.kind:
        case "finding_returned":
            return frozenset(_found(entry))
        case "matches_cleared":
            return frozenset({RecordClass.SANCTIONS})
        case "effect_confirmed" if entry.body["effect"] == LENDS:
            return frozenset({RecordClass.CREDIT})
        case "effect_confirmed" if entry.body["effect"] == ENTERS:
            return frozenset({RecordClass.REGISTER})
        case "case_closed" if entry.body["outcome"] == GOOD:
            return frozenset({RecordClass.CUSTOMER})
        case _:
            return frozenset()


def _found(entry: Entry) -> Iterable[RecordClass]:
    job, holds = entry.body["specialist"], set(entry.body["holds"])
    if job in IDENTIFIES:
        yield RecordClass.VERIFICATION
    if holds & OF_SANCTIONS:
        yield RecordClass.SANCTIONS
    if job == "filing_preparer" and holds:
        yield RecordClass.REPORT
