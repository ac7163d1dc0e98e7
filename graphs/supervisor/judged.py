"""What a judgement comes to as a fact of a table: supported, spoken against, left open, or never asked. Pure.

Owns reading that from findings, for the tables that name the judgement. A judgement that does not count (unclear,
not sure enough, overturned, not reviewed, left by a playbook) is ``open``: never an answer. Never weighs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agents.prompt import read_prompt
from agents.roster import ROSTER
from domain.finding import Finding
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
    """The answer of all who were asked; where they do not agree it is open."""
    answers = {counted(code, each, sure_enough) for each in findings} - {"not_asked"}
    if len(answers) > 1:
        return "open"
    return answers.pop() if answers else "not_asked"


def counted(code: str, finding: Finding, sure_enough: int) -> Answered:
    """One finding's answer; it is open where nobody gave one that counts. ``sure_enough`` in basis points."""
    gaps = {gap.code.partition(":")[0] for gap in finding.gaps if gap.code.endswith(f":{code}")}
    given = next((each for each in finding.judgements if each.code == code), None)
    if given is None:
        return "open" if "judgement" in gaps else "not_asked"
    doubtful = given.confidence_bps < sure_enough or bool(gaps & {"overturned", "unreviewed"})
    match given.answer:
        case "supports" | "does_not_support" if not doubtful:
            return given.answer
        case _:
            return "open"
