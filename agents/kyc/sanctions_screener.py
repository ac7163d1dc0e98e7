"""Sanctions screener: whether any party may be a listed person.

Owns the status that follows from screening and the hold on a potential match. Never clears a potential
match, whatever a model judges: that is for compliance.
"""

from __future__ import annotations

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from domain.assignment import Assignment
from domain.finding import Flag, Gap, Severity
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every party, one by one."""
    for party in assignment.parties:
        await call("screen_party", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """One potential match is enough for the status; clear takes a screening of every party.

    Rule: a potential match raises ``potential_sanctions_match``, which holds the case, and asks for
    ``same_person``. A party without a screening is a gap for a person, never clear.
    """
    answers = {answer.result["party"]: answer for answer in evidence.of("screen_party")}
    gaps = tuple(gap for party in assignment.parties for gap in _gaps(party, answers.get(party)))
    matched = [each for each in answers.values() if each.result["potential_matches"]]
    if matched:
        return Conclusion(
            "A party may be a listed person.",
            figures=(figure("sanctions_status", "potential_match", "code", matched[0]),),
            flags=tuple(_held(answer) for answer in matched),
            gaps=gaps,
            asks=("same_person",),
        )
    if gaps or not answers:
        return Conclusion("Not every party is screened.", gaps=gaps)
    clear = figure("sanctions_status", "clear", "code", next(iter(answers.values())))
    return Conclusion("No party is like a listed person.", figures=(clear,))


def _gaps(party: str, answer: ToolAnswer | None) -> tuple[Gap, ...]:
    if answer is not None and answer.result["screened"]:
        return ()
    why = f": {answer.result['problem']}" if answer else ""
    return (Gap(code="unscreened:party", detail=f"{party} is not screened{why}", needs="person"),)


def _held(answer: ToolAnswer) -> Flag:
    result = answer.result
    matches = [f"{each['entry_number']} (score {each['score']})" for each in result["potential_matches"]]
    detail = f"{result['party']} is like entry {', '.join(matches)} of list {result['list_version'][:12]}"
    return flag("potential_sanctions_match", detail, answer, Severity.SERIOUS, hold=True)


SPECIALIST = Specialist(
    job="sanctions_screener",
    worker="kyc",
    provides=("sanctions_status",),
    needs=(),
    tools=("screen_party",),
    required=("screen_party",),
    records=("ownership_record",),
    gather=gather,
    conclude=conclude,
    per_party=True,
    raises=("potential_sanctions_match", "unscreened:party"),
)
