"""Sanctions screener: whether any party may be a listed person, politically exposed or adversely reported on.

Owns the statuses that follow from screening and the hold on a potential sanctions match. Never clears a
potential match, whatever a model judges: that is for compliance. Exposure and reports hold nothing: they are
risk factors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.contract import CallTool, Conclusion, Evidence, Specialist, figure, flag
from domain.assignment import Assignment
from domain.finding import Figure, Flag, Gap, Severity
from tools.gateway import ToolAnswer


async def gather(assignment: Assignment, call: CallTool) -> None:
    """Every party, one by one, against sanctions first."""
    for party in assignment.parties:
        await call("screen_party", {"party": party})
        await call("party_reputation", {"party": party})


def conclude(assignment: Assignment, evidence: Evidence) -> Conclusion:
    """One match is enough for a status; clear takes a screening of every party.

    Rule: a potential match raises ``potential_sanctions_match``, which holds the case, and asks for
    ``same_person``. A match that compliance cleared before for the same person and the same version of the
    entry is flagged and holds nothing. An office or a report is flagged; a report asks for
    ``report_about_this_person``. A party without a screening is a gap for a person, never clear.
    """
    screened, reputations = _by_party(evidence, "screen_party"), _by_party(evidence, "party_reputation")
    gaps = [gap for party in assignment.parties for gap in _gaps(party, screened.get(party), "sanctions")]
    unread = [
        gap for party in assignment.parties for gap in _gaps(party, reputations.get(party), "reputation")
    ]
    matched = [each for each in screened.values() if each.result["potential_matches"]]
    exposed = [each for each in reputations.values() if each.result["offices"]]
    reported = [each for each in reputations.values() if each.result["reports"]]
    asks = (*(("same_person",) if matched else ()), *(("report_about_this_person",) if reported else ()))
    return Conclusion(
        _words(bool(matched), bool(gaps or unread)),
        figures=(
            *_status("sanctions_status", "potential_match", matched, () if gaps else screened.values()),
            *_status("pep_status", "potential", exposed, () if unread else reputations.values()),
            *_status("adverse_media", "reported", reported, () if unread else reputations.values()),
        ),
        flags=tuple(_flags(screened.values(), reputations.values())),
        gaps=(*gaps, *unread),
        asks=asks,
    )


def _by_party(evidence: Evidence, tool: str) -> dict[str, ToolAnswer]:
    return {answer.result["party"]: answer for answer in evidence.of(tool)}


def _status(
    name: str, bad: str, hits: Sequence[ToolAnswer], complete: Iterable[ToolAnswer]
) -> tuple[Figure, ...]:
    """Bad as soon as one party is; clear by the first of a complete round of answers; else nothing."""
    if hits:
        return (figure(name, bad, "code", hits[0]),)
    return tuple(figure(name, "clear", "code", answer) for answer in list(complete)[:1])


def _words(matched: bool, incomplete: bool) -> str:
    if matched:
        return "A party may be a listed person."
    return "Not every party is screened." if incomplete else "No party is like a listed person."


def _gaps(party: str, answer: ToolAnswer | None, of: str) -> tuple[Gap, ...]:
    if answer is not None and answer.result["screened"]:
        return ()
    why = f": {answer.result['problem']}" if answer else ""
    return (Gap(code=f"unscreened:{of}", detail=f"{party} is not screened ({of}){why}", needs="person"),)


def _flags(screened: Iterable[ToolAnswer], reputations: Iterable[ToolAnswer]) -> Iterable[Flag]:
    for answer in screened:
        if answer.result["potential_matches"]:
            yield _held(answer)
        for match in answer.result["cleared_matches"]:
            detail = (
                f"{answer.result['party']} is like entry {match['entry_number']} (score {match['score']}): "
                f"cleared before by {match['cleared_by']}{_until(match)}, and the entry has not changed since"
            )
            yield flag("cleared_before", detail, answer)
    for answer in reputations:
        for office in answer.result["offices"]:
            detail = f"{answer.result['party']} may be exposed: {office['office']} (score {office['score']})"
            yield flag("political_exposure", detail, answer)
        for report in answer.result["reports"]:
            entry = f"{report['category']}, entry {report['entry_number']} (score {report['score']})"
            yield flag("adverse_media", f"{answer.result['party']} may be reported on: {entry}", answer)


def _held(answer: ToolAnswer) -> Flag:
    result = answer.result
    matches = [_match(each) for each in result["potential_matches"]]
    detail = f"{result['party']} is like entry {', '.join(matches)} of list {result['list_version'][:12]}"
    return flag("potential_sanctions_match", detail, answer, Severity.SERIOUS, hold=True)


def _match(each: Mapping[str, Any]) -> str:
    lapsed = f"; {each['lapsed_by']} cleared it{_until(each)}" if each.get("lapsed_by") else ""
    return f"{each['entry_number']} (score {each['score']}{lapsed})"


def _until(each: Mapping[str, Any]) -> str:
    """Empty for answers that were journaled when clearances had no term."""
    return f" until {each['cleared_until']}" if each.get("cleared_until") else ""


SPECIALIST = Specialist(
    job="sanctions_screener",
    worker="kyc",
    provides=("sanctions_status", "pep_status", "adverse_media"),
    needs=(),
    tools=("screen_party", "party_reputation"),
    required=("screen_party", "party_reputation"),
    records=("ownership_record",),
    gather=gather,
    conclude=conclude,
    per_party=True,
    raises=(
        "potential_sanctions_match",
        "cleared_before",
        "political_exposure",
        "adverse_media",
        "unscreened:sanctions",
        "unscreened:reputation",
    ),
)
