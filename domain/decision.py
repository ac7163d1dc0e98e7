"""Outcomes and verbs: what policy concludes and what a person may say to it."""

from __future__ import annotations

from enum import StrEnum

from domain.finding import Fact
from domain.identity import Record


class Outcome(StrEnum):
    """What policy concludes; worst wins in the order of ``WORST_FIRST``."""

    HOLD = "hold"  # compliance must look before anything else happens
    DECLINE = "decline"
    REFER = "refer"  # a person decides; nothing is recommended
    APPROVE = "approve"


WORST_FIRST = (Outcome.HOLD, Outcome.DECLINE, Outcome.REFER, Outcome.APPROVE)


def worst(outcomes: list[Outcome]) -> Outcome:
    """The most severe outcome; ``refer`` when there is none (deny by default)."""
    return min(outcomes, key=WORST_FIRST.index) if outcomes else Outcome.REFER


class Verb(StrEnum):
    """What an approver may do."""

    APPROVE = "approve"
    REJECT = "reject"
    EDIT = "edit"  # a changed action, judged by policy again
    RETURN = "return_for_information"
    OVERRIDE = "override"  # against policy, at higher authority, with a reason code


class Decision(Record):
    """Policy's conclusion over verified facts."""

    outcome: Outcome
    rows_hit: tuple[str, ...]
    principal_reasons: tuple[str, ...] = ()  # at most four, those really used (12 CFR 1002.9(b)(2))
    conditions: tuple[str, ...] = ()  # as people read them
    condition_codes: tuple[str, ...] = ()  # those of them that are tracked; codes of the book
    unknown: tuple[str, ...] = ()
    facts: dict[str, Fact]
    policy_version: str
