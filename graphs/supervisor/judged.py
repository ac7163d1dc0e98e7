"""What a judgement comes to as a fact of a table: supported, spoken against, left open, or never asked. Pure.

Owns reading that from findings, for the tables that name the judgement. A judgement that does not count (unclear,
not sure enough, overturned, not reviewed, left by a playbook) is ``open``: never an answer. Never weighs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.finding import Finding, Judgement
from policies.book import InForce

Answered = Literal["not_asked", "supports", "does_not_support", "open"]
JUDGEMENTS = frozenset(
    question.code
    for each in ROSTER.values()
    if each.audience == "case"  # what is sealed for compliance may show in no table
    for question in read_prompt(each.prompt_file).front.judgement
)
"""Codes that a table may name."""


def judged(book: InForce, findings: Sequence[Finding]) -> dict[str, Answered]:
    """The answer to each judgement that a table of the book names."""
    named = JUDGEMENTS & {*book.decision.inputs, *book.authority.inputs}
    sure_enough = book.rules.judgements.sure_enough_percent * 100
    return {code: _answered(code, findings, sure_enough) for code in sorted(named)}


def _answered(code: str, findings: Sequence[Finding], sure_enough: int) -> Answered:
    """One answer where several were asked: supported only if all are, spoken against only by one that counts."""
    gaps = {gap.code for finding in findings for gap in finding.gaps}
    given = [each for finding in findings for each in finding.judgements if each.code == code]
    if gaps & {f"overturned:{code}", f"unreviewed:{code}"}:
        return "open"
    if f"judgement:{code}" not in gaps:
        return "supports" if given else "not_asked"
    against = any(each.answer == "does_not_support" for each in given)
    return "does_not_support" if against and all(_sure(each, sure_enough) for each in given) else "open"


def _sure(each: Judgement, sure_enough: int) -> bool:
    return each.answer != "unclear" and each.confidence_bps >= sure_enough
